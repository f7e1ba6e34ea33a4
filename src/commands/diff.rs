//! `ndlog diff`: what failing logs say that passing ones do not.

use std::path::PathBuf;
use std::process::ExitCode;

use super::masking::Masking;
use super::warn_of;
use crate::pipeline;
use crate::reports::diff::{DiffFormat, write};
use crate::reports::{Output, columns, deliver_with};

/// Shows what failing logs say that passing ones do not, best first.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Lines are compared by their words: numbers, times, paths and ids do not count. Shown is what tells a failure and what stands with it; give several passing logs to see less.\n\nExamples:\n  ndlog diff --pass yesterday.log --fail today.log\n  ndlog diff --pass logs/passing --fail run.zip --format markdown >> \"$GITHUB_STEP_SUMMARY\"\n  ndlog diff --pass a.log b.log --fail c.log --format json -o diff.json\n\nExit codes: 0 done (whatever was found), 2 wrong usage or nothing could be read, 3 some inputs were not read whole."
)]
pub struct Args {
    /// Logs of passing runs: files, folders, compressed files or archives.
    #[arg(long, required = true, num_args = 1.., value_name = "PATH")]
    pass: Vec<PathBuf>,
    /// Logs of failing runs: files, folders, compressed files, archives, or `-` for standard input.
    #[arg(long, required = true, num_args = 1.., value_name = "PATH")]
    fail: Vec<PathBuf>,
    /// How to write what was found.
    #[arg(long, value_enum, default_value_t)]
    format: DiffFormat,
    /// Write to this file, whole or not at all, instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    masking: Masking,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let found = pipeline::diff(args.pass, args.fail);
    let code = warn_of(&found.problems);
    for (side, logs) in [("--pass", found.passing), ("--fail", found.failing)] {
        anyhow::ensure!(logs > 0, "nothing under {side} could be read as a log");
    }
    let output = Output::plain(args.output);
    let diff = args.masking.diff(found.diff)?;
    deliver_with(&output, |out| write(&diff, args.format, columns(), out))?;
    Ok(code)
}
