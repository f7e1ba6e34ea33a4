//! `ndlog cluster`: what failed, how often, and how alike.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::findings::Outcome;
use crate::pipeline::{self, Clustered, Logs};
use crate::reports::{self, Output};
use crate::signatures::Catalog;
use crate::sources::Request;

/// Groups the same failure across logs and shows what failed, how often and where.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog cluster logs/\n  ndlog cluster run.zip --pass logs/passing\n  ndlog cluster logs/ --format json -o findings.json\n\nExit codes: 0 done, 1 a failure was found (with --exit-code), 2 nothing could be read, 3 some inputs were not read whole."
)]
pub struct Args {
    /// Files, folders, compressed files, archives, or `-` for standard input.
    paths: Vec<PathBuf>,
    /// Read paths from this file, one a line.
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// Logs of passing runs, to compare with.
    #[arg(long, num_args = 1.., value_name = "PATH")]
    pass: Vec<PathBuf>,
    /// Known failures of one's own, in the form of `signatures/`.
    #[arg(long, value_name = "DIR")]
    signatures: Option<PathBuf>,
    /// Threads to use instead of one for each core.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Exit with 1 when a failure was found, as `git diff` does.
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let named = !args.paths.is_empty() || args.files_from.is_some();
    anyhow::ensure!(named, "no logs named: give files or folders, such as `ndlog cluster logs/`");
    let own = args.signatures.as_deref().map(Catalog::load).transpose()?;
    let extended = own.map(|own| Catalog::embedded().extended(&own)).transpose()?;
    let logs = Logs {
        request: Request { paths: args.paths, files_from: args.files_from },
        passing: Request { paths: args.pass, files_from: None },
        catalog: extended.as_ref().unwrap_or(Catalog::embedded()),
        threads: args.threads,
    };
    let clustered = pipeline::cluster(&logs)?;
    finish(&clustered, &args.output, args.exit_code)
}

fn finish(clustered: &Clustered, output: &Output, exit_code: bool) -> anyhow::Result<ExitCode> {
    let findings = &clustered.findings;
    let noted = || findings.sources.iter().flat_map(|source| &source.problems).chain(&clustered.problems);
    for problem in noted() {
        reports::warn(&problem.to_string())?;
    }
    anyhow::ensure!(!findings.sources.is_empty(), "none of the inputs could be read as a log");
    reports::deliver(findings, output)?;
    let failed = findings.sources.iter().any(|source| source.outcome == Outcome::Fail && !source.baseline);
    Ok(match () {
        () if noted().any(|problem| problem.incomplete) => ExitCode::from(3),
        () if exit_code && failed => ExitCode::from(1),
        () => ExitCode::SUCCESS,
    })
}
