//! `ndlog merge`: what failed in the logs of several scans.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};

use super::catalog;
use super::logs::{finish, job_names};
use super::masking::Masking;
use crate::pipeline::{self, Parts, excerpts, plots};
use crate::reports::{Format, Output, deliver};
use crate::settings::Settings;
use crate::signatures::Catalog;

/// Brings together what `ndlog scan` wrote, and shows what failed in all of it as `ndlog cluster` does.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog merge 1.ndpart 2.ndpart\n  ndlog merge *.ndpart --format json -o findings.json\n  ndlog merge *.ndpart --format html -o report.html\n\nA part that was cut or damaged is named with the place; all that can be read of it counts.\nExit codes: 0 done, 1 a failure was found (with --exit-code), 2 nothing could be read, 3 some parts, or the logs in them, were not read whole."
)]
pub struct Args {
    /// Files that `ndlog scan` wrote.
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,
    /// Known failures of one's own, in the form of `signatures/`.
    #[arg(long, value_name = "DIR")]
    signatures: Option<PathBuf>,
    /// How paths of logs name jobs, whose runs are compared: the group `job`, or else the first group, is the job.
    #[arg(long, value_name = "REGEX")]
    job: Option<String>,
    /// Threads to use instead of one for each core; at most 512.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(..=512))]
    threads: Option<u16>,
    /// Exit with 1 when a failure was found, as `git diff` does.
    #[arg(long)]
    exit_code: bool,
    /// Show every failure at the terminal, not the ten most frequent.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    masking: Masking,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    let settings = Settings::here()?;
    let extended = catalog::extended(args.signatures.as_deref(), &settings)?;
    let jobs = job_names(args.job.as_deref(), &settings)?;
    let clustered = pipeline::merge(&Parts {
        paths: args.parts,
        catalog: extended.as_ref().unwrap_or(Catalog::embedded()),
        threads: args.threads.map(usize::from),
        jobs: jobs.as_ref(),
    })?;
    let is_page = !matches!(
        args.output.format,
        Format::Table | Format::Json | Format::Jsonl | Format::Csv | Format::Parquet
    );
    let found = finish(clustered, &settings, args.masking, |findings, shown| {
        if is_page {
            excerpts::add(findings, shown);
            plots::add(findings, shown);
        }
    })?;
    ensure!(!found.findings.sources.is_empty(), "none of the parts could be read");
    deliver(&found.findings, &args.output, args.all, false)?;
    Ok(found.code(args.exit_code))
}
