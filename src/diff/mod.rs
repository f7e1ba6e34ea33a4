//! Contrasts: what a failing log says that the logs of passing runs do not.
//!
//! Knows which masked lines passing runs printed, which lines tell a failure, and which neighbours
//! belong to them. Must not know files, clusters or causes.
//!
//! The set difference of masked lines finds nearly all that matters, and as much again that does
//! not (CiDiff, arXiv 2504.18182). What is left is cut by kind: a passage stays if
//! one of its lines tells a failure.

mod baseline;
mod contrast;
mod forms;
mod passages;
mod subtract;
mod testimony;

pub use crate::facts::Passage;
pub use baseline::{Baseline, Novelty};
pub use subtract::subtract;

#[cfg(test)]
mod tests;
