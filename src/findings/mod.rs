//! Findings: the whole result as one plain value, in the words of the contract with programs.
//!
//! Knows field names and their meaning. Must not know how anything was computed or is shown.

mod findings;

pub use findings::*;
