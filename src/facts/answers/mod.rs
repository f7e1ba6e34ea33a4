//! Answers: what a CI system itself says about runs of a workflow and about their jobs, in documents of its own.
//!
//! Knows the JSON of GitHub's interface. Must not know logs.

mod github;

use serde::{Deserialize, Serialize};

pub use github::read;

/// What a document says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// About one run of a workflow.
    Workflow(Box<Fields>),
    /// About jobs, one for each.
    Jobs(Vec<Fields>),
}

/// What is said about one run of a workflow or one job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// Of the job, or of the run where it is about one.
    pub id: String,
    /// The run of the workflow that a job belongs to.
    pub run: Option<String>,
    pub repository: Option<String>,
    pub workflow: Option<String>,
    pub job: Option<String>,
    pub attempt: Option<u64>,
    pub commit: Option<String>,
    pub branch: Option<String>,
    pub host: Option<String>,
    /// The address of its page for people.
    #[serde(default)]
    pub url: Option<String>,
    /// How it ended, in the CI system's own word; `None` while it is not over.
    pub conclusion: Option<String>,
    /// RFC 3339.
    pub began: Option<String>,
    pub ended: Option<String>,
    /// The 1-based line of the document that names the id.
    pub line: u64,
}
