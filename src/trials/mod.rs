//! Trials: running an experiment inside a budget and counting what it shows.
//!
//! Knows processes, time limits, the match with the oracle, the budget and how sure a count is.
//! Must not know the syntax of logs; the oracle is a given rule.

mod capture;
mod dump;
mod machine;
mod process;
#[cfg(test)]
mod process_tests;
mod tree;

pub use machine::probe;
pub use process::{Exit, Finished, Job, Pause, Process, run};
pub use tree::{adopt_orphans, end_leftovers};
