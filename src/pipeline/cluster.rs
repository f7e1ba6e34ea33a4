//! All logs, from paths to findings.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::background;
use super::memory::{Marks, Memory, marks};
use super::runs::Runs;
use super::same::{BestOccurrences, one_failure_a_run};
use super::scan::{self, Against, Bounds, How, Names, Sought, seek};
use super::shown::Shown;
use super::why::Why;
use crate::clusters::{self, Cluster, Occurrence};
use crate::error::Problem;
use crate::facts::environment::What;
use crate::facts::failures::Kind;
use crate::facts::failures::{self, Event};
use crate::facts::{self, Bound, Coverage, Facts, Outcome, Passage, ends};
use crate::findings::{
    self, ClusterSummary, DiffRange, Findings, Headline, KnownFailure, OccurrenceSummary, SourceSummary,
    Totals, When,
};
use crate::input::Request;
use crate::runs::{self, JobNames};
use crate::signatures::{self, Catalog, Entry};
use crate::store::part::Scanned;
use crate::text::records::Timestamp;

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
    let mut summaries: Vec<SourceSummary> = facts.iter().map(summarise).collect();
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
    let told = BestOccurrences::of(&clusters, &runs);
    let (compared, uncompared) = why.choose(&clusters, &told);
    let rooms = Rooms { catalog, why: &why, runs: &runs, told };
    let mut told: Vec<ClusterSummary> = clusters.into_par_iter().map(|cluster| rooms.tell(cluster)).collect();
    told.sort_by(|a, b| {
        (b.failures, b.suspects, b.in_sources)
            .cmp(&(a.failures, a.suspects, a.in_sources))
            .then_with(|| a.id.cmp(&b.id))
    });
    told.iter_mut().filter(|cluster| cluster.is_primary()).take(CONTRASTED).for_each(|cluster| {
        cluster.contrast = contrast(cluster, &contrasts);
    });
    let mut totals = totals(&summaries, &told);
    totals.coverage.cut(Bound::Comparisons, compared, uncompared);
    Findings {
        schema: findings::SCHEMA.to_owned(),
        totals,
        sources: summaries,
        runs: runs.summaries(),
        clusters: told,
        gone: Vec::new(),
        excerpts: Vec::new(),
    }
}

/// Clusters whose example is told apart from passing runs; reports show no more of them in full.
const CONTRASTED: usize = 20;

/// Returns what the example log of a cluster says that passing runs do not.
fn contrast(cluster: &ClusterSummary, contrasts: &BTreeMap<String, Vec<Passage>>) -> Vec<DiffRange> {
    let example = cluster.example().map(|example| example.source.as_str());
    let passages = example.and_then(|source| contrasts.get(source));
    let range = |passage: &Passage| DiffRange {
        source: example.unwrap_or_default().to_owned(),
        line_start: passage.line_start,
        line_end: passage.line_end,
        score: passage.score,
    };
    passages.into_iter().flatten().map(range).collect()
}

/// Returns what the sources tell of their runs.
fn run_parts(facts: &[Facts]) -> runs::RunParts {
    let told = facts.par_iter().map(runs::RunParts::by);
    told.reduce(runs::RunParts::default, runs::RunParts::with)
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

fn summarise(facts: &Facts) -> SourceSummary {
    let place = |what| facts.environment.one(what).map(str::to_owned);
    SourceSummary {
        source: facts.source.name.clone(),
        bytes: facts.source.bytes,
        lines: facts.source.lines,
        outcome: facts.outcome,
        outcome_because: facts.outcome_because.clone(),
        failed_ends: failed_ends(facts),
        mentions: facts.mentions.clone(),
        set_back: Vec::new(),
        primary: None,
        baseline: facts.source.baseline,
        problems: facts.problems.clone(),
        coverage: facts.coverage.clone(),
        first_time: facts.source.first_time.and_then(rfc3339),
        last_time: facts.source.last_time.and_then(rfc3339),
        host: place(What::Host),
        job: place(What::Job),
    }
}

fn failed_ends(facts: &Facts) -> Vec<Headline> {
    let failed = facts.ends.iter().filter(|end| end.verdict == ends::Verdict::Fail);
    failed.map(|end| Headline { line: end.line, text: end.text.clone() }).collect()
}

fn name_primaries(summaries: &mut [SourceSummary], clusters: &[Cluster]) {
    let mut primaries = BTreeMap::new();
    for cluster in clusters {
        for occurrence in cluster.occurrences.iter().filter(|occurrence| occurrence.rank == 1) {
            primaries.insert(occurrence.source.as_str(), cluster.id.as_str());
        }
    }
    for summary in summaries {
        summary.primary = primaries.get(summary.source.as_str()).map(|id| (*id).to_owned());
    }
}

fn covered(sources: &[SourceSummary]) -> Coverage {
    let mut coverage = Coverage::default();
    sources.iter().for_each(|source| coverage += &source.coverage);
    coverage
}

fn totals(sources: &[SourceSummary], clusters: &[ClusterSummary]) -> Totals {
    let sum = |of: fn(&SourceSummary) -> u64| sources.iter().map(of).sum();
    Totals {
        sources: sources.len() as u64,
        bytes: sum(|source| source.bytes),
        lines: sum(|source| source.lines),
        coverage: covered(sources),
        occurrences: clusters.iter().map(|cluster| cluster.occurrences.len() as u64).sum(),
        clusters: clusters.len() as u64,
    }
}

/// What is asked about a cluster.
struct Rooms<'r> {
    catalog: &'r Catalog,
    why: &'r Why<'r>,
    runs: &'r Runs,
    /// What tells each failed test best.
    told: BestOccurrences,
}

impl Rooms<'_> {
    /// Tells of a cluster, and lets go of its occurrences one by one: there may be very many.
    fn tell(&self, cluster: Cluster) -> ClusterSummary {
        let summary = self.summary(&cluster);
        let occurrences = cluster.occurrences.into_iter().map(|one| self.occurrence(one)).collect();
        ClusterSummary { occurrences, ..summary }
    }

    /// Tells all of a cluster but where it occurred.
    fn summary(&self, cluster: &Cluster) -> ClusterSummary {
        let example = cluster.example();
        let (why, history) = (self.why.tell(cluster, &self.told), self.runs.history(cluster, &self.told));
        let known = example.and_then(|example| example.signature.known.as_deref());
        let known = known.and_then(|id| self.catalog.get(id)).map(tell_known);
        let sources: BTreeSet<&str> =
            cluster.occurrences.iter().map(|occurrence| occurrence.source.as_str()).collect();
        let (first_seen, last_seen) = history.seen.unzip();
        ClusterSummary {
            id: cluster.id.clone(),
            aliases: cluster.aliases.clone(),
            title: example.map(|example| cut(&example.signature.title)).unwrap_or_default(),
            kind: example.map_or(Kind::Error, |example| example.event.kind),
            signature: example.map(|example| cut(&example.signature.normal())).unwrap_or_default(),
            next: known.as_ref().map(|known| known.next.clone()),
            known,
            issue: None,
            owner: None,
            failures: history.failures,
            suspects: cluster.occurrences.iter().filter(|one| one.rank == 1 && one.suspect).count() as u64,
            in_sources: sources.len() as u64,
            occurrences: Vec::new(),
            causes: why.causes,
            tests: history.tests,
            rate: history.rate,
            verdict: history.verdict,
            first_seen,
            last_seen,
            new_since: history.news,
            past: None,
            contrast: Vec::new(),
            stacks: why.stacks,
            plots: why.plots,
        }
    }

    fn occurrence(&self, occurrence: Occurrence) -> OccurrenceSummary {
        let run = self.runs.run(&occurrence.source);
        let full = |test: String| {
            let full = run.and_then(|run| run.tests.full(&test)).filter(|full| *full != test);
            full.map(str::to_owned).unwrap_or(test)
        };
        let told = tell_occurrence(occurrence);
        OccurrenceSummary { run: run.map(|run| run.id.clone()), test: told.test.map(full), ..told }
    }
}

fn tell_known(entry: &Entry) -> KnownFailure {
    KnownFailure {
        id: entry.id.clone(),
        name: entry.title.clone(),
        what: entry.what.clone(),
        why: entry.why.clone(),
        next: entry.next.clone(),
        form: entry.form,
    }
}

/// Letters of a message that are kept.
const MESSAGE: usize = 500;
/// Letters of a title and of a normal form that are kept; an id is made of the whole.
const LONGEST_TITLE: usize = 2000;

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_TITLE).collect()
}

fn tell_occurrence(occurrence: Occurrence) -> OccurrenceSummary {
    let Occurrence { source, event, code, signature, rank, suspect } = occurrence;
    let message: String = event.message.chars().take(MESSAGE).collect();
    OccurrenceSummary {
        source,
        run: None,
        headline: Headline { line: event.headline, text: message.clone() },
        line_start: event.first_line,
        line_end: event.last_line,
        byte_start: event.byte_start,
        byte_end: event.byte_end,
        rank,
        suspect,
        code,
        time: event.time.and_then(Timestamp::since_epoch).and_then(rfc3339),
        when: event.time.map(When::from),
        actor: (!event.actor.is_unknown()).then_some(event.actor),
        test: event.test,
        exact: signature.id.clone(),
        message,
    }
}

/// Writes nanoseconds since the Unix epoch as RFC 3339.
pub fn rfc3339(nanos: i64) -> Option<String> {
    jiff::Timestamp::from_nanosecond(i128::from(nanos)).ok().map(|time| time.to_string())
}
