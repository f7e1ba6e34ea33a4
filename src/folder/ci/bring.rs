//! Bringing in what an address means: the jobs of its runs are listed, chosen and fetched.

use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result};

use super::address::{Address, Asked, Place};
use super::job::{Ended, Job, choose};
use super::{buildkite, gitlab, jenkins};
use crate::error::Problem;
use crate::folder::Collection;
use crate::folder::manifest;
use crate::folder::server::{Client, Dialect, Refusal, Settings};

/// The jobs of some runs.
pub(super) struct Listed {
    /// What the runs are of: a project, a pipeline.
    pub of: String,
    pub jobs: Vec<Job>,
    /// The name of the one job that is meant, where one is.
    pub only: Option<String>,
    /// What could not be listed, and why.
    pub problems: Vec<(String, String)>,
}

/// Brings the logs of the runs at `address` into `collection`: of jobs that failed, and of the same jobs where they
/// passed. What is here already is not asked for again; a log that the server cannot give is noted, and the rest is
/// still brought in.
///
/// # Errors
/// If the runs cannot be listed, the rate limit is used up for longer than the settings' patience, or the folder cannot
/// be written.
pub fn fetch(
    collection: &mut Collection<'_>,
    address: &Address,
    asked: &Asked,
    settings: &Settings,
) -> Result<()> {
    let (dialect, base) = server(address);
    let base = settings.api.clone().unwrap_or(base);
    let client = Client::new(dialect, &base, settings);
    let listed = match &address.place {
        Place::GitLab { project, which } => gitlab::list(&client, project, *which, asked),
        Place::Buildkite { organization, pipeline, build, job } => {
            buildkite::list(&client, organization, pipeline, *build, job.as_deref(), asked)
        }
        Place::Jenkins { job, build } => jenkins::list(&client, job, *build, asked),
    };
    let listed = listed.with_context(|| format!("cannot list the runs of {}", address.origin))?;
    let of = |ended: Ended| listed.jobs.iter().filter(move |job| job.ended == ended).count();
    (settings.tell)(&format!(
        "{}: {} jobs failed, {} passed, {} of neither",
        listed.of,
        of(Ended::Failed),
        of(Ended::Passed),
        of(Ended::Cancelled) + of(Ended::Not)
    ));
    Visit { client: &client, collection, of: &listed.of }.bring_all(&listed, asked.passing)
}

/// Returns whose API it is, and its base.
fn server(address: &Address) -> (Dialect, String) {
    match &address.place {
        Place::GitLab { .. } => (Dialect::GitLab, format!("{}/api/v4", address.origin)),
        Place::Buildkite { .. } => (Dialect::Buildkite, "https://api.buildkite.com/v2".to_owned()),
        Place::Jenkins { .. } => (Dialect::Jenkins, address.origin.clone()),
    }
}

struct Visit<'a, 'b> {
    client: &'a Client,
    collection: &'a mut Collection<'b>,
    of: &'a str,
}

impl Visit<'_, '_> {
    fn bring_all(&mut self, listed: &Listed, passing: bool) -> Result<()> {
        for (what, why) in &listed.problems {
            self.note(what, why);
        }
        let chosen = choose(&listed.jobs, listed.only.as_deref(), passing);
        for job in listed.jobs.iter().filter(|job| job.ended == Ended::Not && is_open(job)) {
            self.note(&job.name, &format!("the job is {}; collect again when it is over", job.conclusion));
        }
        if chosen.is_empty() {
            self.note(
                "its runs",
                "no job of them is wanted: none failed, or none passed where `--pass` asks for it",
            );
        }
        let mut run = None;
        for (job, passed) in chosen {
            // A collection that is killed keeps what it had of the runs before.
            if run.replace(job.run).is_some_and(|before| before != job.run) {
                self.collection.finish()?;
            }
            self.bring(job, passed)?;
        }
        Ok(())
    }

    fn bring(&mut self, job: &Job, passed: bool) -> Result<()> {
        let (what, from) = (
            format!("run {}, {} attempt {}", job.run, job.name, job.attempt),
            self.client.absolute(&job.log),
        );
        if self.collection.has_from(&from) {
            return Ok(());
        }
        if job.erased {
            self.note(&what, GONE);
            return Ok(());
        }
        let reader = match self.client.bytes(&job.log) {
            Ok(reader) => reader,
            Err(refusal @ Refusal::RateLimited(..)) => {
                return Err(refusal).with_context(|| format!("stopped before {what}"));
            }
            Err(Refusal::NotFound(..) | Refusal::Expired) => {
                self.note(&what, GONE);
                return Ok(());
            }
            Err(refusal) => {
                self.note(&what, &refusal.to_string());
                return Ok(());
            }
        };
        let mut reader = Watched { inner: reader, failed: None };
        let name = format!("run-{}-attempt-{}-{}-{}.log", job.run, job.attempt, slug(&job.name), job.key);
        let origin = self.origin(job);
        match self.collection.put(Path::new(&name), &mut reader, &from, passed, Some(origin)) {
            Ok(()) => Ok(()),
            Err(error) => match reader.failed {
                Some(broken) => {
                    self.note(&what, &format!("the download broke off ({broken}); nothing was kept of it"));
                    Ok(())
                }
                None => Err(error),
            },
        }
    }

    fn origin(&self, job: &Job) -> manifest::Job {
        manifest::Job {
            repository: self.of.to_owned(),
            run: job.run,
            attempt: job.attempt,
            id: job.id,
            name: job.name.clone(),
            conclusion: job.conclusion.clone(),
            commit: job.commit.clone(),
            runner: job.runner.clone().filter(|runner| !runner.is_empty()),
        }
    }

    fn note(&mut self, what: &str, said: &str) {
        let problem = Problem::incomplete(format!("{}: {what}", self.of), said);
        self.collection.problems.push(problem);
    }
}

const GONE: &str = "the log has expired or was erased on the server and cannot be fetched any more";

/// Returns true for a job that will still end.
fn is_open(job: &Job) -> bool {
    ["running", "pending", "created", "scheduled", "assigned", "accepted", "building", "waiting_for_resource"]
        .contains(&job.conclusion.as_str())
}

/// A reader that remembers its own error, so that a broken download and a full disk are told apart.
struct Watched<R> {
    inner: R,
    failed: Option<String>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).inspect_err(|error| self.failed = Some(error.to_string()))
    }
}

/// Returns the job's name as part of a file name.
fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").chars().take(60).collect()
}
