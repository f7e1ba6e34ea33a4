//! Findings: the whole result as one plain value, in the words of the contract with programs.
//!
//! Knows field names and their meaning, and plain sums over them. Must not know how anything was
//! read from a log or is shown.

mod behind;
mod choose;
mod diff;
mod document;
mod excerpt;
#[cfg(feature = "tables")]
mod grid;
mod history;
mod outcomes;
mod pack;
mod plot;
mod row;
mod run;
mod spread;
mod stacks;
mod verdict;
mod when;

pub use choose::Chosen;
pub use diff::{DIFF_SCHEMA, Diff, DiffRange};
pub use document::*;
pub use excerpt::Excerpt;
#[cfg(feature = "tables")]
pub use grid::Grid;
pub use history::PARTS;
pub use outcomes::Outcomes;
pub use plot::{Durations, Lane, Mark, Plot, Timeline, Window};
pub use row::Row;
pub use run::{Headline, IdentifiedBy, KnownFailure, RunSummary};
pub use spread::Spread;
pub use stacks::StackClass;
pub use verdict::{Pointer, Verdict};
pub use when::When;

pub use crate::facts::Outcome;
