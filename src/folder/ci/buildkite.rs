//! Buildkite's REST API, version 2: builds, their jobs, and the logs of those.

use anyhow::Result;
use serde::Deserialize;

use super::address::Asked;
use super::bring::Listed;
use crate::folder::github::encoded;
use crate::folder::server::{Client, Ended, Job, Refusal};

/// Pages read of the list of builds; 100 builds a page.
const MOST_PAGES: usize = 20;

/// `GET /organizations/{org}/pipelines/{pipeline}/builds/{number}`, and an entry of the list of builds.
#[derive(Debug, Deserialize)]
struct Build {
    number: u64,
    #[serde(default)]
    state: String,
    #[serde(default)]
    commit: String,
    #[serde(default)]
    jobs: Vec<Answer>,
}

/// One step of a build; only those of type `script` have a log.
#[derive(Debug, Deserialize)]
struct Answer {
    id: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    step_key: Option<String>,
    #[serde(default)]
    state: String,
    /// How often it had been tried before.
    #[serde(default)]
    retries_count: Option<u64>,
    #[serde(default)]
    agent: Option<Agent>,
}

#[derive(Debug, Deserialize)]
struct Agent {
    #[serde(default)]
    hostname: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

/// Returns the jobs of the builds that are meant, newest build first.
pub(super) fn list(
    client: &Client,
    organization: &str,
    pipeline: &str,
    build: Option<u64>,
    job: Option<&str>,
    asked: &Asked,
) -> Result<Listed> {
    let base = format!("/organizations/{}/pipelines/{}", encoded(organization), encoded(pipeline));
    let builds = match build {
        Some(number) => {
            vec![client.json::<Build>(&format!("{base}/builds/{number}?include_retried_jobs=true"))?.0]
        }
        None => builds(client, &base, asked)?,
    };
    let jobs: Vec<Job> = builds.into_iter().flat_map(|build| jobs(&base, build)).collect();
    let only = match job {
        None => None,
        Some(id) => {
            let named = jobs.iter().find(|job| job.key == id);
            let named = named.ok_or_else(|| anyhow::anyhow!("the build has no job {id} with a log"))?;
            Some(named.name.clone())
        }
    };
    Ok(Listed { of: format!("{organization}/{pipeline}"), jobs, only, problems: Vec::new() })
}

/// Returns the builds of a pipeline that failed or passed.
fn builds(client: &Client, base: &str, asked: &Asked) -> Result<Vec<Build>, Refusal> {
    let mut path = format!("{base}/builds?per_page=100&include_retried_jobs=true");
    let states: &[&str] = if asked.failed { &["failed"] } else { &["failed", "passed", "canceled"] };
    for state in states {
        path += &format!("&state%5B%5D={state}");
    }
    if let Some(branch) = &asked.branch {
        path += &format!("&branch={}", encoded(branch));
    }
    if let Some(since) = asked.since {
        path += &format!("&created_from={}", encoded(&since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()));
    }
    let ended = |build: &Build| states.contains(&build.state.as_str());
    let of = |page: Vec<Build>| page.into_iter().filter(ended).collect();
    let mut builds: Vec<Build> = client.entries(path, MOST_PAGES, asked.last, of)?;
    builds.truncate(asked.last);
    Ok(builds)
}

fn jobs(base: &str, build: Build) -> impl Iterator<Item = Job> {
    let (base, number, commit) = (base.to_owned(), build.number, build.commit);
    let scripts = build.jobs.into_iter().filter(|job| job.kind == "script");
    scripts.map(move |answer| job(&base, number, &commit, answer))
}

fn job(base: &str, build: u64, commit: &str, answer: Answer) -> Job {
    let ended = match answer.state.as_str() {
        "failed" | "timed_out" | "timing_out" | "expired" => Ended::Failed,
        "passed" => Ended::Passed,
        "canceled" | "canceling" => Ended::Cancelled,
        "running" | "pending" | "created" | "scheduled" | "assigned" | "accepted" => Ended::Open,
        _ => Ended::Not,
    };
    let name = answer.name.filter(|name| !name.is_empty()).or(answer.step_key);
    Job {
        run: build,
        attempt: answer.retries_count.unwrap_or(0) + 1,
        id: 0,
        log: format!("{base}/builds/{build}/jobs/{}/log.txt", encoded(&answer.id)),
        key: answer.id,
        name: name.unwrap_or_else(|| "step".to_owned()),
        ended,
        conclusion: answer.state,
        commit: commit.to_owned(),
        runner: answer.agent.and_then(|agent| agent.hostname.or(agent.name)),
        erased: false,
    }
}
