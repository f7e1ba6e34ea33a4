//! What a failing log says that passing ones do not, and what passing ones print.

use serde::{Deserialize, Serialize};

/// Neighbouring lines that are new together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// The 1-based number of the first line.
    pub line_start: u64,
    /// The 1-based number of the last line, inclusive.
    pub line_end: u64,
    /// How much speaks for reading it, above 0 and below 1: words of failure and rare words. Higher
    /// is better; it is no probability.
    pub score: f64,
}

/// The fingerprints of a log's lines, each once and ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prints {
    /// Of words and paths: only numbers are masked.
    pub plain: Vec<u64>,
    /// Of words alone.
    pub loose: Vec<u64>,
    /// Of single words.
    pub words: Vec<u64>,
}
