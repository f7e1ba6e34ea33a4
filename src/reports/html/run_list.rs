//! Every run: how it ended, what says so, and what went wrong in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::clip::clip;
use super::lookup::{Lookup, address};
use super::when;
use crate::error::Problem;
use crate::findings::{ClusterSummary, Outcome, RunSummary};

/// Runs listed.
const MOST: usize = 10_000;
/// Runs from which on a browser with a script reads the list only when somebody looks for a run: until then it is text,
/// which is a tenth of the work of elements.
const WAITS: usize = 1000;
/// Failures linked from one run, and sources named.
const FAILURES: usize = 5;
const SOURCES: usize = 4;
/// Characters of what says how a run ended.
const BECAUSE: usize = 100;

/// The runs.
#[derive(Serialize)]
pub struct RunList<'a> {
    runs: Vec<Listed<'a>>,
    more: usize,
    waits: bool,
}

#[derive(Serialize)]
struct Listed<'a> {
    outcome: &'static str,
    baseline: bool,
    sources: &'a [String],
    more_sources: usize,
    job: Option<&'a str>,
    when: Option<String>,
    commit: Option<String>,
    host: Option<&'a str>,
    link: Option<&'a str>,
    because: Option<String>,
    failures: Vec<&'a str>,
    more_failures: usize,
    problems: Vec<&'a Problem>,
}

impl<'a> RunList<'a> {
    /// Lists the runs in their order, each with those of `clusters` that it failed with.
    pub fn of(clusters: &[&'a ClusterSummary], lookup: &Lookup<'a>) -> Self {
        let mut failures: BTreeMap<usize, Vec<&'a str>> = BTreeMap::new();
        for cluster in clusters {
            let runs = cluster.occurrences.iter().filter_map(|one| lookup.position(one.run.as_deref()?));
            for run in runs.collect::<BTreeSet<usize>>() {
                failures.entry(run).or_default().push(&cluster.id);
            }
        }
        let runs = lookup.findings.runs.iter().enumerate().take(MOST);
        Self {
            runs: runs
                .map(|(at, run)| Listed::of(run, failures.remove(&at).unwrap_or_default(), lookup))
                .collect(),
            more: lookup.findings.runs.len().saturating_sub(MOST),
            waits: lookup.findings.runs.len() > WAITS,
        }
    }
}

impl<'a> Listed<'a> {
    fn of(run: &'a RunSummary, mut failures: Vec<&'a str>, lookup: &Lookup<'a>) -> Self {
        let more_failures = failures.len().saturating_sub(FAILURES);
        failures.truncate(FAILURES);
        let sources = run.sources.iter().filter_map(|source| lookup.findings.source(source));
        Self {
            outcome: match run.outcome {
                Outcome::Fail => "failed",
                Outcome::Pass => "passed",
                Outcome::Unknown => "unclear",
            },
            baseline: run.baseline,
            sources: run.sources.get(..SOURCES).unwrap_or(&run.sources),
            more_sources: run.sources.len().saturating_sub(SOURCES),
            job: run.job.as_deref(),
            when: run.time.as_deref().and_then(when::minute),
            commit: run.commit.as_deref().map(when::short),
            host: run.host.as_deref(),
            link: address(run),
            because: run.outcome_because.as_deref().map(|words| clip(words, BECAUSE).into_owned()),
            failures,
            more_failures,
            problems: sources.flat_map(|source| &source.problems).collect(),
        }
    }
}
