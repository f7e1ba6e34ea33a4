//! `ndlog scan`: what some logs say, written to a file.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use super::{catalog, ended};
use crate::input::Request;
use crate::pipeline::{self, Scan};
use crate::reports::{self, say};
use crate::settings::Settings;
use crate::signatures::Catalog;
use crate::whole_file::WholeFile;

/// Reads logs and writes what they say to a file, to be brought together with those of other machines by `ndlog merge`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog scan logs/shard-1 -o 1.ndpart\n  ndlog scan logs/shard-2 --pass logs/passing -o 2.ndpart\n  ndlog merge *.ndpart\n\nA part holds what was read of the logs, secrets included; what `ndlog merge` shows of it is masked.\nExit codes: 0 written, 2 nothing could be read or written, 3 some inputs were not read whole."
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
    /// Threads to use instead of one for each core; at most 512.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(..=512))]
    threads: Option<u16>,
    /// The file to write, whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    let named = !args.paths.is_empty() || args.files_from.is_some() || !args.pass.is_empty();
    ensure!(named, "no logs named: give files or folders, such as `logs/`");
    let extended = catalog::extended(args.signatures.as_deref(), &Settings::here()?)?;
    let scan = Scan {
        request: Request { paths: args.paths, files_from: args.files_from },
        passing: Request { paths: args.pass, files_from: None },
        catalog: extended.as_ref().unwrap_or(Catalog::embedded()),
        threads: args.threads.map(usize::from),
    };
    let cannot = || format!("cannot write {}", args.output.display());
    let mut file = WholeFile::beside(&args.output).with_context(cannot)?;
    let summary = pipeline::scan(&scan, &mut file)?;
    for problem in &summary.problems {
        reports::warn(&problem.to_string());
    }
    ensure!(summary.sources > 0, "none of the inputs could be read as a log; nothing was written");
    file.keep().with_context(cannot)?;
    say(&format!("wrote what {} logs say to {}", summary.sources, args.output.display()))?;
    Ok(ended(summary.problems.iter().all(|problem| !problem.incomplete)))
}
