//! The document `ndlog.diff/1`: what failing logs say that passing ones do not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Excerpt;

/// The name and number of this document's form.
pub const DIFF_SCHEMA: &str = "ndlog.diff/1";

/// What `ndlog diff` found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    /// Always [`DIFF_SCHEMA`].
    pub schema: String,
    /// Best first; no line of a source is in two of them.
    pub ranges: Vec<DiffRange>,
    /// The first lines of each range, in their order, for reports that people read.
    #[serde(skip)]
    pub excerpts: Vec<Excerpt>,
}

/// Neighbouring lines of a failing log that are new together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiffRange {
    /// The path as given; archive members as `run.zip!job/3_test.txt`.
    pub source: String,
    /// 1-based.
    pub line_start: u64,
    /// 1-based, inclusive.
    pub line_end: u64,
    /// How much speaks for reading it, above 0 and below 1; no probability.
    pub score: f64,
}

impl DiffRange {
    /// Returns how many lines the range has.
    pub fn lines(&self) -> u64 {
        self.line_end.saturating_sub(self.line_start) + 1
    }
}
