//! One attempt of a job, as the document tells it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Outcome;

/// One attempt of a job, with all its sources. What nothing tells is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunSummary {
    /// The CI system's id of the job, or else 12 hex digits of the names of its sources.
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    /// The job with its matrix leg, as the CI system prints it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The matrix leg: what stands in parentheses at the end of the job's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// When it began, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Its page at the CI system, where a document tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    pub outcome: Outcome,
    /// The source that says so, and its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome_because: Option<String>,
    /// True for a run given with `--pass`.
    pub baseline: bool,
    /// In the order of their names; a document may tell of several runs.
    pub sources: Vec<String>,
    /// What each part of the identity, and each further source, rests on.
    pub identified_by: Vec<IdentifiedBy>,
}

/// What a part of a run's identity rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IdentifiedBy {
    /// `repository`, `workflow`, `job`, `attempt`, `commit`, `branch`, `host`; `source` for a source that was joined;
    /// `same job` for what makes runs without a job's name runs of one.
    pub what: String,
    /// In words.
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

/// A known failure: what the catalog says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownFailure {
    /// Such as `tt-metal/device-timeout`.
    pub id: String,
    pub name: String,
    /// What has happened.
    pub what: String,
    /// Why it happens, rival explanations included.
    pub why: String,
    /// What to look at next.
    pub next: String,
    /// True for the words in which a language or a test runner tells any failure; it names none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub form: bool,
}

/// The line that says a failure best.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Headline {
    /// 1-based.
    pub line: u64,
    /// Its cleaned words, cut to 500 characters.
    pub text: String,
}
