//! The parts of the REST API's answers that ndlog reads.

use serde::Deserialize;

use crate::folder::server::{Ended, Job};

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
    pub jobs: Vec<Answer>,
}

/// One job of one attempt.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Answer {
    id: u64,
    name: String,
    /// `queued`, `in_progress`, `completed`.
    #[serde(default)]
    status: String,
    /// `None` until it is completed.
    #[serde(default)]
    conclusion: Option<String>,
    #[serde(default)]
    head_sha: String,
    #[serde(default)]
    runner_name: Option<String>,
}

impl Answer {
    /// Returns it as a job of an attempt; `log` is the path of the log of a job with this number.
    pub fn of_attempt(self, run: u64, attempt: u64, log: impl Fn(u64) -> String) -> Job {
        let ended = match self.conclusion.as_deref() {
            None => Ended::Open,
            Some("failure" | "timed_out" | "startup_failure") => Ended::Failed,
            Some("success") => Ended::Passed,
            Some("cancelled") => Ended::Cancelled,
            Some(_) => Ended::Not,
        };
        Job {
            run,
            attempt,
            id: self.id,
            key: self.id.to_string(),
            name: self.name,
            ended,
            conclusion: self.conclusion.unwrap_or(self.status),
            commit: self.head_sha,
            runner: self.runner_name,
            log: log(self.id),
            erased: false,
        }
    }
}
