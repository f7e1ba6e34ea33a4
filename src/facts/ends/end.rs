//! One statement that something ended.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What ended, narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// One program.
    Process,
    /// The tests that one runner ran at once.
    Suite,
    /// One command or build of a job.
    Step,
    Job,
    /// The whole run of a CI system.
    Run,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Fail,
    Pass,
    /// It is over, and the line does not say how it went.
    Over,
    /// Another of its kind began.
    Began,
}

/// One statement that something ended; of several alike the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct End {
    pub scope: Scope,
    pub verdict: Verdict,
    /// 1-based.
    pub line: u64,
    /// The words of the line, cut to 300 letters.
    pub text: String,
    /// The rule that read it.
    pub rule: String,
    /// What ended, where the line names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Counts that the line tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed: Option<u64>,
    /// How often the log says so.
    pub times: u64,
    /// True if the statement counts only where the log ends with it.
    pub closing: bool,
    /// True if it counts only as the last words of a log in which nothing says the contrary.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub last_words: bool,
    /// True if it counts only where the job is over and no further step began behind it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub loose: bool,
}
