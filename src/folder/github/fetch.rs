//! Bringing in the logs of a run: all its attempts, the failed jobs and their passing twins.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::address::{self, Address};
use super::answers::{Jobs, Run};
use crate::error::Problem;
use crate::folder::Collection;
use crate::folder::server::{Client, Dialect, Ended, Job, Log, Refusal, Settings, bring, choose};

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
        let mut chosen = choose(&jobs, None, passing.is_some(), |job| job.attempt);
        chosen.retain(|(job, _)| passing.is_none_or(|names| names.contains(&job.name)));
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
        let run = self.address.run;
        let log = |id| self.path(&format!("jobs/{id}/logs"));
        let of = |page: Jobs| page.jobs.into_iter().map(|job| job.of_attempt(run, attempt, log)).collect();
        self.client.entries(path, MOST_PAGES, usize::MAX, of)
    }

    fn bring_logs(&mut self, jobs: &[Job], passing: bool) -> Result<()> {
        for job in jobs.iter().filter(|job| job.ended == Ended::Open) {
            self.note(&job.name, &format!("the job is {}; collect again when it is over", job.conclusion));
        }
        let only = self.asked_for(jobs)?;
        let chosen = choose(jobs, only.as_deref(), passing, |job| job.attempt);
        if chosen.is_empty() {
            self.note(
                "the run",
                "no job of it is wanted: none failed, or none passed where `--pass` asks for it",
            );
        }
        self.bring_chosen(chosen)
    }

    fn bring_chosen(&mut self, chosen: Vec<(&Job, bool)>) -> Result<()> {
        for (job, passed) in chosen {
            if !self.collection.has_job(&self.address.repository, job.id) {
                let (name, what) = (job.file(), format!("{} attempt {}", job.name, job.attempt));
                let origin = Some(job.origin(&self.address.repository));
                self.bring(Log { path: &job.log, name: &name, what: &what, passed, job: origin })?;
            }
        }
        Ok(())
    }

    fn bring_archives(&mut self, jobs: &[Job]) -> Result<()> {
        let attempts: BTreeSet<u64> = jobs.iter().map(|job| job.attempt).collect();
        for attempt in attempts {
            let of_attempt: Vec<Job> = jobs.iter().filter(|job| job.attempt == attempt).cloned().collect();
            let passed = choose(&of_attempt, None, false, |job| job.attempt).is_empty();
            let path = self.run(&format!("/attempts/{attempt}/logs"));
            let name = format!("run-{}-attempt-{attempt}.zip", self.address.run);
            let what = format!("attempt {attempt}");
            self.bring(Log { path: &path, name: &name, what: &what, passed, job: None })?;
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

    /// Brings a log or an archive in.
    fn bring(&mut self, log: Log<'_>) -> Result<()> {
        let what = log.what;
        let why = bring(self.client, self.collection, log, ToString::to_string)?;
        why.iter().for_each(|why| self.note(what, why));
        Ok(())
    }

    fn note(&mut self, what: &str, said: &str) {
        let source = format!("{} run {}: {what}", self.address.repository, self.address.run);
        self.collection.problems.push(Problem::incomplete(source, said));
    }
}
