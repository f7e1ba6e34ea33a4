//! Bringing in what an address means: the jobs of its runs are listed, chosen and fetched.

use anyhow::{Context, Result};

use super::address::{Address, Asked, Place};
use super::{buildkite, gitlab, jenkins};
use crate::error::Problem;
use crate::folder::Collection;
use crate::folder::server::{Client, Dialect, Ended, Job, Log, Refusal, Settings, bring, choose};

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
        of(Ended::Cancelled) + of(Ended::Open) + of(Ended::Not)
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
        let chosen = choose(&listed.jobs, listed.only.as_deref(), passing, |job| job.run);
        for job in listed.jobs.iter().filter(|job| job.ended == Ended::Open) {
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
        let what = format!("run {}, {} attempt {}", job.run, job.name, job.attempt);
        if self.collection.has_from(&self.client.absolute(&job.log)) {
            return Ok(());
        }
        if job.erased {
            self.note(&what, GONE);
            return Ok(());
        }
        let (name, origin) = (job.file(), Some(job.origin(self.of)));
        let log = Log { path: &job.log, name: &name, what: &what, passed, job: origin };
        let why = bring(self.client, self.collection, log, |refusal| match refusal {
            Refusal::NotFound(..) | Refusal::Expired => GONE.to_owned(),
            other => other.to_string(),
        })?;
        why.iter().for_each(|why| self.note(&what, why));
        Ok(())
    }

    fn note(&mut self, what: &str, said: &str) {
        let problem = Problem::incomplete(format!("{}: {what}", self.of), said);
        self.collection.problems.push(problem);
    }
}

const GONE: &str = "the log has expired or was erased on the server and cannot be fetched any more";
