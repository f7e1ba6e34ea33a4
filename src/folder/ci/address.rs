//! What an address in a browser says: whose server it is, and which runs or which job are meant.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;

use crate::folder::github::is_host;

/// Runs on one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Scheme and host.
    pub(super) origin: String,
    pub(super) place: Place,
}

/// Where the runs are, and which of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    GitLab {
        project: String,
        which: GitLab,
    },
    Buildkite {
        organization: String,
        pipeline: String,
        build: Option<u64>,
        job: Option<String>,
    },
    /// The path of the job, from the host on.
    Jenkins {
        job: String,
        build: Option<u64>,
    },
}

/// Which runs of a project at GitLab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GitLab {
    Pipeline(u64),
    Job(u64),
    MergeRequest(u64),
    All,
}

/// Which of the runs of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub branch: Option<String>,
    /// At most so many runs, newest first.
    pub last: usize,
    /// Failed runs only.
    pub failed: bool,
    /// No older run.
    pub since: Option<Timestamp>,
    /// All jobs that passed, instead of those that failed and their twins.
    pub passing: bool,
}

/// Reads the address of a pipeline, job, merge request or list of pipelines at GitLab (`…/-/…`), of a build, a job in it
/// or a pipeline at Buildkite, or of a job or build of Jenkins (`…/job/…`); `None` for any other.
///
/// # Errors
/// If a number in it is none, or it holds odd characters.
pub fn read(url: &str) -> Result<Option<Address>> {
    let Some((scheme @ ("https" | "http"), rest)) = url.split_once("://") else { return Ok(None) };
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let rest = rest.split('?').next().unwrap_or(rest);
    let words: Vec<&str> = rest.split('/').filter(|word| !word.is_empty()).collect();
    let [host, path @ ..] = words.as_slice() else { return Ok(None) };
    let place = match path {
        _ if path.contains(&"-") => gitlab(path)?,
        _ if host.split(':').next() == Some("buildkite.com") => buildkite(path, fragment)?,
        // GitHub has `job` in the addresses of its runs.
        _ if path.contains(&"job") && !path.contains(&"actions") => jenkins(path)?,
        _ => None,
    };
    let Some(place) = place else { return Ok(None) };
    ensure!(is_host(host), "the host's name in {url:?} holds odd characters");
    ensure!(path.iter().all(|word| is_plain(word)), "{url:?} holds odd characters");
    Ok(Some(Address { origin: format!("{scheme}://{host}"), place }))
}

/// Returns true for a part of a path that stands for itself alone.
fn is_plain(word: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.~%+@,:()".contains(letter);
    !matches!(word, "." | "..") && word.chars().all(plain)
}

fn number(word: &str, what: &str) -> Result<u64> {
    word.parse().with_context(|| format!("{word:?} is not the number of a {what}"))
}

fn gitlab(path: &[&str]) -> Result<Option<Place>> {
    let Some(at) = path.iter().position(|word| *word == "-") else { return Ok(None) };
    let (project, tail) = path.split_at(at);
    let which = match tail.get(1..).unwrap_or_default() {
        ["pipelines", id, ..] if id.starts_with(|letter: char| letter.is_ascii_digit()) => {
            GitLab::Pipeline(number(id, "pipeline")?)
        }
        ["pipelines", ..] => GitLab::All,
        ["jobs", id, ..] => GitLab::Job(number(id, "job")?),
        ["merge_requests", id, ..] => GitLab::MergeRequest(number(id, "merge request")?),
        _ => return Ok(None),
    };
    ensure!(project.len() > 1, "an address at GitLab has a group and a project before `/-/`");
    Ok(Some(Place::GitLab { project: project.join("/"), which }))
}

fn buildkite(path: &[&str], fragment: &str) -> Result<Option<Place>> {
    let (organization, pipeline, build) = match path {
        [organization, pipeline] | [organization, pipeline, "builds"] => (organization, pipeline, None),
        [organization, pipeline, "builds", build, ..] => {
            (organization, pipeline, Some(number(build, "build")?))
        }
        _ => return Ok(None),
    };
    let is_job = fragment.len() == 36 && fragment.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    Ok(Some(Place::Buildkite {
        organization: (*organization).to_owned(),
        pipeline: (*pipeline).to_owned(),
        build,
        job: is_job.then(|| fragment.to_owned()),
    }))
}

fn jenkins(path: &[&str]) -> Result<Option<Place>> {
    let Some(last) = path.iter().rposition(|word| *word == "job") else { return Ok(None) };
    let Some(name) = path.get(last + 1) else { return Ok(None) };
    let job = path.get(..last).unwrap_or_default().iter().copied().chain(["job", name]);
    let build = path.get(last + 2).filter(|word| word.bytes().all(|letter| letter.is_ascii_digit()));
    let build = build.map(|word| number(word, "build")).transpose()?;
    Ok(Some(Place::Jenkins { job: job.collect::<Vec<_>>().join("/"), build }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_that_a_browser_shows_are_read() {
        let gitlab = |which| Place::GitLab { project: "g/s/p".to_owned(), which };
        let buildkite = |build, job: Option<&str>| Place::Buildkite {
            organization: "acme".to_owned(),
            pipeline: "web".to_owned(),
            build,
            job: job.map(str::to_owned),
        };
        let jenkins = |job: &str, build| Place::Jenkins { job: job.to_owned(), build };
        let job = "0192f0c1-1111-4222-8333-444455556666";
        for (url, place) in [
            ("https://gitlab.com/g/s/p/-/pipelines/7", gitlab(GitLab::Pipeline(7))),
            ("https://gitlab.com/g/s/p/-/pipelines/7/failures?x=1", gitlab(GitLab::Pipeline(7))),
            ("https://git.example/g/s/p/-/jobs/9", gitlab(GitLab::Job(9))),
            ("https://git.example/g/s/p/-/merge_requests/3/diffs", gitlab(GitLab::MergeRequest(3))),
            ("https://git.example/g/s/p/-/pipelines?ref=main", gitlab(GitLab::All)),
            ("https://buildkite.com/acme/web/builds/12", buildkite(Some(12), None)),
            (&format!("https://buildkite.com/acme/web/builds/12#{job}"), buildkite(Some(12), Some(job))),
            ("https://buildkite.com/acme/web", buildkite(None, None)),
            ("https://buildkite.com/acme/web/builds?branch=main", buildkite(None, None)),
            ("https://ci.example/job/nightly/41/", jenkins("job/nightly", Some(41))),
            (
                "https://ci.example/jenkins/job/a/job/main/41/console",
                jenkins("jenkins/job/a/job/main", Some(41)),
            ),
            ("https://ci.example/view/all/job/nightly/", jenkins("view/all/job/nightly", None)),
            ("https://ci.example/job/nightly/lastFailedBuild/", jenkins("job/nightly", None)),
        ] {
            assert_eq!(read(url).unwrap().map(|address| address.place), Some(place), "{url}");
        }
    }

    #[test]
    fn other_addresses_are_none_of_these_and_odd_ones_are_refused() {
        for url in [
            "https://github.com/o/r/actions/runs/12/job/34",
            "https://github.com/o/r/pull/12",
            "https://git.example/g/p/-/issues/4",
            "a.log",
        ] {
            assert_eq!(read(url).unwrap(), None, "{url}");
        }
        for url in [
            "https://git.example/g/p/-/jobs/x",
            "https://git.example/p/-/jobs/1",
            "https://git.example/../p/-/jobs/1",
            "https://a@b/g/p/-/jobs/1",
            "https://ci.example/job/a b/1",
            "https://buildkite.com/acme/web/builds/x",
        ] {
            assert!(read(url).is_err(), "{url}");
        }
    }
}
