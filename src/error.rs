//! What went wrong, told so that a person knows the next step.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something in the input that could not be read as it should be. It is noted and the rest is
/// still analysed; it is never fatal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// The source as the user named it; archive members as `run.zip!job/3_test.txt`.
    pub source: String,
    /// The 1-based line, where the problem has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What was found and what was expected.
    pub what: String,
    /// True if bytes of this source were left unread, which makes the exit code 3.
    pub incomplete: bool,
}

impl Problem {
    /// Returns a problem that left bytes of `source` unread.
    pub fn incomplete(source: impl Into<String>, what: impl Into<String>) -> Self {
        Self { source: source.into(), line: None, what: what.into(), incomplete: true }
    }

    /// Returns a remark about `source` that lost nothing.
    pub fn remark(source: impl Into<String>, what: impl Into<String>) -> Self {
        Self { source: source.into(), line: None, what: what.into(), incomplete: false }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.source, self.what),
            None => write!(f, "{}: {}", self.source, self.what),
        }
    }
}
