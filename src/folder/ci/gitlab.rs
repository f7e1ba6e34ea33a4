//! GitLab's API, version 4: pipelines, their jobs, and the traces of those.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::address::{Asked, GitLab};
use super::bring::Listed;
use crate::folder::github::encoded;
use crate::folder::server::{Client, Ended, Job, Refusal};

/// Pages read of one list; 100 entries a page.
const MOST_PAGES: usize = 50;

/// `GET /projects/{id}/pipelines` and `…/merge_requests/{iid}/pipelines`.
#[derive(Debug, Deserialize)]
struct Pipeline {
    id: u64,
    #[serde(default)]
    status: String,
}

/// `GET /projects/{id}/pipelines/{id}/jobs` and `/projects/{id}/jobs/{id}`.
#[derive(Debug, Deserialize)]
struct Answer {
    id: u64,
    name: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    commit: Option<Commit>,
    #[serde(default)]
    runner: Option<Runner>,
    #[serde(default)]
    erased_at: Option<String>,
    #[serde(default)]
    pipeline: Option<Pipeline>,
}

#[derive(Debug, Deserialize)]
struct Commit {
    id: String,
}

#[derive(Debug, Deserialize)]
struct Runner {
    #[serde(default)]
    description: Option<String>,
}

/// Returns the jobs of the pipelines that are meant, newest pipeline first.
pub(super) fn list(client: &Client, project: &str, which: GitLab, asked: &Asked) -> Result<Listed> {
    let base = format!("/projects/{}", encoded(project));
    let mut listed = Listed { of: project.to_owned(), jobs: Vec::new(), only: None, problems: Vec::new() };
    let pipelines = match which {
        GitLab::Pipeline(id) => vec![id],
        GitLab::Job(id) => {
            let (job, _) = client.json::<Answer>(&format!("{base}/jobs/{id}"))?;
            listed.only = Some(job.name);
            job.pipeline.map(|pipeline| pipeline.id).into_iter().collect()
        }
        GitLab::MergeRequest(id) => {
            ended(client, format!("{base}/merge_requests/{id}/pipelines?per_page=100"), asked)?
        }
        GitLab::All => ended(client, path(&base, asked), asked)?,
    };
    let several = pipelines.len() > 1;
    for id in pipelines {
        match jobs(client, &base, id) {
            Ok(jobs) => listed.jobs.extend(jobs),
            Err(refusal @ (Refusal::NotFound(..) | Refusal::Expired)) if several => {
                listed.problems.push((format!("pipeline {id}"), refusal.to_string()));
            }
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(listed)
}

/// Returns the path of the list of pipelines, newest first.
fn path(base: &str, asked: &Asked) -> String {
    let mut path = format!("{base}/pipelines?per_page=100&scope=finished");
    if let Some(branch) = &asked.branch {
        path += &format!("&ref={}", encoded(branch));
    }
    if asked.failed {
        path += "&status=failed";
    }
    if let Some(since) = asked.since {
        path += &format!("&updated_after={}", encoded(&since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()));
    }
    path
}

/// Returns the pipelines of a list that failed or passed.
fn ended(client: &Client, path: String, asked: &Asked) -> Result<Vec<u64>, Refusal> {
    let pipelines = client.entries(path, MOST_PAGES, asked.last, |page: Vec<Pipeline>| page)?.into_iter();
    let ended = pipelines.filter(|one| match one.status.as_str() {
        "failed" | "canceled" => true,
        "success" => !asked.failed,
        _ => false,
    });
    Ok(ended.map(|one| one.id).take(asked.last).collect())
}

/// Returns the jobs of a pipeline, those that were tried again included: the first try of a name has the lowest id.
fn jobs(client: &Client, base: &str, pipeline: u64) -> Result<Vec<Job>, Refusal> {
    let path = format!("{base}/pipelines/{pipeline}/jobs?per_page=100&include_retried=true");
    let mut answers = client.entries(path, MOST_PAGES, usize::MAX, |page: Vec<Answer>| page)?;
    answers.sort_by_key(|job| job.id);
    let mut tries: BTreeMap<String, u64> = BTreeMap::new();
    let attempts = answers.into_iter().map(|answer| {
        let attempt = tries.entry(answer.name.clone()).or_default();
        *attempt += 1;
        job(base, pipeline, *attempt, answer)
    });
    Ok(attempts.collect())
}

fn job(base: &str, pipeline: u64, attempt: u64, answer: Answer) -> Job {
    let ended = match answer.status.as_str() {
        "failed" => Ended::Failed,
        "success" => Ended::Passed,
        "canceled" | "canceling" => Ended::Cancelled,
        "running" | "pending" | "created" | "scheduled" | "waiting_for_resource" => Ended::Open,
        _ => Ended::Not,
    };
    Job {
        run: pipeline,
        attempt,
        id: answer.id,
        key: answer.id.to_string(),
        log: format!("{base}/jobs/{}/trace", answer.id),
        name: answer.name,
        ended,
        conclusion: answer.status,
        commit: answer.commit.map(|commit| commit.id).unwrap_or_default(),
        runner: answer.runner.and_then(|runner| runner.description),
        erased: answer.erased_at.is_some(),
    }
}
