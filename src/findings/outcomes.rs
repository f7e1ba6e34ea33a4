//! How many logs failed, passed, or do not say.

use super::{Findings, Outcome, SourceSummary};

/// Counts of logs; the four add up to all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    pub failed: usize,
    pub passed: usize,
    pub unknown: usize,
    /// Logs given as passing runs to compare with, whatever they say.
    pub baseline: usize,
}

impl Outcomes {
    /// Adds up the outcomes of the logs in `findings`.
    pub fn of(findings: &Findings) -> Self {
        findings.sources.iter().fold(Self::default(), Self::with)
    }

    /// Returns how many logs were looked at for failures.
    pub fn examined(self) -> usize {
        self.failed + self.passed + self.unknown
    }

    fn with(mut self, source: &SourceSummary) -> Self {
        let count = match (source.baseline, source.outcome) {
            (true, _) => &mut self.baseline,
            (false, Outcome::Fail) => &mut self.failed,
            (false, Outcome::Pass) => &mut self.passed,
            (false, Outcome::Unknown) => &mut self.unknown,
        };
        *count += 1;
        self
    }
}
