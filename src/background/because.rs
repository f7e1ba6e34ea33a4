//! Why a failure is read after others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A failure that is not read first, or not at all, as runs of the job print it whatever failed in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetBack {
    /// The line that says it best.
    pub line: u64,
    /// Its words, cut to 500 characters.
    pub text: String,
    #[serde(flatten)]
    pub because: Because,
}

/// How many runs of the job print it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Because {
    pub held_by: u64,
    pub of: u64,
    pub runs: Whose,
}

words! {
    /// Which runs print it.
    Whose {
        /// Runs that passed.
        Passing = "passing",
        /// Runs that failed, most of which hold another failure, each its own.
        Failing = "failing",
    }
}

impl Because {
    /// Says it in words.
    pub fn words(self) -> String {
        let Self { held_by, of, .. } = self;
        match self.runs {
            Whose::Passing => format!("{held_by} of {of} runs that passed print it"),
            Whose::Failing => format!("{held_by} of {of} runs that failed print it, whatever failed in them"),
        }
    }
}
