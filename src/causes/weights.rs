//! The weights of all evidence, read from the one file that holds them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::facts::clues::Family;
use crate::facts::failures::Kind;
use crate::rules::table;
use crate::signatures::Cause;

/// Natural-log odds by cause.
pub type ByCause = BTreeMap<Cause, f64>;

/// What is added to the score of each cause, as `tools/fit_causes.py` left it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Divides every score before they become probabilities.
    pub temperature: f64,
    /// Natural logs of how often each cause is met, up to a constant.
    pub prior: ByCause,
    /// What each family's weights are multiplied by; 1 where it is not named.
    pub scale: BTreeMap<Family, f64>,
    /// By the event's kind.
    pub kind: BTreeMap<Kind, ByCause>,
    /// By the name of the clue.
    pub clue: BTreeMap<String, ByCause>,
    /// By the name of what was found by comparing times or runs.
    pub finding: BTreeMap<String, ByCause>,
}

/// Returns how much a clue says at the most, for whichever cause.
pub fn clue_weight(name: &str) -> f64 {
    let weights = Weights::embedded().clue.get(name);
    weights.into_iter().flat_map(|weights| weights.values()).copied().fold(0.0, f64::max)
}

/// The odds of a cause that the file does not name.
const LEAST: f64 = -3.0;

impl Weights {
    /// Returns the weights that are part of this program.
    pub fn embedded() -> &'static Self {
        static WEIGHTS: OnceLock<Weights> = OnceLock::new();
        WEIGHTS.get_or_init(|| table!("weights").read())
    }

    /// Returns the natural-log odds of a cause before any evidence; low for one that has none.
    pub fn prior_of(&self, cause: Cause) -> f64 {
        self.prior.get(&cause).copied().unwrap_or(LEAST)
    }

    /// Returns what `family`'s weights are multiplied by.
    pub fn scale(&self, family: Family) -> f64 {
        self.scale.get(&family).copied().unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::clues::Clues;

    #[test]
    fn every_clue_has_weights_and_every_weight_a_clue() {
        let clues = Clues::embedded();
        let mut named: Vec<&str> = clues.all.iter().map(|clue| clue.name.as_str()).collect();
        named.sort_unstable();
        let weights = Weights::embedded();
        assert_eq!(named, weights.clue.keys().map(String::as_str).collect::<Vec<_>>());
        for (cause, weight) in weights.clue.values().chain(weights.kind.values()).flatten() {
            assert!(weight.abs() <= 3.0, "{cause} weighs {weight}");
        }
        assert_eq!(weights.prior.len(), Cause::ALL.len(), "every cause has a prior");
        assert_eq!(weights.kind.len(), Kind::ALL.len(), "every kind has its weights");
    }
}
