//! `ndlog cluster`: what failed, how often, and how alike.

use std::path::PathBuf;
use std::process::ExitCode;

/// Groups the same failure across logs and shows what failed, how often and where.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog cluster logs/\n  ndlog cluster run.zip --pass logs/passing --format json -o findings.json"
)]
pub struct Args {
    /// Files, folders, archives, or `-` for standard input.
    paths: Vec<PathBuf>,
}

/// Runs the command. Exit codes: 0 done, 2 nothing could be read, 3 some inputs not read whole.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        !args.paths.is_empty(),
        "no logs named: give files or folders, such as `ndlog cluster logs/`"
    );
    Ok(ExitCode::SUCCESS)
}
