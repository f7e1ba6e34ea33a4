//! Bringing in many runs of one repository: what failed, and the same jobs where they passed.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::address::Address;
use super::answers::{Listed, Pull, Runs};
use super::fetch::Visit;
use super::selection::Selection;
use crate::error::Problem;
use crate::folder::Collection;
use crate::folder::server::{Client, Dialect, Refusal, Settings};

/// Pages read of the list of runs; 100 runs a page.
const MOST_PAGES: usize = 20;

/// Brings the logs of the selected runs into `collection`: of failed runs those of failed jobs, of the others those of
/// jobs that failed elsewhere. What is here already is not asked for again.
///
/// # Errors
/// If the list cannot be read, the rate limit is used up for longer than the settings' patience, or the folder
/// cannot be written.
pub fn fetch_many(collection: &mut Collection<'_>, selection: &Selection, settings: &Settings) -> Result<()> {
    let address = |run| Address {
        origin: selection.origin.clone(),
        repository: selection.repository.clone(),
        run,
        job: None,
    };
    let base = settings.api.clone().unwrap_or_else(|| address(0).api());
    let client = Client::new(Dialect::GitHub, &base, settings);
    let runs = list(&client, selection)
        .with_context(|| format!("cannot list the runs of {}", selection.repository))?;
    let (failed, passed): (Vec<&Listed>, Vec<&Listed>) = runs.iter().partition(|run| run.has_failed());
    (settings.tell)(&format!(
        "{}: {} failed and {} passing runs of {}",
        selection.repository,
        failed.len(),
        passed.len(),
        runs.len()
    ));
    if runs.is_empty() {
        let problem = Problem::incomplete(&selection.repository, "no finished run is of this kind");
        collection.problems.push(problem);
    }
    let mut names = BTreeSet::new();
    for run in failed {
        let mut visit = Visit { client: &client, address: address(run.id), collection: &mut *collection };
        names.extend(visit.bring_run(None)?);
        collection.finish()?;
    }
    for run in passed.into_iter().filter(|_| !names.is_empty()) {
        let mut visit = Visit { client: &client, address: address(run.id), collection: &mut *collection };
        visit.bring_run(Some(&names))?;
        collection.finish()?;
    }
    Ok(())
}

/// Returns the selected runs, newest first.
fn list(client: &Client, selection: &Selection) -> Result<Vec<Listed>, Refusal> {
    let head = match selection.pull {
        None => None,
        Some(number) => {
            let path = format!("/repos/{}/pulls/{number}", selection.repository);
            Some(client.json::<Pull>(&path)?.0.head.sha)
        }
    };
    let of = |page: Runs| page.workflow_runs.into_iter().filter(Listed::has_ended).collect();
    let path = selection.path(head.as_deref());
    let mut runs: Vec<Listed> = client.entries(path, MOST_PAGES, selection.last, of)?;
    runs.truncate(selection.last);
    Ok(runs)
}
