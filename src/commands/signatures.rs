//! `ndlog signatures`: the catalog of known failures, and what it says about a log.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use super::warn_of;
use crate::pipeline::known::known;
use crate::reports::catalog as report;
use crate::settings::Settings;
use crate::signatures::{Catalog, faults};

/// Lists, explains, checks and tries the known failures.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ndlog signatures list\n  ndlog signatures show tt-metal/device-timeout\n  ndlog signatures check my-signatures/\n  ndlog signatures test build.log --signatures my-signatures/"
)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
    /// A folder with entries of one's own; one with the id of ours replaces ours.
    #[arg(long, value_name = "DIR", global = true)]
    signatures: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Lists the known failures.
    List,
    /// Tells everything about one.
    Show {
        /// Such as `tt-metal/device-timeout`.
        id: String,
    },
    /// Checks entries and their example lines.
    Check {
        /// A folder with `<family>/<name>.toml`; without it, the entries of this program are checked.
        folder: Option<PathBuf>,
    },
    /// Shows which lines of a log are known failures.
    Test {
        /// A log, or `-` for standard input.
        file: PathBuf,
    },
}

/// Runs the command. Exit codes: 0 done, 2 an entry is bad, unknown or could not be read.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let catalog = catalog(args.signatures.as_deref())?;
    let mut out = anstream::stdout().lock();
    match args.action {
        Action::List => report::list(&mut out, catalog.entries())?,
        Action::Show { id } => show(&mut out, &catalog, &id)?,
        Action::Check { folder } => return check(&mut out, catalog, folder.as_deref()),
        Action::Test { file } => return test(&mut out, &catalog, file),
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the embedded catalog, extended by the entries of `folder`, or else of the folder that `.ndlog.toml` names.
fn catalog(folder: Option<&Path>) -> anyhow::Result<Catalog> {
    let settings = Settings::here()?;
    match folder.or(settings.signatures.as_deref()) {
        None => Ok(Catalog::read_embedded()?),
        Some(folder) => Ok(Catalog::read_embedded()?.extended(&Catalog::load(folder)?)?),
    }
}

fn show(out: &mut dyn Write, catalog: &Catalog, id: &str) -> anyhow::Result<()> {
    let entry = catalog.get(id).with_context(|| match nearest(catalog, id) {
        Some(near) => format!("no entry `{id}`; is it `{near}`? See `ndlog signatures list`"),
        None => format!("no entry `{id}`; see `ndlog signatures list`"),
    })?;
    Ok(report::show(out, entry)?)
}

/// Returns the first id that shares a part of its name with `id`.
fn nearest<'c>(catalog: &'c Catalog, id: &str) -> Option<&'c str> {
    let name = id.rsplit('/').next().filter(|name| !name.is_empty())?;
    let shares =
        |known: &str| known.contains(name) || known.rsplit('/').next().is_some_and(|own| id.contains(own));
    catalog.entries().map(|entry| entry.id.as_str()).find(|known| shares(known))
}

/// Checks the entries of `folder`, each as a part of `catalog`, or all embedded ones.
fn check(out: &mut dyn Write, catalog: Catalog, folder: Option<&Path>) -> anyhow::Result<ExitCode> {
    let (catalog, checked) = match folder {
        None => {
            let ids = catalog.entries().map(|entry| entry.id.clone()).collect::<Vec<_>>();
            (catalog, ids)
        }
        Some(folder) => {
            let own = Catalog::load(folder)?;
            (catalog.extended(&own)?, own.entries().map(|entry| entry.id.clone()).collect())
        }
    };
    let entries = checked.iter().filter_map(|id| catalog.get(id));
    let bad: Vec<_> = entries.map(|entry| (entry.id.as_str(), faults(&catalog, entry))).collect();
    let all_good = bad.iter().all(|(_, faults)| faults.is_empty());
    report::checked(out, &bad)?;
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// Prints which lines of `file` are known failures. Exit code 3 if some of it could not be read.
fn test(out: &mut dyn Write, catalog: &Catalog, file: PathBuf) -> anyhow::Result<ExitCode> {
    let found = known(catalog, vec![file]);
    for source in &found.sources {
        report::hits(out, &source.name, &source.hits)?;
    }
    let code = warn_of(&found.problems);
    anyhow::ensure!(!found.sources.is_empty(), "nothing could be read");
    Ok(code)
}
