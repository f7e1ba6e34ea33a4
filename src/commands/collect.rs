//! `ndlog collect`: bringing logs into a failure's folder.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::folder::{Collection, Failure, Kept, collect};
use crate::reports::{say, visible, warn};

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
    #[command(flatten)]
    server: Server,
}

/// Where to ask for the logs of a run. A token is read from `GITHUB_TOKEN` or `GH_TOKEN`.
#[derive(Debug, clap::Args)]
struct Server {
    /// The base of the REST API, where the URL does not tell it.
    #[arg(long, value_name = "URL", env = "GITHUB_API_URL")]
    api_url: Option<String>,
    /// Fetch the archives with all jobs of each attempt.
    #[arg(long, conflicts_with = "passing")]
    archives: bool,
    /// Wait at most this long for a rate limit.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    patience: u64,
}

/// Runs the command. Exit codes: 0 done, 2 refused, 3 done but something could not be brought in.
pub fn run(args: Args) -> Result<ExitCode> {
    let failure = Failure::open(&args.failure)?;
    let mut collection = Collection::open(&failure)?;
    let brought = bring_in(&args, &mut collection);
    collection.finish()?;
    told(&collection)?;
    brought?;
    say(&format!("next: {}", failure.progress().advice))?;
    Ok(if collection.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// Brings sources into a failure's folder and says so; returns true if all could be brought in.
///
/// # Errors
/// If one of them is refused or the folder cannot be written.
pub(super) fn bring(failure: &Failure, sources: &[String], passing: bool) -> Result<bool> {
    let server = Server { api_url: std::env::var("GITHUB_API_URL").ok(), archives: false, patience: 60 };
    let args = Args { failure: failure.folder().to_owned(), sources: sources.to_vec(), passing, server };
    let mut collection = Collection::open(failure)?;
    let brought = bring_in(&args, &mut collection);
    collection.finish()?;
    told(&collection)?;
    brought?;
    Ok(collection.problems.is_empty())
}

fn bring_in(args: &Args, collection: &mut Collection<'_>) -> Result<()> {
    for source in &args.sources {
        if source.starts_with("https://") || source.starts_with("http://") {
            from_server(args, source, collection)?;
        } else {
            collect(collection, &[PathBuf::from(source)], args.passing)?;
        }
    }
    Ok(())
}

#[cfg(feature = "github")]
fn from_server(args: &Args, url: &str, collection: &mut Collection<'_>) -> Result<()> {
    use crate::folder::github::{Settings, Wanted, fetch};
    let wanted = match (args.server.archives, args.passing) {
        (true, _) => Wanted::Archives,
        (_, true) => Wanted::Passing,
        _ => Wanted::Failing,
    };
    let variable = |name| std::env::var(name).ok().filter(|token: &String| !token.is_empty());
    let token = variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN"));
    let settings = Settings { api: args.server.api_url.clone(), token, patience: args.server.patience };
    fetch(collection, url, wanted, &settings)
}

#[cfg(not(feature = "github"))]
fn from_server(args: &Args, url: &str, _: &mut Collection<'_>) -> Result<()> {
    anyhow::bail!(
        "cannot fetch {url:?} ({:?}): this ndlog is built without the feature `github`",
        args.server
    )
}

fn told(collection: &Collection<'_>) -> Result<()> {
    for kept in &collection.kept {
        match kept {
            Kept::New(file) => say(&format!("new      {}", visible(file)))?,
            Kept::Already(file) => say(&format!("already  {}", visible(file)))?,
        }
    }
    for problem in &collection.problems {
        warn(&format!("ndlog: {problem}"));
    }
    Ok(())
}
