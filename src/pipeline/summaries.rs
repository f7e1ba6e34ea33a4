//! Sources and clusters in the words of the contract with programs.

use std::collections::{BTreeMap, BTreeSet};

use super::runs::Runs;
use super::same::BestOccurrences;
use super::why::Why;
use crate::clusters::{Cluster, Occurrence};
use crate::facts::environment::What;
use crate::facts::failures::Kind;
use crate::facts::{Coverage, Facts, Passage, ends};
use crate::findings::{
    ClusterSummary, DiffRange, Headline, KnownFailure, OccurrenceSummary, SourceSummary, Totals, When,
};
use crate::signatures::{Catalog, Entry};
use crate::text::records::Timestamp;

/// Sums up one source.
pub fn source_summary(facts: &Facts) -> SourceSummary {
    let place = |what| facts.environment.one(what).map(str::to_owned);
    SourceSummary {
        source: facts.source.name.clone(),
        bytes: facts.source.bytes,
        lines: facts.source.lines,
        outcome: facts.outcome,
        outcome_because: facts.outcome_because.clone(),
        failed_ends: failed_ends(facts),
        mentions: facts.mentions.clone(),
        baseline: facts.source.baseline,
        problems: facts.problems.clone(),
        coverage: facts.coverage.clone(),
        first_time: facts.source.first_time.and_then(rfc3339),
        last_time: facts.source.last_time.and_then(rfc3339),
        host: place(What::Host),
        job: place(What::Job),
        ..SourceSummary::default()
    }
}

fn failed_ends(facts: &Facts) -> Vec<Headline> {
    let failed = facts.ends.iter().filter(|end| end.verdict == ends::Verdict::Fail);
    failed.map(|end| Headline { line: end.line, text: end.text.clone() }).collect()
}

/// Names in each source the cluster of its first failure.
pub fn name_primaries(summaries: &mut [SourceSummary], clusters: &[Cluster]) {
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

/// Adds up sources and clusters.
pub fn totals(sources: &[SourceSummary], clusters: &[ClusterSummary]) -> Totals {
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

/// Returns what the example log of a cluster says that passing runs do not.
pub fn contrast(cluster: &ClusterSummary, contrasts: &BTreeMap<String, Vec<Passage>>) -> Vec<DiffRange> {
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

/// What the summary of a cluster is made from.
pub struct Summaries<'r> {
    pub catalog: &'r Catalog,
    pub why: &'r Why<'r>,
    pub runs: &'r Runs,
    /// Which occurrence stands for each failed test.
    pub best: BestOccurrences,
}

impl Summaries<'_> {
    /// Sums a cluster up, and lets go of its occurrences one by one: there may be very many.
    pub fn cluster(&self, cluster: Cluster) -> ClusterSummary {
        let summary = self.summary(&cluster);
        let occurrences = cluster.occurrences.into_iter().map(|one| self.occurrence(one)).collect();
        ClusterSummary { occurrences, ..summary }
    }

    /// Sums up all of a cluster but where it occurred.
    fn summary(&self, cluster: &Cluster) -> ClusterSummary {
        let example = cluster.example();
        let (why, history) = (self.why.of(cluster, &self.best), self.runs.history(cluster, &self.best));
        let known = example.and_then(|example| example.signature.known.as_deref());
        let known = known.and_then(|id| self.catalog.get(id)).map(known_failure);
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
            failures: history.failures,
            suspects: cluster.occurrences.iter().filter(|one| one.rank == 1 && one.suspect).count() as u64,
            in_sources: sources.len() as u64,
            causes: why.causes,
            tests: history.tests,
            rate: history.rate,
            verdict: history.verdict,
            first_seen,
            last_seen,
            new_since: history.news,
            stacks: why.stacks,
            plots: why.plots,
            ..ClusterSummary::default()
        }
    }

    fn occurrence(&self, occurrence: Occurrence) -> OccurrenceSummary {
        let run = self.runs.run(&occurrence.source);
        let full = |test: String| {
            let full = run.and_then(|run| run.tests.full(&test)).filter(|full| *full != test);
            full.map(str::to_owned).unwrap_or(test)
        };
        let summary = occurrence_summary(occurrence);
        OccurrenceSummary { run: run.map(|run| run.id.clone()), test: summary.test.map(full), ..summary }
    }
}

fn known_failure(entry: &Entry) -> KnownFailure {
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

fn occurrence_summary(occurrence: Occurrence) -> OccurrenceSummary {
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
