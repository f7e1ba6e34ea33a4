//! What one source tells of the run that it belongs to.

use super::identity::Identity;
use super::test_results::TestResult;
use crate::facts::Outcome;

/// What a source is to its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// The log of a job or of one of its steps.
    Log,
    /// What a test runner wrote about each test: JUnit's XML and its like.
    Report,
    /// What a CI system marked in a job: GitHub's annotations.
    Annotations,
}

/// What one source tells of its run.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The path as given; archive members as `run.zip!job/3_test.txt`.
    pub source: String,
    pub kind: PartKind,
    /// True if the user gave it as the log of a run that passed.
    pub baseline: bool,
    pub identity: Identity,
    pub outcome: Outcome,
    pub because: Option<String>,
    /// Nanoseconds since 1970, where the source has whole dates.
    pub began: Option<i64>,
    pub ended: Option<i64>,
    pub tests: Vec<TestResult>,
    /// How many tests ran, where a summary counts them.
    pub counted: Option<u64>,
    /// False if `tests` was cut.
    pub whole: bool,
    /// What its steps ran.
    pub commands: Vec<String>,
    /// Names of what the job says it uploaded.
    pub uploads: Vec<String>,
}

#[cfg(test)]
impl Part {
    /// Returns a log of which nothing is known but its name.
    pub fn of(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            kind: PartKind::Log,
            baseline: false,
            identity: Identity::default(),
            outcome: Outcome::Unknown,
            because: None,
            began: None,
            ended: None,
            tests: Vec::new(),
            counted: None,
            whole: true,
            commands: Vec::new(),
            uploads: Vec::new(),
        }
    }
}

/// How a CI system says that a job ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conclusion {
    Failed,
    Passed,
    /// Cancelled, skipped, or not over.
    #[default]
    Other,
}

/// What a document of the CI system answers about one job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The document.
    pub source: String,
    /// The id of the job, and of the run of the workflow that it belongs to.
    pub id: String,
    pub run: String,
    pub identity: Identity,
    pub conclusion: Conclusion,
    /// The address of the job's page.
    pub url: Option<String>,
    /// The conclusion in the CI system's own word.
    pub says: String,
    pub began: Option<i64>,
    pub ended: Option<i64>,
}

/// What a document answers about the run of a workflow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WholeRun {
    pub source: String,
    pub id: String,
    /// The address of its page.
    pub url: Option<String>,
    pub identity: Identity,
}
