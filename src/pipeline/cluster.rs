//! All logs, from paths to findings.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::background;
use super::memory::{Marks, Memory, marks};
use super::runs::Runs;
use super::same::{BestOccurrences, one_failure_a_run};
use super::scan::{self, Against, Bounds, How, Names, Sought, seek};
use super::shown::Shown;
use super::summaries::{Summaries, contrast, name_primaries, source_summary, totals};
use super::why::Why;
use crate::clusters::{self, Occurrence};
use crate::error::Problem;
use crate::facts::failures::{self, Event};
use crate::facts::{self, Bound, Facts, Outcome, Passage};
use crate::findings::{self, ClusterSummary, Findings, SourceSummary};
use crate::input::Request;
use crate::runs::{self, JobNames};
use crate::signatures::{self, Catalog};
use crate::store::part::Scanned;

/// What to read.
pub struct Logs<'c> {
    pub request: Request,
    /// Logs of passing runs.
    pub passing: Request,
    pub catalog: &'c Catalog,
    /// Threads to use; `None` for as many as there are cores.
    pub threads: Option<usize>,
    /// How the paths of logs name jobs.
    pub jobs: Option<&'c JobNames>,
    /// What is remembered of earlier looks.
    pub memory: Option<&'c Memory>,
}

/// What was found, and what could not be read of places that are no source.
pub struct Clustered {
    pub findings: Findings,
    pub problems: Vec<Problem>,
    /// What reports may show beside the findings.
    pub shown: Shown,
}

/// Reads all logs and groups what failed.
///
/// # Errors
/// If the threads cannot be started.
pub fn cluster(logs: &Logs<'_>) -> anyhow::Result<Clustered> {
    in_pool(logs, || {
        let (all, problems) = logs.scanned(None);
        let marks: Marks =
            if logs.memory.is_some() { all.iter().flat_map(marks).collect() } else { Marks::new() };
        let mut clustered = found(all, problems, logs.catalog, logs.jobs);
        if let Some(memory) = logs.memory {
            clustered.problems.extend(memory.remember(&mut clustered.findings, &marks));
        }
        clustered
    })
}

/// What logs say, and what was found in it.
pub struct Read {
    pub findings: Findings,
    pub facts: Vec<Facts>,
    pub problems: Vec<Problem>,
}

/// Reads all logs for an experiment, in which they are named by `name`, and groups what failed.
///
/// # Errors
/// If the threads cannot be started.
pub fn read(logs: &Logs<'_>, name: impl Fn(&str) -> String + Sync) -> anyhow::Result<Read> {
    in_pool(logs, || {
        let (all, mut problems) = logs.scanned(Some(&name));
        let mut facts = Vec::new();
        for one in all {
            facts.extend(one.facts);
            problems.extend(one.problems);
        }
        Read { findings: analyze(facts.clone(), logs.catalog, logs.jobs), facts, problems }
    })
}

fn in_pool<Made: Send>(logs: &Logs<'_>, work: impl FnOnce() -> Made + Send) -> anyhow::Result<Made> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(logs.threads.unwrap_or(0)).build()?.install(work))
}

impl Logs<'_> {
    /// Reads all logs, each once; for an experiment `name` says how it names a source.
    fn scanned(&self, name: Option<&Names<'_>>) -> (Vec<Scanned>, Vec<Problem>) {
        let Sought { failing, passing, problems } = seek(&self.request, &self.passing);
        rayon::join(|| self.catalog.prepare(), facts::prepare);
        let bounds = Bounds::of(!passing.is_empty());
        let how = How { baseline: true, bounds, hashed: false, memory: self.memory, name, against: None };
        let passing = scan::read(&passing, self.catalog, how);
        let against = Against::of(&passing);
        let how = How { baseline: false, against: against.as_ref(), ..how };
        let mut all = scan::read(&failing, self.catalog, how);
        all.extend(passing);
        (all, problems)
    }
}

/// Groups what failed in inputs that were read, those first that are not given as passing.
pub fn found(
    scanned: Vec<Scanned>,
    mut problems: Vec<Problem>,
    catalog: &Catalog,
    jobs: Option<&JobNames>,
) -> Clustered {
    let mut facts = Vec::new();
    for one in scanned {
        facts.extend(one.facts);
        problems.extend(one.problems);
    }
    let shown = Shown::take(&mut facts);
    Clustered { findings: analyze(facts, catalog, jobs), problems, shown }
}

/// Groups what failed and says why, from facts alone.
pub fn analyze(mut facts: Vec<Facts>, catalog: &Catalog, names: Option<&JobNames>) -> Findings {
    let runs = Runs::of(&run_parts(&facts), names);
    let mut behind = background::set_back(&mut facts, &runs);
    let mut summaries: Vec<SourceSummary> = facts.iter().map(source_summary).collect();
    summaries.iter_mut().for_each(|one| one.set_back = behind.remove(&one.source).unwrap_or_default());
    let signed: Vec<Vec<Occurrence>> =
        facts.par_iter_mut().map(|facts| take_signed(facts, catalog)).collect();
    let mut why = Why::new(catalog, &runs);
    let contrasts: BTreeMap<String, Vec<Passage>> =
        facts.iter().map(|facts| (facts.source.name.clone(), facts.contrast.clone())).collect();
    facts.into_iter().for_each(|facts| why.add(facts));
    let occurrences = runs.settle(signed.into_iter().flatten());
    summaries.sort_by(|a: &SourceSummary, b| a.source.cmp(&b.source));
    let clusters = one_failure_a_run(clusters::group(occurrences), &runs);
    name_primaries(&mut summaries, &clusters);
    runs.complete(&mut summaries);
    let best = BestOccurrences::of(&clusters, &runs);
    let (compared, uncompared) = why.choose(&clusters, &best);
    let summaries_of = Summaries { catalog, why: &why, runs: &runs, best };
    let mut clusters: Vec<ClusterSummary> =
        clusters.into_par_iter().map(|cluster| summaries_of.cluster(cluster)).collect();
    clusters.sort_by(|a, b| {
        (b.failures, b.suspects, b.in_sources)
            .cmp(&(a.failures, a.suspects, a.in_sources))
            .then_with(|| a.id.cmp(&b.id))
    });
    clusters.iter_mut().filter(|cluster| cluster.is_primary()).take(CONTRASTED).for_each(|cluster| {
        cluster.contrast = contrast(cluster, &contrasts);
    });
    let mut totals = totals(&summaries, &clusters);
    totals.coverage.cut(Bound::Comparisons, compared, uncompared);
    Findings {
        schema: findings::SCHEMA.to_owned(),
        totals,
        sources: summaries,
        runs: runs.summaries(),
        clusters,
        gone: Vec::new(),
        excerpts: Vec::new(),
    }
}

/// Clusters whose example is compared with passing runs; reports show no more of them in full.
const CONTRASTED: usize = 20;

/// Returns what the sources say of their runs.
fn run_parts(facts: &[Facts]) -> runs::RunParts {
    let parts = facts.par_iter().map(runs::RunParts::by);
    parts.reduce(runs::RunParts::default, runs::RunParts::with)
}

/// Signs the failures of one source.
pub fn sign(facts: &Facts, catalog: &Catalog) -> Vec<Occurrence> {
    signed(facts, facts.failures.clone(), catalog)
}

/// Signs the failures of one source and takes them out of its facts, without the lines that nothing after this asks
/// for: there may be very many.
fn take_signed(facts: &mut Facts, catalog: &Catalog) -> Vec<Occurrence> {
    let failures = std::mem::take(&mut facts.failures);
    let mut signed = signed(facts, failures, catalog);
    signed.iter_mut().for_each(|one| one.event.text = Vec::new());
    signed
}

fn signed(facts: &Facts, failures: Vec<Event>, catalog: &Catalog) -> Vec<Occurrence> {
    let occurrence = |(event, rank): (Event, u64)| Occurrence {
        source: facts.source.name.clone(),
        signature: signatures::sign(&event, catalog).into(),
        code: failures::code_place(&event),
        event,
        rank,
        suspect: facts.outcome == Outcome::Unknown,
    };
    failures.into_iter().zip(1..).map(occurrence).collect()
}
