//! Log lines as they stand round something that a finding names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Findings;

/// A run of neighbouring lines of one log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Excerpt {
    pub source: String,
    /// The 1-based number of the first of `lines`.
    pub line_start: u64,
    /// The cleaned lines, each cut to a length that a page can show.
    pub lines: Vec<String>,
}

impl Excerpt {
    /// Returns true if and only if the excerpt shows this line.
    pub fn shows(&self, source: &str, line: u64) -> bool {
        self.source == source && (self.line_start..self.line_start + self.lines.len() as u64).contains(&line)
    }
}

impl Findings {
    /// Returns the excerpt that shows this line.
    pub fn excerpt(&self, source: &str, line: u64) -> Option<&Excerpt> {
        self.excerpts.iter().find(|excerpt| excerpt.shows(source, line))
    }
}
