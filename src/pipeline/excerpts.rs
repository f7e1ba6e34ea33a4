//! The log lines round what findings name.

use std::collections::BTreeMap;

use super::shown::Shown;
use crate::facts::{joined, shown_line};
use crate::findings::{ClusterSummary, Excerpt, Findings};
use crate::input::Source;
use crate::text::lines::Index;

/// Lines kept before and after a place.
const AROUND: u64 = 5;
/// Lines kept of one occurrence.
const LONGEST: u64 = 50;
/// Clusters of which the lines round the example are kept, and those of which all that is named is.
const EXAMPLES: usize = 5000;
const CLUSTERS: usize = 100;
/// Occurrences of one cluster that are shown with their lines.
const OCCURRENCES: usize = 20;

/// The line ranges to keep, by source.
type Wanted = BTreeMap<String, Vec<(u64, u64)>>;

/// Adds the lines round each failing cluster's example and round its evidence, as far as they were kept.
pub fn add(findings: &mut Findings, shown: &Shown) {
    let wanted = wanted(findings);
    keep(findings, shown, wanted);
}

/// Adds the lines round all that one cluster names, `around` before and after each, as far as they were kept.
pub fn add_for_one(findings: &mut Findings, shown: &Shown, id: &str, around: u64) {
    let mut wanted = Wanted::new();
    for cluster in findings.clusters.iter().filter(|cluster| cluster.id == id) {
        let occurrences = cluster.occurrences.iter().take(OCCURRENCES).map(|one| {
            (one.source.as_str(), one.line_start, one.line_end.min(one.line_start.saturating_add(LONGEST)))
        });
        for (source, first, last) in places(cluster).chain(occurrences) {
            let range = (first.saturating_sub(around).max(1), last.saturating_add(around));
            wanted.entry(source.to_owned()).or_default().push(range);
        }
    }
    keep(findings, shown, wanted);
}

/// Adds the lines that a pack may choose, as far as they were kept.
pub fn add_for_pack(findings: &mut Findings, shown: &Shown) {
    let mut wanted = Wanted::new();
    for choice in findings.choices() {
        wanted.entry(choice.source.to_owned()).or_default().push((choice.line, choice.line));
    }
    keep(findings, shown, wanted);
}

fn keep(findings: &mut Findings, shown: &Shown, wanted: Wanted) {
    let mut excerpts = Vec::new();
    for (source, ranges) in wanted {
        for (first, last) in joined(ranges) {
            let kept = shown.lines(&source, first, last).into_iter();
            excerpts.extend(kept.map(|kept| Excerpt {
                source: source.clone(),
                line_start: kept.line_start,
                lines: kept.lines,
            }));
        }
    }
    excerpts.sort_by(|a, b| (&a.source, a.line_start).cmp(&(&b.source, b.line_start)));
    findings.excerpts = excerpts;
}

/// Returns the lines round the given ones of a source, `margin` before and after each.
pub fn around(source: &Source, lines: &[u64], margin: u64) -> Vec<Excerpt> {
    let round = |line: &u64| (line.saturating_sub(margin).max(1), line.saturating_add(margin));
    let index = Index::new(&source.bytes);
    let ranges = joined(lines.iter().map(round).collect());
    ranges.into_iter().map(|(first, last)| self::lines(source, &index, first, last)).collect()
}

/// Returns the lines `first..=last` of a source, whose lines `index` knows.
pub fn lines(source: &Source, index: &Index<'_>, first: u64, last: u64) -> Excerpt {
    let lines = index.range(first, last).map(|line| shown_line(line.bytes)).collect();
    Excerpt { source: source.name.clone(), line_start: first, lines }
}

fn wanted(findings: &Findings) -> Wanted {
    let mut wanted = Wanted::new();
    let failing = findings.primary();
    let examples = failing.clone().skip(CLUSTERS).take(EXAMPLES).flat_map(|cluster| places(cluster).take(1));
    for (source, first, last) in failing.take(CLUSTERS).flat_map(places).chain(examples) {
        let range = (first.saturating_sub(AROUND).max(1), last.saturating_add(AROUND));
        wanted.entry(source.to_owned()).or_default().push(range);
    }
    wanted
}

/// Returns the example, the evidence and the contrast of a cluster, as a source with its first and last
/// line.
fn places(cluster: &ClusterSummary) -> impl Iterator<Item = (&str, u64, u64)> {
    let example = cluster.example().map(|place| {
        let last = place.line_end.min(place.line_start.saturating_add(LONGEST));
        (place.source.as_str(), place.line_start, last)
    });
    let evidence = cluster.causes.iter().flat_map(|cause| cause.evidence.iter().chain(&cause.against));
    let evidence = evidence.filter_map(|one| one.source.as_deref().zip(one.line));
    let contrast = cluster.contrast.iter().map(|range| {
        let last = range.line_end.min(range.line_start.saturating_add(LONGEST));
        (range.source.as_str(), range.line_start, last)
    });
    example.into_iter().chain(evidence.map(|(source, line)| (source, line, line))).chain(contrast)
}
