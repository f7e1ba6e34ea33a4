//! Sorts collected logs by what they say of their end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::findings::Outcome;
use crate::folder::Collection;
use crate::input::Request;
use crate::pipeline;
use crate::reports::{say, visible, warn};
use crate::signatures::Catalog;

/// Puts new logs that say that they passed among those of passing runs, unless a person said what they are, and tells
/// where what a log says and what it was given as differ.
///
/// # Errors
/// If the logs cannot be read or moved.
pub fn sort_new(collection: &mut Collection<'_>, given_as_passing: bool) -> Result<()> {
    let new = collection.new_logs();
    let outcomes = outcomes(new.iter().map(|(path, _)| path.clone()).collect())?;
    for (path, passing) in new {
        let shown = path.display().to_string();
        match (outcomes.get(&path), passing) {
            (Some(Outcome::Pass), false) if collection.set_passing(&path)? => {
                say(&format!(
                    "passed   {} says that it passed: put among the passing runs",
                    visible(&shown)
                ))?;
            }
            (Some(Outcome::Fail), true) => {
                let whose = if given_as_passing { "given with --pass" } else { "of a job that passed" };
                warn(&format!("ndlog: {shown} was {whose} and says that it failed"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns how each file ended, as its log or all logs of its archive say; files that do not say are left out.
fn outcomes(paths: Vec<PathBuf>) -> Result<BTreeMap<PathBuf, Outcome>> {
    if paths.is_empty() {
        return Ok(BTreeMap::new());
    }
    let logs = pipeline::Logs {
        request: Request { paths: paths.clone(), files_from: None },
        passing: Request { paths: Vec::new(), files_from: None },
        catalog: Catalog::embedded(),
        threads: None,
        jobs: None,
        memory: None,
    };
    let found = pipeline::cluster(&logs)?.findings;
    let mut outcomes = BTreeMap::new();
    for path in paths {
        let name = path.to_string_lossy();
        let own = found.sources.iter().filter(|source| {
            let rest = source.source.strip_prefix(name.as_ref());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('!'))
        });
        let own: Vec<Outcome> = own.map(|source| source.outcome).collect();
        if let Some(outcome) = all_of(&own) {
            outcomes.insert(Path::new(name.as_ref()).to_path_buf(), outcome);
        }
    }
    Ok(outcomes)
}

/// Returns fail if any failed, pass if all passed.
fn all_of(outcomes: &[Outcome]) -> Option<Outcome> {
    if outcomes.contains(&Outcome::Fail) {
        return Some(Outcome::Fail);
    }
    let passed = !outcomes.is_empty() && outcomes.iter().all(|outcome| *outcome == Outcome::Pass);
    passed.then_some(Outcome::Pass)
}
