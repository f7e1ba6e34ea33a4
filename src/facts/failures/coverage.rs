//! How much of a log was looked at, and what was left out because of which bound.

use std::iter::Sum;
use std::ops::AddAssign;

/// What was looked at of one log or of many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub bytes_scanned: u64,
    pub lines_scanned: u64,
    /// Lines in which one of the prefilter's words was found.
    pub lines_matched: u64,
    /// Different forms among those.
    pub forms: u64,
    /// Lines that were read for their words.
    pub lines_read_closely: u64,
    pub cut: Vec<Cut>,
}

/// What a bound cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    pub bound: &'static str,
    /// How many it lets through.
    pub at: u64,
    /// How many it left out.
    pub left_out: u64,
}

impl Cut {
    /// Returns what a bound cut, if it cut anything.
    pub fn new(bound: &'static str, at: u64, left_out: u64) -> Option<Self> {
        (left_out > 0).then_some(Self { bound, at, left_out })
    }
}

impl AddAssign for Coverage {
    fn add_assign(&mut self, other: Self) {
        self.bytes_scanned += other.bytes_scanned;
        self.lines_scanned += other.lines_scanned;
        self.lines_matched += other.lines_matched;
        self.forms += other.forms;
        self.lines_read_closely += other.lines_read_closely;
        for cut in other.cut {
            match self.cut.iter_mut().find(|known| known.bound == cut.bound) {
                Some(known) => known.left_out += cut.left_out,
                None => self.cut.push(cut),
            }
        }
        self.cut.sort_unstable();
    }
}

impl Sum for Coverage {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            sum += one;
            sum
        })
    }
}
