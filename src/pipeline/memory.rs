//! What is remembered from look to look: facts of inputs that were read before, and the past of each failure.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use xxhash_rust::xxh3::xxh3_64;

use super::marks::ids;
use super::scan::rules;
use crate::error::Problem;
use crate::facts::{Facts, Outcome};
use crate::findings::{ClusterSummary, Findings, RunSummary};
use crate::signatures::Catalog;
use crate::store::part::{Input, Scanned};
use crate::store::{Look, SeenFailure, SeenRun, SeenRuns, Store};

/// An open store, for logs that are read by one set of rules.
#[derive(Debug)]
pub struct Memory {
    pub(super) store: Store,
    pub(super) rules: String,
    read: AtomicUsize,
    known: AtomicUsize,
    /// The first reason for which something could not be remembered.
    failed: Mutex<Option<io::Error>>,
}

/// Of each source its mark: by it the source is known again, wherever it lies.
pub type Marks = BTreeMap<String, String>;

impl Memory {
    /// Opens a store, and makes it where there is none.
    ///
    /// # Errors
    /// If the folder cannot be written, or holds something else.
    pub fn open(folder: &Path, catalog: &Catalog) -> Result<Self> {
        let store =
            Store::open(folder).with_context(|| format!("cannot use the store {}", folder.display()))?;
        Ok(Self {
            store,
            rules: rules(catalog),
            read: AtomicUsize::new(0),
            known: AtomicUsize::new(0),
            failed: Mutex::new(None),
        })
    }

    /// Returns what an input says: as it is remembered, or else as it is read now.
    pub(super) fn scanned(&self, input: Input, read: impl FnOnce() -> (Vec<Facts>, Vec<Problem>)) -> Scanned {
        if let Some(scanned) = self.store.facts(&self.rules, &input) {
            self.known.fetch_add(1, Ordering::Relaxed);
            return scanned;
        }
        self.read.fetch_add(1, Ordering::Relaxed);
        let (facts, problems) = read();
        let scanned = Scanned { input, facts, problems };
        self.note(self.store.remember(&self.rules, &scanned));
        scanned
    }

    fn note(&self, done: io::Result<()>) {
        if let Err(error) = done {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }

    /// Says how many inputs were read, and how many were known.
    pub fn summary(&self) -> String {
        let count = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        let (read, known) = (count(&self.read), count(&self.known));
        format!("store {}: {read} inputs read, {known} known", self.store.folder().display())
    }

    /// Remembers the runs of these findings, and tells of each failure what is remembered of it.
    pub(super) fn remember(&self, findings: &mut Findings, marks: &Marks) -> Vec<Problem> {
        let mut seen = self.store.runs();
        let runs = runs(findings, marks);
        if runs.iter().any(|run| !seen.holds(run)) {
            self.note(self.store.remember_runs(&runs));
        }
        self.store.forget_earlier(&self.rules);
        runs.into_iter().for_each(|run| seen.add(run));
        self.recall(findings, seen, marks)
    }

    /// Tells of each failure what is remembered of it, and remembers nothing.
    pub(super) fn recall(&self, findings: &mut Findings, seen: SeenRuns, marks: &Marks) -> Vec<Problem> {
        let look = Look::at(&seen, &marks.values().map(String::as_str).collect());
        let present: Vec<Vec<String>> = findings.clusters.iter().map(|cluster| owned(ids(cluster))).collect();
        for (cluster, ids) in findings.clusters.iter_mut().zip(&present) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            cluster.past = look.past(&ids);
        }
        findings.gone = look.gone(&present.iter().flatten().map(String::as_str).collect());
        let mut problems = seen.problems;
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner).take();
        problems.extend(failed.map(|error| {
            let what = format!("cannot remember what was read: {error}; the findings are whole");
            Problem::incomplete(self.store.folder().display().to_string(), what)
        }));
        problems
    }
}

fn owned(ids: Vec<&str>) -> Vec<String> {
    ids.into_iter().map(str::to_owned).collect()
}

/// Returns the mark of each source of an input; none of what is read only once.
pub fn marks(scanned: &Scanned) -> Marks {
    let Input { name, hash: Some(hash), .. } = &scanned.input else { return Marks::new() };
    let file = name.rsplit('/').next().unwrap_or(name);
    let mark = |source: &str| {
        let member = source.strip_prefix(name.as_str()).unwrap_or(source);
        format!("{:016x}", xxh3_64(format!("{hash}\n{file}\n{member}").as_bytes()))
    };
    let sources = scanned.facts.iter().map(|facts| &facts.source.name);
    sources.map(|source| (source.clone(), mark(source))).collect()
}

/// Returns the runs of some findings, as they are remembered. A run is known by the sources that are its alone.
fn runs(findings: &Findings, marks: &Marks) -> Vec<SeenRun> {
    let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
    for source in findings.runs.iter().flat_map(|run| &run.sources) {
        *sources.entry(source).or_default() += 1;
    }
    let mut failures = failures(findings);
    let seen = |run: &RunSummary| {
        let own = run.sources.iter().filter(|source| sources.get(source.as_str()) == Some(&1));
        let marks: BTreeSet<&String> = own.filter_map(|source| marks.get(source)).collect();
        SeenRun {
            run: run.id.clone(),
            marks: marks.into_iter().cloned().collect(),
            job: run.job.clone(),
            commit: run.commit.clone(),
            time: run.time.clone(),
            outcome: if run.baseline { Outcome::Pass } else { run.outcome },
            failures: failures.remove(run.id.as_str()).unwrap_or_default(),
        }
    };
    findings.runs.iter().map(seen).filter(|run| !run.marks.is_empty()).collect()
}

/// Returns by run the failures that count in it, each once.
fn failures(findings: &Findings) -> BTreeMap<String, Vec<SeenFailure>> {
    let mut failures: BTreeMap<String, Vec<SeenFailure>> = BTreeMap::new();
    let failing = |cluster: &&ClusterSummary| cluster.failures > 0;
    for cluster in findings.clusters.iter().filter(failing) {
        for one in cluster.occurrences.iter().filter(|one| !one.suspect) {
            let Some(run) = &one.run else { continue };
            let of_run = failures.entry(run.clone()).or_default();
            if of_run.iter().any(|held| held.id == cluster.id && held.exact == one.exact) {
                continue;
            }
            let file = one.source.rsplit('/').next().unwrap_or(&one.source);
            of_run.push(SeenFailure {
                id: cluster.id.clone(),
                exact: one.exact.clone(),
                place: format!("{file}:{}", one.headline.line),
                title: cluster.title.chars().take(TITLE).collect(),
                test: one.test.clone(),
            });
        }
    }
    failures
}

/// Letters of a title that are remembered.
const TITLE: usize = 200;
