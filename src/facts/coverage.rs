//! How much of a source was looked at, and what was left out by which bound.

use std::ops::AddAssign;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much was looked at. Counted where the work is done, not taken from the size of the source: that both agree is
/// what shows that nothing was skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Bytes in which lines were sought.
    pub bytes_scanned: u64,
    /// Lines that were found in them.
    pub lines_scanned: u64,
    /// Lines that hold a word worth a second look.
    pub lines_matched: u64,
    /// Different forms among these.
    pub forms: u64,
    /// Lines of which the words were read.
    pub lines_read_closely: u64,
    /// Bounds that left something out, each once, in the order of their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<Cut>,
}

/// One bound that left something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Cut {
    pub bound: Bound,
    /// How many the bound lets through.
    pub at: u64,
    /// How many more there were.
    pub left_out: u64,
}

/// What a bound limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// Bytes of one line that are read for their words.
    LineBytes,
    /// Forms that are told apart of the lines that matched; the lines of all others are left out.
    MatchedLines,
    /// Forms of lines that are read closely.
    Forms,
    /// Failures of one source that are told.
    Failures,
    /// Statements that something ended, by rule, verdict and subject.
    Ends,
    /// Tests of one source that are kept; lines that may tell of others are left out.
    Tests,
    /// Lines before a failure, or the end, that runs are compared by.
    StepLines,
    /// Commands, variables, limits and parts of the machine, of each, that are kept; lines that may tell of more are
    /// left out.
    Setup,
    /// Lines of one source that are kept to be shown.
    ExcerptLines,
    /// Clusters whose runs are compared with others.
    Comparisons,
    /// Failures of one source, each in words of its own, whose lines are read for what they say of why.
    Clues,
    /// Forms of events of one source that are held against those of other runs.
    Candidates,
}

impl Coverage {
    /// Takes note that a bound let `at` through and left some out; nothing if it left out none.
    pub fn cut(&mut self, bound: Bound, at: u64, left_out: u64) {
        if left_out == 0 {
            return;
        }
        let place = self.cut.partition_point(|cut| cut.bound < bound);
        match self.cut.get_mut(place).filter(|cut| cut.bound == bound) {
            Some(held) => {
                held.left_out += left_out;
                held.at = held.at.max(at);
            }
            None => self.cut.insert(place, Cut { bound, at, left_out }),
        }
    }

    /// Corrects how many a bound let through, once that changed from `before` to `now` without a line being read.
    pub fn recount(&mut self, bound: Bound, before: usize, now: usize) {
        let place = self.cut.iter().position(|cut| cut.bound == bound);
        let held = place.map_or(0, |place| self.cut.remove(place).left_out);
        self.cut(bound, now as u64, (held + before as u64).saturating_sub(now as u64));
    }
}

impl AddAssign<&Coverage> for Coverage {
    fn add_assign(&mut self, other: &Coverage) {
        self.bytes_scanned += other.bytes_scanned;
        self.lines_scanned += other.lines_scanned;
        self.lines_matched += other.lines_matched;
        self.forms += other.forms;
        self.lines_read_closely += other.lines_read_closely;
        for cut in &other.cut {
            self.cut(cut.bound, cut.at, cut.left_out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_sources_left_out_adds_up_bound_by_bound() {
        let mut sum = Coverage { lines_scanned: 3, ..Coverage::default() };
        sum.cut(Bound::Tests, 10, 2);
        sum.cut(Bound::StepLines, 5, 0);
        let mut other = Coverage { lines_scanned: 4, ..Coverage::default() };
        other.cut(Bound::Tests, 10, 3);
        other.cut(Bound::Forms, 7, 1);
        sum += &other;
        assert_eq!(sum.lines_scanned, 7);
        let cuts: Vec<_> = sum.cut.iter().map(|cut| (cut.bound, cut.at, cut.left_out)).collect();
        assert_eq!(cuts, [(Bound::Forms, 7, 1), (Bound::Tests, 10, 5)]);
    }
}
