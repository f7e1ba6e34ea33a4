//! Which logs to read: the options of every command that looks for failures, and what it notes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use super::masking::Masking;
use super::remember::Remember;
use super::{catalog, ended, today};
use crate::findings::{Findings, Outcome};
use crate::folder::Failure;
use crate::input::Request;
use crate::pipeline::{self, Clustered, Parts, Shown};
use crate::reports;
use crate::runs::JobNames;
use crate::settings::Settings;
use crate::signatures::Catalog;
use crate::store::LastLook;

/// Which logs to read, and how.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Logs")]
pub struct Logs {
    /// Files, folders, compressed files, archives, a failure's folder, or `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// Read paths from this file, one a line.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// Logs of passing runs, to compare with.
    #[arg(long, num_args = 1.., value_name = "PATH")]
    pub pass: Vec<PathBuf>,
    /// Known failures of one's own, in the form of `signatures/`.
    #[arg(long, value_name = "DIR")]
    pub signatures: Option<PathBuf>,
    /// How paths of logs name jobs, whose runs are compared: the group `job`, or else the first group, is the job.
    #[arg(long, value_name = "REGEX")]
    pub job: Option<String>,
    /// Threads to use instead of one for each core; at most 512.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(..=512))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub memory: Remember,
    #[command(flatten)]
    pub masking: Masking,
}

/// What was found in logs.
pub struct Found {
    pub findings: Findings,
    /// False if some inputs could not be read whole; each was named on standard error.
    pub whole: bool,
}

impl Logs {
    /// Returns the logs of the last look in this folder where none are named, and says which those are.
    pub fn or_of_the_last_look(mut self) -> Self {
        if !self.paths.is_empty() || self.files_from.is_some() || self.memory.asked() {
            return self;
        }
        let Some(look) = LastLook::here() else { return self };
        let first = look.paths.iter().chain(&look.files_from).next();
        let first = first.map(|path| path.display().to_string()).unwrap_or_default();
        let more = look.paths.len().saturating_sub(1);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        reports::warn(&format!("ndlog: the logs of the last look here: {first}{more}"));
        (self.paths, self.files_from) = (look.paths, look.files_from);
        if self.pass.is_empty() {
            self.pass = look.passing;
        }
        self.signatures = self.signatures.or(look.signatures);
        self.job = self.job.or(look.job);
        self
    }

    /// Returns what must be named to look at the same again.
    pub fn look(&self) -> LastLook {
        LastLook {
            folder: PathBuf::new(),
            paths: self.paths.clone(),
            files_from: self.files_from.clone(),
            passing: self.pass.clone(),
            signatures: self.signatures.clone(),
            job: self.job.clone(),
        }
    }

    /// Reads the logs, groups what failed, and names on standard error what could not be read.
    ///
    /// # Errors
    /// If no logs are named, none can be read, or the entries of one's own are bad.
    pub fn read(mut self, with: impl Fn(&mut Findings, &Shown)) -> anyhow::Result<Found> {
        self.enter_failure()?;
        let settings = Settings::here()?;
        let extended = catalog::extended(self.signatures.as_deref(), &settings)?;
        let catalog = extended.as_ref().unwrap_or(Catalog::embedded());
        let jobs = job_names(self.job.as_deref(), &settings)?;
        let named = !self.paths.is_empty() || self.files_from.is_some();
        let (memory, unusable) = self.memory.open(&settings, catalog, named)?;
        let threads = self.threads.map(usize::from);
        if let (false, true, Some(memory)) = (named, self.memory.asked(), &memory) {
            let parts = Parts { paths: Vec::new(), catalog, threads, jobs: jobs.as_ref() };
            let found = finish(pipeline::remembered(memory, &parts)?, &settings, self.masking, with)?;
            anyhow::ensure!(!found.findings.sources.is_empty(), "the store remembers no log yet: name some");
            return Ok(found);
        }
        anyhow::ensure!(named, "no logs named: give files or folders, such as `logs/`");
        let logs = pipeline::Logs {
            request: Request { paths: self.paths, files_from: self.files_from },
            passing: Request { paths: self.pass, files_from: None },
            catalog,
            threads,
            jobs: jobs.as_ref(),
            memory: memory.as_ref(),
        };
        let progress = reports::Progress::of("reading logs");
        let mut clustered = pipeline::cluster(&logs)?;
        drop(progress);
        clustered.problems.extend(unusable);
        let found = finish(clustered, &settings, self.masking, with)?;
        anyhow::ensure!(!found.findings.sources.is_empty(), "none of the inputs could be read as a log");
        if let Some(memory) = memory.filter(|_| self.memory.asked()) {
            reports::warn(&format!("ndlog: {}", memory.summary()));
        }
        Ok(found)
    }

    /// Turns the folder of a failure into its logs, of failing and of passing runs.
    fn enter_failure(&mut self) -> anyhow::Result<()> {
        let [path] = self.paths.as_slice() else { return Ok(()) };
        if let Some(failure) = failure(path) {
            anyhow::ensure!(
                failure.progress().failing_logs > 0,
                "{path} holds no log of a failing run yet; `ndlog collect {path} LOGS…` brings some",
                path = path.display()
            );
            self.paths = vec![failure.logs()];
            self.pass.push(failure.passing());
        }
        Ok(())
    }
}

/// Names on standard error what could not be read, adds what a report shows, marks what the project says, and masks
/// secrets.
pub fn finish(
    clustered: Clustered,
    settings: &Settings,
    masking: Masking,
    with: impl Fn(&mut Findings, &Shown),
) -> anyhow::Result<Found> {
    let Clustered { mut findings, problems, shown } = clustered;
    let mut whole = true;
    for problem in findings.sources.iter().flat_map(|source| &source.problems).chain(&problems) {
        whole &= !problem.incomplete;
        reports::warn(&problem.to_string());
    }
    if let Some(left_out) = reports::left_out(&findings.totals.coverage) {
        reports::warn(&left_out);
    }
    with(&mut findings, &shown);
    mark(&mut findings, settings)?;
    Ok(Found { findings: masking.findings(findings)?, whole })
}

/// Returns how paths name jobs: as the option says, or else as `.ndlog.toml` does.
pub fn job_names(option: Option<&str>, settings: &Settings) -> anyhow::Result<Option<JobNames>> {
    let set = option.or(settings.jobs.pattern.as_deref());
    let read =
        |pattern: &str| JobNames::new(pattern).with_context(|| format!("the pattern of jobs {pattern:?}"));
    set.map(read).transpose()
}

/// Marks what the project says of the failures, and warns of entries that fit several.
pub fn mark(findings: &mut Findings, settings: &Settings) -> anyhow::Result<()> {
    for warning in pipeline::marks::mark(findings, settings, today())? {
        reports::warn(&warning);
    }
    Ok(())
}

/// Returns the failure whose folder this is. A folder of logs may well hold a folder `logs`, so
/// the README and the folder for the tests that `ndlog new` makes are asked for too.
fn failure(path: &Path) -> Option<Failure> {
    let failure = Failure::open(path).ok()?;
    (failure.readme().is_file() && failure.tests().is_dir() && failure.passing().is_dir()).then_some(failure)
}

/// The exit code where nothing states how a log ended.
const UNCLEAR: u8 = 4;

impl Found {
    /// Returns true if and only if a run failed that is not one to compare with.
    pub fn failed(&self) -> bool {
        self.findings.runs.iter().any(|run| run.outcome == Outcome::Fail && !run.baseline)
    }

    /// Returns true if and only if nothing states how some run ended and none failed.
    pub fn unclear(&self) -> bool {
        let asked = || self.findings.runs.iter().filter(|run| !run.baseline);
        !self.failed() && asked().any(|run| run.outcome == Outcome::Unknown)
    }

    /// Returns the exit code of an answer to whether something failed: 4 where nothing states how a log ended.
    pub fn answer(&self) -> ExitCode {
        if self.whole && self.unclear() { ExitCode::from(UNCLEAR) } else { self.code(true) }
    }

    /// Returns 3 if something was not read whole, else 1 if a failure counts and there was one, else 0.
    pub fn code(&self, failure_counts: bool) -> ExitCode {
        if self.whole && failure_counts && self.failed() { ExitCode::from(1) } else { ended(self.whole) }
    }
}
