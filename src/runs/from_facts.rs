//! From the facts of a source to what it tells of its run.

use std::collections::BTreeMap;

use super::identity::{Identity, Named};
use super::part::{Answer, Conclusion, Part, PartKind, WholeRun};
use super::test_results::{TestResult, TestState};
use crate::facts::Facts;
use crate::facts::answers::{self, Fields};
use crate::facts::ends::{End, Scope};
use crate::facts::environment::What;
use crate::facts::failures::Kind;
use crate::facts::test_names::TestNames;
use crate::input::SourceKind;

/// What the sources tell of their runs.
#[derive(Clone, Debug, Default)]
pub struct RunParts {
    pub parts: Vec<Part>,
    /// What documents of a CI system answer about jobs, and about runs of workflows.
    pub answers: Vec<Answer>,
    pub workflows: Vec<WholeRun>,
}

impl RunParts {
    /// Returns what one source tells.
    pub fn by(facts: &Facts) -> Self {
        let mut parts = Self::default();
        parts.add(facts);
        parts
    }

    /// Adds what later sources tell.
    pub fn with(mut self, later: Self) -> Self {
        self.parts.extend(later.parts);
        self.answers.extend(later.answers);
        self.workflows.extend(later.workflows);
        self
    }

    fn add(&mut self, facts: &Facts) {
        let source = &facts.source.name;
        match (&facts.answer, facts.source.kind) {
            (Some(answers::Answer::Jobs(jobs)), _) => {
                self.answers.extend(jobs.iter().map(|job| answer(source, job)));
            }
            (Some(answers::Answer::Workflow(run)), _) => {
                let identity = identity(source, run);
                self.workflows.push(WholeRun {
                    source: source.clone(),
                    id: run.id.clone(),
                    url: run.url.clone(),
                    identity,
                });
            }
            (None, SourceKind::Answer) => {}
            (None, _) if facts.source.is_data => {}
            (None, kind) => self.parts.push(part(facts, kind)),
        }
    }
}

fn part(facts: &Facts, kind: SourceKind) -> Part {
    let environment = &facts.environment;
    let named = |what| {
        let (value, line) = environment.surest(what).filter(|(_, line)| *line > 0)?;
        Some(Named::at(value, &facts.source.name, line))
    };
    let all = |what| environment.all(what).into_iter().map(|(value, ..)| value.to_owned()).collect();
    let identity = Identity {
        repository: named(What::Repository),
        workflow: named(What::Workflow),
        job: named(What::Job),
        attempt: None,
        commit: named(What::Commit),
        branch: named(What::Branch),
        host: named(What::Host),
    };
    Part {
        source: facts.source.name.clone(),
        kind: match kind {
            SourceKind::JUnit => PartKind::Report,
            SourceKind::Annotations => PartKind::Annotations,
            SourceKind::Log | SourceKind::Answer | SourceKind::Document => PartKind::Log,
        },
        baseline: facts.source.baseline,
        identity,
        outcome: facts.outcome,
        because: facts.outcome_because.clone(),
        began: facts.source.first_time,
        ended: facts.source.last_time,
        tests: tests(facts),
        counted: facts.ends.iter().filter(|end| end.scope == Scope::Suite).filter_map(count).max(),
        whole: !facts.tests.cut,
        commands: all(What::Command),
        uploads: all(What::Upload),
    }
}

/// Returns each test by its last verdict: a later attempt outweighs an earlier one. A failure that names a test of
/// which no runner's line was read counts too.
fn tests(facts: &Facts) -> Vec<TestResult> {
    let mut last: BTreeMap<&str, TestState> = BTreeMap::new();
    for test in facts.tests.ran.iter().chain(&facts.tests.summed) {
        let state = match (test.failed, test.skipped) {
            (true, _) => TestState::Failed,
            (false, true) => TestState::Skipped,
            (false, false) => TestState::Passed,
        };
        let held = last.entry(&test.name).or_insert(state);
        if state != TestState::Skipped {
            *held = state;
        }
    }
    let failed = facts.failures.iter().filter(|failure| failure.kind == Kind::Test);
    let mut failed: Vec<&str> = failed.filter_map(|failure| failure.test.as_deref()).collect();
    failed.retain(|test| !last.contains_key(test));
    if !failed.is_empty() {
        let names = TestNames::of(last.keys().copied());
        failed.retain(|test| !names.hold(test));
    }
    last.extend(failed.into_iter().map(|name| (name, TestState::Failed)));
    last.into_iter().map(|(name, state)| TestResult { name: name.to_owned(), state }).collect()
}

/// Returns how many tests ran, where the summary of a suite counts those that passed.
fn count(end: &End) -> Option<u64> {
    Some(end.passed? + end.failed.unwrap_or(0))
}

fn answer(source: &str, job: &Fields) -> Answer {
    let conclusion = match job.conclusion.as_deref() {
        Some("success") => Conclusion::Passed,
        Some("failure" | "timed_out" | "startup_failure") => Conclusion::Failed,
        _ => Conclusion::Other,
    };
    let nanos = |time: &Option<String>| {
        let time: jiff::Timestamp = time.as_deref()?.parse().ok()?;
        i64::try_from(time.as_nanosecond()).ok()
    };
    Answer {
        source: source.to_owned(),
        id: job.id.clone(),
        run: job.run.clone().unwrap_or_default(),
        identity: identity(source, job),
        conclusion,
        url: job.url.clone(),
        says: job.conclusion.clone().unwrap_or_default(),
        began: nanos(&job.began),
        ended: nanos(&job.ended),
    }
}

fn identity(source: &str, fields: &Fields) -> Identity {
    let named = |value: Option<String>| value.map(|value| Named::at(value, source, fields.line));
    Identity {
        repository: named(fields.repository.clone()),
        workflow: named(fields.workflow.clone()),
        job: named(fields.job.clone()),
        attempt: named(fields.attempt.map(|attempt| attempt.to_string())),
        commit: named(fields.commit.clone()),
        branch: named(fields.branch.clone()),
        host: named(fields.host.clone()),
    }
}
