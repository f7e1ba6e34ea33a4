//! One attempt of a job.

use super::identity::Identity;
use super::test_results::Tests;
use crate::facts::Outcome;

/// One attempt of a job, with all its sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The CI system's id of the job, or else 12 hex digits of the names of its sources.
    pub id: String,
    pub identity: Identity,
    pub outcome: Outcome,
    pub because: Option<String>,
    /// The address of its page at the CI system, where a document tells it.
    pub url: Option<String>,
    /// Nanoseconds since 1970.
    pub began: Option<i64>,
    pub ended: Option<i64>,
    /// True if the user gave it as a run that passed.
    pub baseline: bool,
    /// In the order of their names.
    pub sources: Vec<String>,
    /// Why the sources belong together, and which documents tell more.
    pub steps: Vec<Step>,
    pub tests: Tests,
    pub commands: Vec<String>,
}

/// One reason for which a source belongs to a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub source: String,
    pub why: String,
}

impl Run {
    /// Returns true if the run counts among those that passed.
    pub fn passed(&self) -> bool {
        self.baseline || self.outcome == Outcome::Pass
    }
}
