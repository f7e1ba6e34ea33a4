//! How many runs failed, passed, or do not say.

use super::{Findings, Outcome};

/// Counts of runs; the four add up to all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    pub failed: usize,
    pub passed: usize,
    pub unknown: usize,
    /// Runs given as passing to compare with, whatever they say.
    pub baseline: usize,
}

impl Outcomes {
    /// Adds up the outcomes of the runs in `findings`.
    pub fn of(findings: &Findings) -> Self {
        if findings.runs.is_empty() {
            // Documents of the first schema tell of sources only.
            let sources = findings.sources.iter();
            return sources.fold(Self::default(), |sum, source| sum.with(source.baseline, source.outcome));
        }
        findings.runs.iter().fold(Self::default(), |sum, run| sum.with(run.baseline, run.outcome))
    }

    /// Returns how many runs were looked at for failures.
    pub fn examined(self) -> usize {
        self.failed + self.passed + self.unknown
    }

    fn with(mut self, baseline: bool, outcome: Outcome) -> Self {
        let count = match (baseline, outcome) {
            (true, _) => &mut self.baseline,
            (false, Outcome::Fail) => &mut self.failed,
            (false, Outcome::Pass) => &mut self.passed,
            (false, Outcome::Unknown) => &mut self.unknown,
        };
        *count += 1;
        self
    }
}
