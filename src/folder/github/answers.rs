//! The parts of the REST API's answers that ndlog reads.

use serde::Deserialize;

/// `GET /repos/{owner}/{name}/actions/runs/{run}`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Run {
    /// The number of the last attempt, 1 for the first.
    #[serde(default = "first")]
    pub run_attempt: u64,
}

fn first() -> u64 {
    1
}

/// One page of `GET /repos/{owner}/{name}/actions/runs/{run}/attempts/{attempt}/jobs`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Jobs {
    pub jobs: Vec<Job>,
}

/// One job of one attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Job {
    pub id: u64,
    pub name: String,
    /// `queued`, `in_progress`, `completed`.
    #[serde(default)]
    pub status: String,
    /// `None` until it is completed.
    #[serde(default)]
    pub conclusion: Option<String>,
    #[serde(default = "first")]
    pub run_attempt: u64,
    #[serde(default)]
    pub head_sha: String,
    #[serde(default)]
    pub runner_name: Option<String>,
}

/// What the API says when it refuses.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Message {
    #[serde(default)]
    pub message: String,
}
