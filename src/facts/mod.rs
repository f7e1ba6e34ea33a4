//! Facts: what one source says, read once: its failures, its tests, its limits and how it ended.
//!
//! Must not know other sources, nor whether a failure is known, frequent or important.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, reason = "the bytes are hostile"))]

mod actors;
mod candidates;
mod coverage;
mod document;
mod excerpts;
mod failing_tests;
mod known;
mod line_kind;
mod listed;
mod mentions;
mod named_values;
mod outcome;
mod pairs;
mod passage;
mod place;
mod prose;
mod reading;
mod span;
mod subtests;
mod unfinished;

pub mod answers;
pub mod chunks;
pub mod clues;
pub mod ends;
pub mod environment;
pub mod extract;
pub mod failures;
pub mod limits;
pub mod runner_commands;
pub mod runners;
pub mod scan;
pub mod setup;
pub mod steps;
pub mod test_names;
pub mod test_results;

pub use actors::ActorTimes;
pub use candidates::{Candidate, Candidates, Order, Ranked};
pub use coverage::{Bound, Coverage};
pub use document::{Facts, SourceFacts};
pub use excerpts::{Excerpt, joined, shown_line};
pub use extract::{extract, prepare};
pub use known::{Known, KnownFailure};
pub use line_kind::LineKind;
pub use mentions::Mention;
pub use outcome::Outcome;
pub use passage::{Passage, Prints};
pub use place::Place;
pub use prose::prose;
pub use reading::{Reading, Sought, Subtract};
pub use test_results::{TestResult, TestResults};
