//! `ndlog cluster`: what failed, how often, and how alike.

use std::process::ExitCode;

use super::logs::Logs;
use crate::reports::{Output, deliver};

/// Groups the same failure across logs and shows what failed, how often and where.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog cluster logs/\n  ndlog cluster run.zip --pass logs/passing\n  ndlog cluster logs/ --format json -o findings.json\n\nExit codes: 0 done, 1 a failure was found (with --exit-code), 2 nothing could be read, 3 some inputs were not read whole."
)]
pub struct Args {
    #[command(flatten)]
    logs: Logs,
    /// Exit with 1 when a failure was found, as `git diff` does.
    #[arg(long)]
    exit_code: bool,
    /// Show every failure at the terminal, not the ten most frequent.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let look = args.logs.look();
    let found = args.logs.read(|_, _| ())?;
    let remembered = args.output.is_seen() && look.keep();
    deliver(&found.findings, &args.output, args.all, remembered)?;
    Ok(found.code(args.exit_code))
}
