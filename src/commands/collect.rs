//! `ndlog collect`: bringing logs into a failure's folder.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use super::ended;
use super::sorting::sort_new;
use crate::durations;
use crate::folder::{Collection, Failure, Kept, collect};
use crate::reports::{say, visible, warn};

/// Copies logs into a failure's folder: the same content once, nothing ever overwritten.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog collect ring-hang ci.log logs.zip downloads/\n  ndlog collect ring-hang --pass good.log\n  \
    ndlog collect ring-hang https://github.com/OWNER/NAME/actions/runs/123456\n  \
    ndlog collect ring-hang https://github.com/OWNER/NAME/pull/12\n  \
    ndlog collect ring-hang --repo OWNER/NAME --workflow ci.yml --branch main --last 50 --since 14d\n  \
    ndlog collect ring-hang https://gitlab.com/GROUP/NAME/-/pipelines --branch main --last 50\n  \
    ndlog collect ring-hang https://buildkite.com/ORGANISATION/PIPELINE --last 50 --failed\n  \
    ndlog collect ring-hang https://jenkins.example/job/nightly/ --last 50\n\n\
    Tokens: GITHUB_TOKEN, GH_TOKEN or what `gh auth token` prints; GITLAB_TOKEN; BUILDKITE_API_TOKEN; JENKINS_USER_ID with \
    JENKINS_API_TOKEN.\n\n\
    Logs that say that they passed go among the passing ones. A collection that was stopped goes on where it was when \
    the same command is given again.\n\n\
    Exit codes: 0 done, 2 refused, 3 done but something could not be brought in."
)]
pub struct Args {
    /// The failure's folder.
    failure: PathBuf,
    /// Files, folders, archives, or an address: of a run, job, workflow or pull request at GitHub; a pipeline, job or
    /// merge request at GitLab; a build or pipeline at Buildkite; a job or build of Jenkins.
    #[arg(required_unless_present = "repo")]
    sources: Vec<String>,
    /// They are logs of passing runs.
    #[arg(long = "pass", alias = "passing")]
    passing: bool,
    #[command(flatten)]
    runs: Runs,
    #[command(flatten)]
    server: Server,
}

/// Which runs of a repository, a workflow or a pull request.
#[derive(Clone, Debug, Default, clap::Args)]
struct Runs {
    /// Collect runs of this repository at GitHub: what failed, and the same jobs where they passed.
    #[arg(long, value_name = "OWNER/NAME")]
    repo: Option<String>,
    /// Only runs of this workflow, such as `ci.yml`.
    #[arg(long, value_name = "FILE", requires = "repo")]
    workflow: Option<String>,
    /// Only runs on this branch.
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// At most so many runs, newest first; 20 where nothing is said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=2000))]
    last: Option<u32>,
    /// Only failed runs.
    #[arg(long)]
    failed: bool,
    /// No run older than this, such as 36h, 14d or 8w.
    #[arg(long, value_name = "TIME", value_parser = age)]
    since: Option<i64>,
}

/// Returns the hours of an age.
fn age(text: &str) -> Result<i64, String> {
    let (number, unit) = text.split_at(text.trim_end_matches(char::is_alphabetic).len());
    let hours = match unit {
        "h" => 1,
        "d" => 24,
        "w" => 168,
        _ => return Err("expected an age such as 36h, 14d or 8w".to_owned()),
    };
    match number.parse::<i64>() {
        Ok(number) if (1..=10_000).contains(&number) => Ok(number * hours),
        _ => Err("expected an age such as 36h, 14d or 8w".to_owned()),
    }
}

/// Where to ask for the logs of a run.
#[derive(Debug, clap::Args)]
struct Server {
    /// The base of the REST API, where the address does not tell it; for GitHub also `GITHUB_API_URL`.
    #[arg(long, value_name = "URL")]
    api_url: Option<String>,
    /// Fetch the archives with all jobs of each attempt.
    #[arg(long, conflicts_with = "passing")]
    archives: bool,
    /// Wait at most this long for a rate limit, such as 90s or 20m.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = durations::argument)]
    patience: f64,
}

/// Runs the command. Exit codes: 0 done, 2 refused, 3 done but something could not be brought in.
pub fn run(args: Args) -> Result<ExitCode> {
    let failure = Failure::open(&args.failure)?;
    let mut collection = Collection::open(&failure)?;
    let brought = bring_in(&args, &mut collection);
    let sorted = sort_new(&mut collection, args.passing);
    collection.finish()?;
    show(&collection)?;
    brought.and(sorted)?;
    say(&format!("next: {}", failure.progress().advice))?;
    Ok(ended(collection.problems.is_empty()))
}

/// Brings sources into a failure's folder and says so; returns true if all could be brought in.
///
/// # Errors
/// If one of them is refused or the folder cannot be written.
pub(super) fn bring(failure: &Failure, sources: &[String], passing: bool) -> Result<bool> {
    let server = Server { api_url: None, archives: false, patience: 60.0 };
    let failure_folder = failure.folder().to_owned();
    let args =
        Args { failure: failure_folder, sources: sources.to_vec(), passing, runs: Runs::default(), server };
    let mut collection = Collection::open(failure)?;
    let brought = bring_in(&args, &mut collection);
    collection.finish()?;
    show(&collection)?;
    brought?;
    Ok(collection.problems.is_empty())
}

fn bring_in(args: &Args, collection: &mut Collection<'_>) -> Result<()> {
    if args.runs.repo.is_some() {
        from_repository(args, collection)?;
    }
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
    use crate::folder::ci;
    use crate::folder::github::{Selection, Wanted, fetch, fetch_many};
    let asked_github = url.split('/').nth(2) == Some("github.com");
    if let Some(address) = (!asked_github).then(|| ci::read(url)).transpose()?.flatten() {
        anyhow::ensure!(!args.server.archives, "--archives is for GitHub, which keeps one for each attempt");
        return ci::fetch(collection, &address, &args.runs.asked(args.passing), &args.server.elsewhere());
    }
    let wanted = match (args.server.archives, args.passing) {
        (true, _) => Wanted::Archives,
        (_, true) => Wanted::Passing,
        _ => Wanted::Failing,
    };
    match Selection::of_address(url)? {
        Some(selection) => fetch_many(collection, &args.runs.narrowed(selection), &args.server.settings()),
        None => fetch(collection, url, wanted, &args.server.settings()),
    }
}

#[cfg(feature = "github")]
fn from_repository(args: &Args, collection: &mut Collection<'_>) -> Result<()> {
    use crate::folder::github::{Selection, fetch_many};
    let all = Selection::of_repository(args.runs.repo.as_deref().unwrap_or_default())?;
    fetch_many(collection, &args.runs.narrowed(all), &args.server.settings())
}

#[cfg(feature = "github")]
impl Runs {
    /// Returns what was asked for of runs of another server than GitHub.
    fn asked(&self, passing: bool) -> crate::folder::ci::Asked {
        crate::folder::ci::Asked {
            branch: self.branch.clone(),
            last: self.last.map_or(crate::folder::github::LAST, |last| last as usize),
            failed: self.failed,
            since: self.since.map(|age| jiff::Timestamp::now() - jiff::SignedDuration::from_hours(age)),
            passing,
        }
    }

    /// Returns of these runs those that were asked for.
    fn narrowed(&self, all: crate::folder::github::Selection) -> crate::folder::github::Selection {
        let hours = |hours: i64| jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours);
        crate::folder::github::Selection {
            workflow: self.workflow.clone().or(all.workflow),
            branch: self.branch.clone(),
            last: self.last.map_or(crate::folder::github::LAST, |last| last as usize),
            failed: self.failed,
            since: self.since.map(|age| hours(age).strftime("%Y-%m-%d").to_string()),
            ..all
        }
    }
}

#[cfg(feature = "github")]
impl Server {
    /// Returns how GitHub is asked; inside its own runs the environment names the API.
    fn settings(&self) -> crate::folder::server::Settings {
        let api = self.api_url.clone().or_else(|| std::env::var("GITHUB_API_URL").ok());
        crate::folder::server::Settings { api, ..self.elsewhere() }
    }

    /// Returns how any other server is asked.
    fn elsewhere(&self) -> crate::folder::server::Settings {
        crate::folder::server::Settings {
            api: self.api_url.clone(),
            token: None,
            patience: self.patience.ceil() as u64,
            tell: |words| warn(&format!("ndlog: {words}")),
        }
    }
}

#[cfg(not(feature = "github"))]
fn from_repository(args: &Args, collection: &mut Collection<'_>) -> Result<()> {
    from_server(args, args.runs.repo.as_deref().unwrap_or_default(), collection)
}

#[cfg(not(feature = "github"))]
fn from_server(args: &Args, url: &str, _: &mut Collection<'_>) -> Result<()> {
    anyhow::bail!(
        "cannot fetch {url:?} ({:?}): this ndlog is built without the feature `github`",
        args.server
    )
}

/// Logs that are named.
const SHOWN: usize = 12;

fn show(collection: &Collection<'_>) -> Result<()> {
    for (at, kept) in collection.kept.iter().enumerate() {
        let (word, file) = match kept {
            Kept::New(file) => ("new", file),
            Kept::Already(file) => ("already", file),
        };
        if at < SHOWN {
            say(&format!("{word:<8} {}", visible(file)))?;
        }
    }
    let more = collection.kept.iter().skip(SHOWN);
    let new = more.clone().filter(|kept| matches!(kept, Kept::New(_))).count();
    if more.len() > 0 {
        say(&format!("… and {new} new, {} that were here already", more.len() - new))?;
    }
    for problem in &collection.problems {
        warn(&format!("ndlog: {problem}"));
    }
    Ok(())
}
