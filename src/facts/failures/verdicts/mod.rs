//! Verdicts: what test runners and check runs wrote down about each test, beside the logs.
//!
//! Knows JUnit's XML and that of other runners, and the JSON of GitHub's annotations. Must not know logs.

mod annotations;
mod case;
mod element;
mod junit;
mod measured;
mod read;
#[cfg(test)]
mod tests;
mod verdict;

pub use read::read;
pub use verdict::{Outcome, Verdict};
