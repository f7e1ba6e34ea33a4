//! How a source is to be read, and what later rooms know that the reading has to ask for.

use super::failures::Event;
use super::known::Known;
use super::{Order, Passage, Prints};

/// How to read a source.
pub struct Reading<'r> {
    /// The catalog of known failures.
    pub known: &'r dyn Known,
    /// Puts the failures of a log in order, the first to read in front, and leaves out what need not be shown.
    /// The second argument tells of a failure that nothing failed by it.
    pub order: fn(&[Event], Tolerated<'_>) -> Order,
    /// Returns how much a clue says at the most, by its name.
    pub clue_weight: fn(&str) -> f64,
    /// True for the log of a run that is known to have passed.
    pub baseline: bool,
    /// True if the steps of the run are to be kept.
    pub steps: bool,
    /// True if what shows how the run was started is to be kept.
    pub setup: bool,
    /// Returns what a log says that passing runs do not, best first; `None` where there are none to compare with.
    pub subtract: Option<&'r Subtract<'r>>,
    /// Returns the fingerprints of a passing log's lines; `None` where no log is compared with it.
    pub prints: Option<fn(&[u8]) -> Prints>,
    /// Which lines of a log, as the CI system shows them, are sought beside all else.
    pub sought: Option<&'r Sought<'r>>,
}

/// Says what the bytes of a log hold that passing runs do not.
pub type Subtract<'s> = dyn Fn(&[u8]) -> Vec<Passage> + Sync + 's;

/// Passages kept of one log: what a person reads.
pub const PASSAGES: usize = 5;

/// Says of a line whether it is sought.
pub type Sought<'s> = dyn Fn(&str) -> bool + Sync + 's;

/// Tells of a failure that nothing failed by it.
pub type Tolerated<'t> = &'t dyn Fn(&Event) -> bool;
