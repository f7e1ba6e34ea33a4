//! The weights of all evidence, read from the one file that holds them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// Natural-log odds by cause.
pub type ByCause = BTreeMap<String, f64>;

/// What is added to the score of each cause, as `tools/fit_causes.py` left it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Divides every score before they become probabilities.
    pub temperature: f64,
    /// Natural logs of how often each cause is met, up to a constant.
    pub prior: ByCause,
    /// What each family's weights are multiplied by; 1 where it is not named.
    pub scale: BTreeMap<String, f64>,
    /// By the name of the event's kind.
    pub kind: BTreeMap<String, ByCause>,
    /// By the name of the clue.
    pub clue: BTreeMap<String, ByCause>,
    /// By the name of what was found by comparing times or runs.
    pub finding: BTreeMap<String, ByCause>,
}

/// The odds of a cause that the file does not name.
const LEAST: f64 = -3.0;

impl Weights {
    /// Returns the weights that are part of this program.
    pub fn embedded() -> &'static Self {
        static WEIGHTS: OnceLock<Weights> = OnceLock::new();
        WEIGHTS.get_or_init(|| {
            toml::from_str(include_str!("weights.toml"))
                .unwrap_or_else(|error| unreachable!("the tests read the weights: {error}"))
        })
    }

    /// Returns the natural-log odds of a cause before any evidence; low for one that has none.
    pub fn prior_of(&self, cause: &str) -> f64 {
        self.prior.get(cause).copied().unwrap_or(LEAST)
    }

    /// Returns what `family`'s weights are multiplied by.
    pub fn scale(&self, family: &str) -> f64 {
        self.scale.get(family).copied().unwrap_or(1.0)
    }
}
