//! Rules: know-how kept as data, a file of rows for each kind.
//!
//! Knows how a file of rows is read and tried on a line all at once. Must not know what a row says of a log.

mod table;

pub use table::{Wordings, captured};

#[cfg(test)]
pub use table::check_examples;
