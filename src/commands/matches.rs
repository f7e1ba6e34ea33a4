//! `ndlog matches`: whether the logs of runs hold the failure of a folder.

use std::path::PathBuf;
use std::process::ExitCode;

use super::pattern_of;
use crate::experiment::Likeness;
use crate::folder::Failure;
use crate::pipeline::identity;
use crate::reports::{say, visible};

/// Says of each log whether it holds the failure, nearly holds it, and what differs.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog matches ring-hang run.log\n  ndlog matches ring-hang trials/stress/*/log.1\n\nExit codes: 0 all hold it, 1 some do not, 2 something could not be read."
)]
pub struct Args {
    /// The failure's folder.
    failure: PathBuf,
    /// What failing runs printed.
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let failure = Failure::open(&args.failure)?;
    let pattern = pattern_of(&failure)?;
    let mut all = true;
    for log in &args.logs {
        let compared = identity::compare_file(&pattern.oracle, log)?;
        let word = match compared.likeness {
            Likeness::Same => "matches",
            Likeness::Near => "near",
            Likeness::Another => "another",
        };
        let why = compared.difference.map_or_else(String::new, |difference| format!("  ({difference})"));
        say(&format!("{word:<7}  {}{why}", visible(&log.display().to_string())))?;
        all &= compared.likeness == Likeness::Same;
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
