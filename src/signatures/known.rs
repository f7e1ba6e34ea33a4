//! A line of a log that is a known failure.

use crate::signatures::catalog::Match;

/// One line that an entry matches.
#[derive(Debug)]
pub struct KnownLine<'c> {
    /// The 1-based number.
    pub line: u64,
    /// The words, cleaned.
    pub message: String,
    pub found: Match<'c>,
}
