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

/// One page of `GET /repos/{owner}/{name}/actions/runs`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Runs {
    pub workflow_runs: Vec<Listed>,
}

/// One run in a list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Listed {
    pub id: u64,
    #[serde(default)]
    pub conclusion: Option<String>,
}

impl Listed {
    /// Returns true for a run of which a job may have failed; a limit of GitHub's ends as cancelled.
    pub fn has_failed(&self) -> bool {
        let conclusion = self.conclusion.as_deref();
        matches!(conclusion, Some("failure" | "timed_out" | "startup_failure" | "cancelled"))
    }

    /// Returns true for a run that failed or passed.
    pub fn has_ended(&self) -> bool {
        self.has_failed() || self.conclusion.as_deref() == Some("success")
    }
}

/// `GET /repos/{owner}/{name}/pulls/{number}`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Pull {
    pub head: Head,
}

/// The last commit of a pull request.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Head {
    pub sha: String,
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
