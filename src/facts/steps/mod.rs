//! Steps: what a run did, line by line, as far as runs are compared by it.
//!
//! Knows masked lines, the numbers that tell actors apart, and times. Must not know other runs.

mod tempo;
mod trace;

#[cfg(test)]
pub use tempo::Tempo;
pub use trace::{LINES, Moment, Run, Step, numbers};
