//! Where a value was read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The line that a value was read from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// As the source is named; in a failure's folder relative to it, archive members as
    /// `logs/run.zip!job/3_test.txt`.
    pub source: String,
    /// 1-based, in the bytes as stored.
    pub line: u64,
}

impl Place {
    /// Returns the place of a line of a source.
    pub fn new(source: &str, line: u64) -> Self {
        Self { source: source.to_owned(), line }
    }
}
