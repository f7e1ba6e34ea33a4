//! One thing that speaks for or against a cause.

use super::weights::ByCause;
use crate::signatures::CAUSES;

/// How firmly something is known. The names stand in the JSON output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// No more than a guess.
    Hypothesis,
    /// A known pattern.
    Heuristic,
    /// Holds against passing runs after correction for the number of comparisons.
    Statistical,
    /// A line says so.
    Explicit,
}

impl Grade {
    /// Returns the name that stands in the JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hypothesis => "hypothesis",
            Self::Heuristic => "heuristic",
            Self::Statistical => "statistical",
            Self::Explicit => "explicit",
        }
    }
}

/// One contribution to the score of one cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Each family counts once for a cause.
    pub family: &'static str,
    /// One of [`crate::signatures::CAUSES`].
    pub cause: &'static str,
    /// Natural-log odds that it adds; negative against.
    pub weight: f64,
    pub text: String,
    /// The log and the 1-based line that show it, where one does.
    pub place: Option<(String, u64)>,
    pub grade: Grade,
}

/// The families of evidence: those that the lines of one log give, then those that need several runs.
const FAMILIES: [&str; 25] = [
    "known",
    "kind",
    "limits",
    "actors",
    "state",
    "chance",
    "values",
    "memory",
    "resources",
    "network",
    "machinery",
    "machine",
    "device",
    "build",
    "clock",
    "pace",
    "stacks",
    "collective",
    "straggler",
    "order",
    "sequence",
    "places",
    "room",
    "stops",
    "runs",
];

/// What was noticed, before it is weighed.
pub struct Notice<'a> {
    pub family: &'a str,
    pub text: &'a str,
    pub place: Option<(String, u64)>,
    pub grade: Grade,
    /// From 0 to 1: how much of its weights it has.
    pub share: f64,
}

impl Notice<'_> {
    /// Returns what this says about each cause of which `weights` speaks.
    pub fn weighed(&self, weights: Option<&ByCause>) -> Vec<Evidence> {
        let evidence = |(cause, weight): (&String, &f64)| {
            Some(Evidence {
                family: FAMILIES.iter().find(|known| **known == self.family)?,
                cause: CAUSES.iter().find(|known| *known == cause)?,
                weight: weight * self.share,
                text: self.text.to_owned(),
                place: self.place.clone(),
                grade: self.grade,
            })
        };
        weights.into_iter().flatten().filter_map(evidence).collect()
    }
}
