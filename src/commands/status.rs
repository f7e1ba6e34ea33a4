//! `ndlog status`: what a failure's folder holds and which step is next.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::folder::{Failure, Progress};
use crate::reports::{print, say};

/// Says what a failure's folder holds and which step is next.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ndlog status ring-hang\n  ndlog status ring-hang --json")]
pub struct Args {
    /// The failure's folder.
    failure: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs the command. Exit codes: 0 told, 2 not a failure's folder.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let progress = Failure::open(&args.failure)?.progress();
    if args.json {
        print(&(serde_json::to_string_pretty(&progress)? + "\n"))?;
    } else {
        say(&progress_text(&progress))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn progress_text(progress: &Progress) -> String {
    let there = |there: bool| if there { "there" } else { "not yet" };
    let pattern = if progress.pattern_is_older { "older than the logs" } else { there(progress.pattern) };
    format!(
        "{}\n  failing logs  {}\n  passing logs  {}\n  pattern       {pattern}\n  stress test   {}\n  trials        {}\nnext: {}\n",
        progress.name,
        progress.failing_logs,
        progress.passing_logs,
        there(progress.stress_test),
        progress.trials,
        progress.advice
    )
}
