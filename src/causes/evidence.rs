//! One thing that speaks for or against a cause.

use super::weights::ByCause;
pub use crate::facts::clues::Family;
use crate::signatures::Cause;

words! {
    /// How firmly something is known.
    Grade {
        /// No more than a guess.
        Hypothesis = "hypothesis",
        /// A known pattern.
        Heuristic = "heuristic",
        /// Holds against passing runs after correction for the number of comparisons.
        Statistical = "statistical",
        /// A line says so.
        Explicit = "explicit",
        /// An experiment showed it: no log gives this grade.
        Confirmed = "confirmed",
    }
}

/// One contribution to the score of one cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Each family counts once for a cause.
    pub family: Family,
    pub cause: Cause,
    /// Natural-log odds that it adds; negative against.
    pub weight: f64,
    pub text: String,
    /// The log and the 1-based line that show it, where one does.
    pub place: Option<(String, u64)>,
    pub grade: Grade,
}

/// What was noticed, before it is weighed.
pub struct Notice<'a> {
    pub family: Family,
    pub text: &'a str,
    pub place: Option<(String, u64)>,
    pub grade: Grade,
    /// From 0 to 1: how much of its weights it has.
    pub share: f64,
}

impl Notice<'_> {
    /// Returns what this says about each cause of which `weights` speaks.
    pub fn weighed(&self, weights: Option<&ByCause>) -> Vec<Evidence> {
        let evidence = |(cause, weight): (&Cause, &f64)| Evidence {
            family: self.family,
            cause: *cause,
            weight: weight * self.share,
            text: self.text.to_owned(),
            place: self.place.clone(),
            grade: self.grade,
        };
        weights.into_iter().flatten().map(evidence).collect()
    }
}
