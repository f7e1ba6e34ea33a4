//! Bringing in the logs of a run: all its attempts, the failed jobs and their passing twins.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::address::{self, Address};
use super::answers::{Job, Jobs, Run};
use super::choice::choose;
use crate::error::Problem;
use crate::folder::Collection;
use crate::folder::manifest;
use crate::folder::server::{Client, Dialect, Refusal, Settings};

/// Pages read of one list; 100 jobs a page.
const MOST_PAGES: usize = 100;
/// Attempts looked at, newest first, as somebody may have restarted a job for weeks.
const MOST_ATTEMPTS: u64 = 50;

/// Which logs of a run are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those of failed jobs, and of the same jobs where another attempt passed.
    Failing,
    /// Those of all jobs that passed.
    Passing,
    /// The archives with all jobs of each attempt.
    Archives,
}

/// Brings the logs of the run or job at `url` into `collection`. A log that the server cannot give
/// is noted, and the rest is still brought in.
///
/// # Errors
/// If the address is of another form, the run cannot be seen, the rate limit is used up for longer
/// than the settings' patience, or the folder cannot be written.
pub fn fetch(collection: &mut Collection<'_>, url: &str, wanted: Wanted, settings: &Settings) -> Result<()> {
    let address = address::read(url)?;
    let base = settings.api.clone().unwrap_or_else(|| address.api());
    let client = Client::new(Dialect::GitHub, &base, settings);
    let mut visit = Visit { client: &client, address, collection };
    let jobs = visit.jobs().with_context(|| format!("cannot read {url}"))?;
    match wanted {
        Wanted::Archives => visit.bring_archives(&jobs),
        _ => visit.bring_logs(&jobs, wanted == Wanted::Passing),
    }
}

/// One run being read.
pub(super) struct Visit<'a, 'b> {
    pub client: &'a Client,
    pub address: Address,
    pub collection: &'a mut Collection<'b>,
}

impl Visit<'_, '_> {
    fn path(&self, rest: &str) -> String {
        format!("/repos/{}/actions/{rest}", self.address.repository)
    }

    fn run(&self, rest: &str) -> String {
        self.path(&format!("runs/{}{rest}", self.address.run))
    }

    /// Brings in the logs of failed jobs and their passing twins, or of the passing jobs with these names, and returns the
    /// names of the jobs that failed. A run that cannot be seen any more is noted.
    pub fn bring_run(&mut self, passing: Option<&BTreeSet<String>>) -> Result<BTreeSet<String>> {
        let jobs = match self.jobs() {
            Ok(jobs) => jobs,
            Err(refusal @ Refusal::RateLimited(..)) => {
                return Err(refusal).with_context(|| format!("stopped before run {}", self.address.run));
            }
            Err(refusal) => {
                self.note("the run", &refusal.to_string());
                return Ok(BTreeSet::new());
            }
        };
        let chosen = choose(&jobs, None, passing.is_some()).into_iter();
        let chosen: Vec<(Job, bool)> =
            chosen.filter(|(job, _)| passing.is_none_or(|names| names.contains(&job.name))).collect();
        let failed = chosen.iter().filter(|(_, passed)| !passed).map(|(job, _)| job.name.clone()).collect();
        self.bring_chosen(chosen)?;
        Ok(failed)
    }

    /// Returns the jobs of all attempts, first attempt first.
    fn jobs(&mut self) -> Result<Vec<Job>, Refusal> {
        let (run, _) = self.client.json::<Run>(&self.run(""))?;
        let first = run.run_attempt.saturating_sub(MOST_ATTEMPTS) + 1;
        let mut jobs = Vec::new();
        for attempt in first..=run.run_attempt {
            match self.jobs_of(attempt) {
                Ok(more) => jobs.extend(more),
                Err(refusal @ (Refusal::NotFound(..) | Refusal::Expired)) => {
                    self.note(&format!("attempt {attempt}"), &refusal.to_string());
                }
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(jobs)
    }

    fn jobs_of(&self, attempt: u64) -> Result<Vec<Job>, Refusal> {
        let path = self.run(&format!("/attempts/{attempt}/jobs?per_page=100"));
        let of = |page: Jobs| page.jobs.into_iter().map(|job| Job { run_attempt: attempt, ..job }).collect();
        self.client.entries(path, MOST_PAGES, usize::MAX, of)
    }

    fn bring_logs(&mut self, jobs: &[Job], passing: bool) -> Result<()> {
        for job in jobs.iter().filter(|job| job.conclusion.is_none()) {
            self.note(&job.name, &format!("the job is {}; collect again when it is over", job.status));
        }
        let only = self.asked_for(jobs)?;
        let chosen = choose(jobs, only.as_deref(), passing);
        if chosen.is_empty() {
            self.note(
                "the run",
                "no job of it is wanted: none failed, or none passed where `--pass` asks for it",
            );
        }
        self.bring_chosen(chosen)
    }

    fn bring_chosen(&mut self, chosen: Vec<(Job, bool)>) -> Result<()> {
        for (job, passed) in chosen {
            if self.collection.has_job(&self.address.repository, job.id) {
                continue;
            }
            let path = self.path(&format!("jobs/{}/logs", job.id));
            let name = format!(
                "run-{}-attempt-{}-{}-{}.log",
                self.address.run,
                job.run_attempt,
                slug(&job.name),
                job.id
            );
            let origin = self.origin(&job);
            self.bring(
                &path,
                &name,
                passed,
                &format!("{} attempt {}", job.name, job.run_attempt),
                Some(origin),
            )?;
        }
        Ok(())
    }

    fn bring_archives(&mut self, jobs: &[Job]) -> Result<()> {
        let attempts: BTreeSet<u64> = jobs.iter().map(|job| job.run_attempt).collect();
        for attempt in attempts {
            let of_attempt: Vec<Job> =
                jobs.iter().filter(|job| job.run_attempt == attempt).cloned().collect();
            let passed = choose(&of_attempt, None, false).is_empty();
            let path = self.run(&format!("/attempts/{attempt}/logs"));
            let name = format!("run-{}-attempt-{attempt}.zip", self.address.run);
            self.bring(&path, &name, passed, &format!("attempt {attempt}"), None)?;
        }
        Ok(())
    }

    /// Returns the name of the job that the address names, so that its twins are found as well.
    fn asked_for(&self, jobs: &[Job]) -> Result<Option<String>> {
        let Some(id) = self.address.job else { return Ok(None) };
        let named = jobs.iter().find(|job| job.id == id);
        let named = named.with_context(|| format!("run {} has no job {id}", self.address.run))?;
        Ok(Some(named.name.clone()))
    }

    fn bring(
        &mut self,
        path: &str,
        name: &str,
        passed: bool,
        what: &str,
        job: Option<manifest::Job>,
    ) -> Result<()> {
        let reader = match self.client.bytes(path) {
            Ok(reader) => reader,
            Err(refusal @ Refusal::RateLimited(..)) => {
                return Err(refusal).with_context(|| format!("stopped before {what}"));
            }
            Err(refusal) => {
                self.note(what, &refusal.to_string());
                return Ok(());
            }
        };
        let mut reader = Watched { inner: reader, failed: None };
        let from = self.client.absolute(path);
        match self.collection.put(&PathBuf::from(name), &mut reader, &from, passed, job) {
            Ok(()) => {}
            Err(error) => match reader.failed {
                Some(broken) => {
                    self.note(what, &format!("the download broke off ({broken}); nothing was kept of it"))
                }
                None => return Err(error),
            },
        }
        Ok(())
    }

    fn origin(&self, job: &Job) -> manifest::Job {
        manifest::Job {
            repository: self.address.repository.clone(),
            run: self.address.run,
            attempt: job.run_attempt,
            id: job.id,
            name: job.name.clone(),
            conclusion: job.conclusion.clone().unwrap_or_default(),
            commit: job.head_sha.clone(),
            runner: job.runner_name.clone().filter(|runner| !runner.is_empty()),
        }
    }

    fn note(&mut self, what: &str, said: &str) {
        let source = format!("{} run {}: {what}", self.address.repository, self.address.run);
        self.collection.problems.push(Problem::incomplete(source, said));
    }
}

/// A reader that remembers its own error, so that a broken download and a full disk are told apart.
struct Watched<R> {
    inner: R,
    failed: Option<String>,
}

impl<R: std::io::Read> std::io::Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.inner.read(buffer).inspect_err(|error| self.failed = Some(error.to_string()))
    }
}

/// Returns the job's name as part of a file name.
fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").chars().take(60).collect()
}
