//! `ndlog why`: for the person at a red build.

use std::process::ExitCode;

use super::logs::Logs;
use crate::findings::Verdict;
use crate::pipeline::excerpts;
use crate::reports::{Color, Output, columns, deliver_with, write_verdict};

/// Tells in a few lines why a build is red: the verdict, the lines to read, what to do next.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog why build.log\n  make test 2>&1 | ndlog why -\n\nExit codes: 0 nothing failed, 1 something failed, 4 the log does not say how it ended, 2 nothing could be read, 3 the log was not read whole."
)]
pub struct Args {
    #[command(flatten)]
    logs: Logs,
    /// When to colour.
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    color: Color,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let found = args.logs.read(excerpts::add)?;
    let output = Output { color: args.color, no_pager: true, ..Output::default() };
    let verdict = Verdict::of(&found.findings);
    deliver_with(&output, |out| write_verdict(&verdict, columns(), out))?;
    Ok(found.answer())
}
