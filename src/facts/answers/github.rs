//! What GitHub answers to `GET /repos/{owner}/{repo}/actions/runs/{id}` and `…/jobs`, and `gh run view --json`.

use serde::Deserialize;

use super::{Answer, Fields};
use crate::error::Problem;

/// A job or a run of a workflow; GitHub writes `null` into many fields, and `gh` has names of its own.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    #[serde(alias = "databaseId")]
    id: Option<u64>,
    run_id: Option<u64>,
    name: Option<String>,
    #[serde(alias = "workflowName")]
    workflow_name: Option<String>,
    #[serde(alias = "attempt")]
    run_attempt: Option<u64>,
    #[serde(alias = "headSha")]
    head_sha: Option<String>,
    #[serde(alias = "headBranch")]
    head_branch: Option<String>,
    html_url: Option<String>,
    /// The address of the page for `gh`, and of the answer itself for GitHub.
    url: Option<String>,
    runner_name: Option<String>,
    conclusion: Option<String>,
    #[serde(alias = "startedAt", alias = "run_started_at")]
    started_at: Option<String>,
    #[serde(alias = "completedAt", alias = "updated_at")]
    completed_at: Option<String>,
    jobs: Option<Vec<Self>>,
}

/// Reads a document.
pub fn read(source: &str, bytes: &[u8]) -> (Option<Answer>, Vec<Problem>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match serde_json::from_slice::<Written>(bytes) {
        Ok(written) => (Some(answer(written, bytes)), Vec::new()),
        Err(error) => {
            let what = format!("expected GitHub's answer about a run or its jobs ({error}); fetch it again");
            let problem = Problem { line: Some(error.line() as u64), ..Problem::incomplete(source, what) };
            (None, vec![problem])
        }
    }
}

fn answer(mut written: Written, bytes: &[u8]) -> Answer {
    let mut lines = Lines { bytes, position: 0, line: 1 };
    match written.jobs.take() {
        Some(jobs) => {
            let about = written.fields(1, true);
            let job = |job: Written| {
                let line = lines.naming(job.id);
                job.fields(line, false).with(&about)
            };
            Answer::Jobs(jobs.into_iter().map(job).collect())
        }
        None => {
            let line = lines.naming(written.id);
            Answer::Workflow(Box::new(written.fields(line, true)))
        }
    }
}

impl Written {
    fn fields(self, line: u64, is_run: bool) -> Fields {
        let text = |number: u64| number.to_string();
        let name = self.name.filter(|name| !name.is_empty());
        let (job, workflow) =
            if is_run { (None, self.workflow_name.or(name)) } else { (name, self.workflow_name) };
        let page = self.html_url.as_ref().or(self.url.as_ref()).filter(|url| is_page(url)).cloned();
        Fields {
            id: self.id.map(text).unwrap_or_default(),
            url: page,
            run: self.run_id.map(text),
            repository: self.html_url.or(self.url).as_deref().and_then(repository),
            workflow,
            job,
            attempt: self.run_attempt,
            commit: self.head_sha,
            branch: self.head_branch,
            host: self.runner_name.filter(|name| !name.is_empty()),
            conclusion: self.conclusion.filter(|word| !word.is_empty()),
            began: self.started_at,
            ended: self.completed_at,
            line,
        }
    }
}

impl Fields {
    /// Fills in for a job what the document says about the whole run.
    fn with(self, run: &Self) -> Self {
        Self {
            run: self.run.or_else(|| Some(run.id.clone()).filter(|id| !id.is_empty())),
            repository: self.repository.or_else(|| run.repository.clone()),
            workflow: self.workflow.or_else(|| run.workflow.clone()),
            attempt: self.attempt.or(run.attempt),
            url: self.url.or_else(|| run.url.clone()),
            commit: self.commit.or_else(|| run.commit.clone()),
            branch: self.branch.or_else(|| run.branch.clone()),
            ..self
        }
    }
}

/// Returns true for the address of a page, and false for that of an answer of the interface.
fn is_page(address: &str) -> bool {
    address.starts_with("https://") && !address.contains("/repos/")
}

/// Returns `owner/name` of the address of a run or job.
fn repository(address: &str) -> Option<String> {
    let (_, path) = address.split_once("://")?;
    let (before, _) = path.split_once("/actions/")?;
    let mut parts = before.rsplit('/');
    let (name, owner) = (parts.next()?, parts.next()?);
    Some(format!("{owner}/{name}"))
}

/// Finds lines on the way through a document, forward only, so that any document costs one pass.
struct Lines<'a> {
    bytes: &'a [u8],
    position: usize,
    line: u64,
}

impl Lines<'_> {
    /// Returns the line in which an id stands, or the last one that was found.
    fn naming(&mut self, id: Option<u64>) -> u64 {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let Some(id) = id.map(|id| id.to_string()) else { return self.line };
        let found = memchr::memmem::find(rest, id.as_bytes());
        // An id that is not written in digits is nowhere; what was passed is not searched again.
        let end = found.map_or(0, |at| at + id.len());
        self.line += memchr::memchr_iter(b'\n', rest.get(..end).unwrap_or_default()).count() as u64;
        self.position += end;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOBS: &str = r#"{"total_count": 2, "jobs": [
 {"id": 5000000001, "run_id": 7000000001, "workflow_name": "nightly", "run_attempt": 2, "head_sha": "0123456789",
  "head_branch": "main", "url": "https://api.github.com/repos/acme/ring/actions/jobs/5000000001", "html_url": "https://github.com/acme/ring/actions/runs/7000000001/job/5000000001",
  "conclusion": "failure", "started_at": "2026-03-01T06:00:00Z", "name": "unit (n300)", "runner_name": "ring-07", "steps": [{"name": "x"}]},
 {"id": 5000000002, "run_id": 7000000001, "name": "docs", "conclusion": null, "runner_name": ""}]}"#;

    fn jobs(text: &str) -> Vec<Fields> {
        match read("a.json", text.as_bytes()) {
            (Some(Answer::Jobs(jobs)), problems) if problems.is_empty() => jobs,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn jobs_are_read_with_their_lines() {
        let jobs = jobs(JOBS);
        let [unit, docs] = jobs.as_slice() else { panic!("{jobs:?}") };
        assert_eq!((unit.job.as_deref(), unit.host.as_deref()), (Some("unit (n300)"), Some("ring-07")));
        assert_eq!((unit.repository.as_deref(), unit.attempt, unit.line), (Some("acme/ring"), Some(2), 2));
        assert_eq!((unit.run.as_deref(), unit.conclusion.as_deref()), (Some("7000000001"), Some("failure")));
        assert_eq!((docs.job.as_deref(), docs.conclusion.as_deref(), docs.line), (Some("docs"), None, 5));
    }

    #[test]
    fn a_run_of_a_workflow_is_no_job() {
        let text = r#"{"id": 7000000001, "name": "nightly", "run_number": 8, "head_sha": "01234", "run_attempt": 1,
            "html_url": "https://ci.acme.test/acme/ring/actions/runs/7000000001", "conclusion": "failure"}"#;
        let Some(Answer::Workflow(run)) = read("a.json", text.as_bytes()).0 else { panic!("no run") };
        assert_eq!((run.workflow.as_deref(), run.job), (Some("nightly"), None));
        assert_eq!((run.id.as_str(), run.repository.as_deref()), ("7000000001", Some("acme/ring")));
    }

    #[test]
    fn what_gh_prints_has_other_names() {
        let text = r#"{"databaseId": 7000000001, "workflowName": "nightly", "headSha": "01234", "jobs":
            [{"databaseId": 5000000001, "name": "unit", "conclusion": "success", "startedAt": "2026-03-01T06:00:00Z"}]}"#;
        let job = &jobs(text)[0];
        assert_eq!((job.run.as_deref(), job.commit.as_deref()), (Some("7000000001"), Some("01234")));
        assert_eq!(
            (job.workflow.as_deref(), job.began.as_deref()),
            (Some("nightly"), Some("2026-03-01T06:00:00Z"))
        );
    }

    #[test]
    fn a_cut_document_is_named() {
        for cut in (1..JOBS.len()).filter(|cut| JOBS.is_char_boundary(*cut)) {
            let (answer, problems) = read("a.json", &JOBS.as_bytes()[..cut]);
            assert!(answer.is_none() && problems.len() == 1 && problems[0].incomplete, "cut at {cut}");
        }
    }
}
