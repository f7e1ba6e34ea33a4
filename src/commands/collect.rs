//! `ndlog collect`: bringing logs into a failure's folder.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::failures::{Collection, Failure, Kept, collect};
use crate::reports::{say, warn};

/// Copies logs into a failure's folder: the same content once, nothing ever overwritten.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog collect ring-hang ci.log logs.zip downloads/\n  ndlog collect ring-hang --passing good.log\n  ndlog collect ring-hang https://github.com/OWNER/NAME/actions/runs/123456"
)]
pub struct Args {
    /// The failure's folder.
    failure: PathBuf,
    /// Files, folders, archives, or the URL of a GitHub Actions run or job.
    #[arg(required = true)]
    sources: Vec<String>,
    /// They are logs of passing runs.
    #[arg(long)]
    passing: bool,
}

/// Runs the command. Exit codes: 0 done, 2 refused, 3 done but something could not be brought in.
pub fn run(args: Args) -> Result<ExitCode> {
    let failure = Failure::open(&args.failure)?;
    let mut collection = Collection::open(&failure)?;
    let kept = bring_in(&args, &mut collection);
    collection.finish()?;
    told(&kept?, &collection)?;
    say(&format!("next: {}", failure.progress().advice))?;
    Ok(if collection.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn bring_in(args: &Args, collection: &mut Collection<'_>) -> Result<Vec<Kept>> {
    let paths: Vec<PathBuf> = args.sources.iter().map(PathBuf::from).collect();
    collect(collection, &paths, args.passing)
}

fn told(kept: &[Kept], collection: &Collection<'_>) -> Result<()> {
    for kept in kept {
        match kept {
            Kept::New(file) => say(&format!("new      {file}"))?,
            Kept::Already(file) => say(&format!("already  {file}"))?,
        }
    }
    for problem in &collection.problems {
        warn(&format!("ndlog: {problem}"))?;
    }
    Ok(())
}
