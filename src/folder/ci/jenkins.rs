//! The API of Jenkins: builds of a job, and their consoles.

use anyhow::Result;
use serde::Deserialize;

use super::address::Asked;
use super::bring::Listed;
use crate::folder::server::{Client, Ended, Job, Refusal};

/// Builds asked for at once.
const PAGE: usize = 100;
/// Pages read of the list of builds.
const MOST_PAGES: usize = 20;
/// What is asked of each build.
const FIELDS: &str = "number,result,building,timestamp,builtOn,actions[lastBuiltRevision[SHA1]]";

/// `GET …/job/{name}/api/json`.
#[derive(Debug, Deserialize)]
struct Builds {
    #[serde(rename = "allBuilds", default)]
    builds: Vec<Build>,
}

/// `GET …/job/{name}/{number}/api/json`.
#[derive(Debug, Deserialize)]
struct Build {
    number: u64,
    /// `None` while it runs.
    #[serde(default)]
    result: Option<String>,
    /// Milliseconds since 1970.
    #[serde(default)]
    timestamp: i64,
    #[serde(rename = "builtOn", default)]
    built_on: Option<String>,
    /// Each plug-in adds one; most say nothing here.
    #[serde(default)]
    actions: Vec<Option<Action>>,
}

#[derive(Debug, Deserialize)]
struct Action {
    #[serde(rename = "lastBuiltRevision", default)]
    revision: Option<Revision>,
}

#[derive(Debug, Deserialize)]
struct Revision {
    #[serde(rename = "SHA1", default)]
    sha: Option<String>,
}

/// Returns the builds that are meant, newest first: each is a job of its own.
pub(super) fn list(client: &Client, job: &str, build: Option<u64>, asked: &Asked) -> Result<Listed> {
    let name = name(job, asked.branch.as_deref());
    let path = match &asked.branch {
        // A branch of a multibranch job is a job inside it.
        Some(branch) => format!("/{job}/job/{}", branch.replace('/', "%252F")),
        None => format!("/{job}"),
    };
    let builds = match build {
        Some(number) => vec![client.json::<Build>(&format!("{path}/{number}/api/json?tree={FIELDS}"))?.0],
        None => builds(client, &path, asked)?,
    };
    let jobs = builds.into_iter().map(|build| answer(&path, &name, build)).collect();
    Ok(Listed { of: name, jobs, only: None, problems: Vec::new() })
}

/// Returns the name of a job without the words of its address: `folder/nightly/main`.
fn name(job: &str, branch: Option<&str>) -> String {
    let words: Vec<&str> = job.split('/').collect();
    let first = words.iter().position(|word| *word == "job").unwrap_or(0);
    let names = words.iter().skip(first).filter(|word| **word != "job").copied();
    names.chain(branch).collect::<Vec<_>>().join("/")
}

fn builds(client: &Client, path: &str, asked: &Asked) -> Result<Vec<Build>, Refusal> {
    let mut builds = Vec::new();
    for page in 0..MOST_PAGES {
        let (from, to) = (page * PAGE, (page + 1) * PAGE);
        let path = format!("{path}/api/json?tree=allBuilds[{FIELDS}]%7B{from},{to}%7D");
        let (answer, _) = client.json::<Builds>(&path)?;
        let whole = answer.builds.len() == PAGE;
        let young = |build: &Build| asked.since.is_none_or(|since| build.timestamp >= since.as_millisecond());
        let any_old = answer.builds.iter().any(|build| !young(build));
        let wanted = answer.builds.into_iter().filter(|build| {
            young(build)
                && match ended(build) {
                    Ended::Failed | Ended::Cancelled => true,
                    Ended::Passed => !asked.failed,
                    Ended::Open | Ended::Not => false,
                }
        });
        builds.extend(wanted);
        if !whole || any_old || builds.len() >= asked.last {
            break;
        }
    }
    builds.truncate(asked.last);
    Ok(builds)
}

fn ended(build: &Build) -> Ended {
    match build.result.as_deref() {
        // A build whose tests failed is called unstable.
        Some("FAILURE" | "UNSTABLE") => Ended::Failed,
        Some("SUCCESS") => Ended::Passed,
        Some("ABORTED") => Ended::Cancelled,
        None => Ended::Open,
        Some(_) => Ended::Not,
    }
}

fn answer(path: &str, name: &str, build: Build) -> Job {
    let shas = build.actions.iter().flatten().filter_map(|action| action.revision.as_ref()?.sha.clone());
    Job {
        run: build.number,
        attempt: 1,
        id: build.number,
        key: build.number.to_string(),
        name: name.to_owned(),
        ended: ended(&build),
        conclusion: build.result.as_deref().map_or("building".to_owned(), str::to_lowercase),
        commit: shas.into_iter().next().unwrap_or_default(),
        runner: build.built_on.clone(),
        log: format!("{path}/{}/consoleText", build.number),
        erased: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_called_by_its_folders_and_its_branch() {
        for (job, branch, called) in [
            ("job/nightly", None, "nightly"),
            ("jenkins/job/team/job/nightly", None, "team/nightly"),
            ("job/nightly", Some("feature/x"), "nightly/feature/x"),
        ] {
            assert_eq!(name(job, branch), called);
        }
    }
}
