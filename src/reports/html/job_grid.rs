//! The runs of one job as a grid: a row for each test, a column for each run in the order of time.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::clip::clip;
use super::lookup::Lookup;
use super::strip::{Cell, Strip};
use super::when;
use crate::findings::{ClusterSummary, Outcome, RunSummary};
use crate::reports::phrases;
use crate::runs::Rate;

/// Columns drawn: the latest.
const COLUMNS: usize = 500;
/// Rows drawn of a failure that several tests share, and of a grid.
const TESTS: usize = 20;
const ROWS: usize = 1000;
/// Characters of a job's name.
const NAME: usize = 120;

/// A grid.
#[derive(Serialize)]
pub struct JobGrid {
    /// Of which job, how many runs, and when.
    name: String,
    /// Positions of the runs, in the order of the columns.
    columns: String,
    /// Runs left out, before the first column.
    earlier: usize,
    rows: Vec<GridRow>,
    more: usize,
}

#[derive(Serialize)]
struct GridRow {
    name: String,
    /// Ids of the failures, apart by blanks.
    ids: String,
    first: String,
    share: String,
    strip: Strip,
}

/// One job by its name, or by its first run where it has none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Named(Option<&'a str>, Option<&'a str>, &'a str),
    Unnamed(usize),
}

/// A row before it is drawn: the failures of one test.
type Rows<'a> = BTreeMap<&'a str, Vec<&'a ClusterSummary>>;

impl JobGrid {
    /// Lays out a grid for each job that has several runs, the one with most rows first.
    pub fn all(clusters: &[&ClusterSummary], lookup: &Lookup<'_>) -> Vec<Self> {
        let mut jobs: BTreeMap<Key<'_>, Vec<&ClusterSummary>> = BTreeMap::new();
        for cluster in clusters {
            if let Some(key) =
                cluster.rate.as_ref().filter(|rate| rate.ran > 1).and_then(|rate| key(rate, lookup))
            {
                jobs.entry(key).or_default().push(cluster);
            }
        }
        let mut grids: Vec<Self> =
            jobs.iter().map(|(key, clusters)| Self::of(key, clusters, lookup)).collect();
        grids.sort_by_key(|grid| std::cmp::Reverse(grid.rows.len()));
        grids
    }

    fn of(key: &Key<'_>, clusters: &[&ClusterSummary], lookup: &Lookup<'_>) -> Self {
        let runs = columns(key, clusters, lookup);
        let name = match key {
            Key::Named(.., job) => format!("Job {job}"),
            Key::Unnamed(first) => same_job(*first, lookup),
        };
        let days = when::days(runs.iter().filter_map(|at| lookup.run(*at)));
        let name = format!("{name}: {}", phrases::count(runs.len() as u64, "run"));
        let earlier = runs.len().saturating_sub(COLUMNS);
        let shown = runs.get(earlier..).unwrap_or_default();
        let rows = rows(clusters);
        Self {
            name: days.map_or(name.clone(), |days| format!("{name}, {days}")),
            columns: shown.iter().map(usize::to_string).collect::<Vec<_>>().join(" "),
            earlier,
            more: rows.len().saturating_sub(ROWS),
            rows: rows.iter().take(ROWS).map(|(name, own)| GridRow::of(name, own, shown, lookup)).collect(),
        }
    }
}

impl GridRow {
    fn of(name: &str, clusters: &[&ClusterSummary], columns: &[usize], lookup: &Lookup<'_>) -> Self {
        let failed = failed(name, clusters, lookup);
        let ran = |at: usize| {
            clusters.iter().filter_map(|one| one.rate.as_ref()).any(|rate| rate.ran_in.contains(at))
        };
        let cell = |at: &usize| match lookup.run(*at).map(|run| run.outcome) {
            _ if failed.contains(at) => Cell::Failed,
            None | Some(Outcome::Unknown) => Cell::Unclear,
            _ if ran(*at) => Cell::Passed,
            _ => Cell::Absent,
        };
        let cells: Vec<Cell> = columns.iter().map(cell).collect();
        let ids: Vec<&str> = clusters.iter().map(|cluster| cluster.id.as_str()).collect();
        Self {
            name: name.to_owned(),
            first: ids.first().copied().unwrap_or_default().to_owned(),
            ids: ids.join(" "),
            share: format!("{}/{}", failed.len(), failed.len().max(ran_in(clusters))),
            strip: Strip::of(&cells),
        }
    }
}

/// Returns how many runs a test ran in, as the failure says that was seen in most of them.
fn ran_in(clusters: &[&ClusterSummary]) -> usize {
    let counts = clusters.iter().filter_map(|cluster| cluster.rate.as_ref()).map(|rate| rate.ran as usize);
    counts.max().unwrap_or_default()
}

/// Returns the runs in which the row's test failed.
fn failed(name: &str, clusters: &[&ClusterSummary], lookup: &Lookup<'_>) -> BTreeSet<usize> {
    let mut failed = BTreeSet::new();
    for cluster in clusters {
        let counted = |at: &usize| cluster.rate.as_ref().is_some_and(|rate| rate.failed_in.contains(*at));
        if cluster.tests.len() <= 1 {
            let rate = cluster.rate.iter();
            failed.extend(rate.flat_map(|rate| rate.failed_in.below(lookup.findings.runs.len())));
            continue;
        }
        let own = cluster.occurrences.iter().filter(|one| one.test.as_deref() == Some(name));
        let runs = own.filter_map(|one| lookup.position(one.run.as_deref()?));
        failed.extend(runs.filter(counted));
    }
    failed
}

/// Returns the rows in the order of the failures: a test each, and a failure without a test by its message.
fn rows<'a>(clusters: &[&'a ClusterSummary]) -> Vec<(&'a str, Vec<&'a ClusterSummary>)> {
    let mut order: Vec<&str> = Vec::new();
    let mut rows = Rows::new();
    for &cluster in clusters {
        let tests = cluster.tests.iter().take(TESTS).map(String::as_str);
        let message = cluster.tests.is_empty().then(|| phrases::message(cluster));
        for name in tests.chain(message) {
            let row = rows.entry(name).or_insert_with(|| {
                order.push(name);
                Vec::new()
            });
            row.push(cluster);
        }
    }
    order.into_iter().filter_map(|name| Some((name, rows.remove(name)?))).collect()
}

fn key<'a>(rate: &Rate, lookup: &Lookup<'a>) -> Option<Key<'a>> {
    let first = rate.ran_in.below(lookup.findings.runs.len()).next()?;
    let run = lookup.run(rate.failed_in.below(lookup.findings.runs.len()).next().unwrap_or(first))?;
    Some(named(run).unwrap_or(Key::Unnamed(first)))
}

fn named(run: &RunSummary) -> Option<Key<'_>> {
    Some(Key::Named(run.repository.as_deref(), run.workflow.as_deref(), run.job.as_deref()?))
}

/// Returns what makes runs without a job's name runs of one.
fn same_job(run: usize, lookup: &Lookup<'_>) -> String {
    let parts = lookup.run(run).map(|run| run.identified_by.as_slice()).unwrap_or_default();
    let by = parts.iter().find(|part| part.what == "same job").map(|part| part.by.as_str());
    let mut words = clip(by.unwrap_or("runs of one job"), NAME).into_owned();
    words.get_mut(..1).map(str::make_ascii_uppercase);
    words
}

/// Returns the runs of a job in the order of time, or of their names where a time is missing.
fn columns(key: &Key<'_>, clusters: &[&ClusterSummary], lookup: &Lookup<'_>) -> Vec<usize> {
    let runs = &lookup.findings.runs;
    let mut columns: BTreeSet<usize> = BTreeSet::new();
    for rate in clusters.iter().filter_map(|cluster| cluster.rate.as_ref()) {
        columns.extend(rate.ran_in.below(runs.len()));
    }
    if let Key::Named(..) = key {
        let own = runs.iter().enumerate().filter(|(_, run)| named(run).as_ref() == Some(key));
        columns.extend(own.map(|(at, _)| at));
    }
    let mut columns: Vec<usize> = columns.into_iter().collect();
    lookup.sort_by_time(&mut columns);
    columns
}
