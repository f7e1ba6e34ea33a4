//! One cluster on the page.

use serde::Serialize;

use super::charts::{Calendar, Chart};
use super::context::Context;
use crate::findings::{CauseSummary, ClusterSummary, EvidenceSummary, Findings, OccurrenceSummary, Spread};
use crate::reports::phrases;

/// Places shown at once; the next ones are folded away in sheets.
const FIRST: usize = 10;
const SHEET: usize = 100;
/// Causes shown at once.
const REASONS: usize = 5;
/// Lines shown above a table of stacks, which tells the rest.
const ABOVE_STACKS: usize = 16;
/// Hosts and tests named.
const NAMES: usize = 5;

/// What the page says about one cluster.
#[derive(Serialize)]
pub struct Card<'a> {
    number: usize,
    cluster: &'a ClusterSummary,
    times: usize,
    logs: String,
    seen: Option<String>,
    why: Option<Reason<'a>>,
    hosts: Names<'a>,
    tests: Names<'a>,
    read: Option<Context<'a>>,
    /// What passing runs do not say, beside the failure itself.
    news: Vec<Context<'a>>,
    reasons: Vec<Reason<'a>>,
    /// Folded away.
    less_likely: Vec<Reason<'a>>,
    calendar: Option<Calendar>,
    charts: Vec<Chart>,
    places: &'a [OccurrenceSummary],
    sheets: Vec<Sheet<'a>>,
    more_places: usize,
}

#[derive(Serialize)]
struct Names<'a> {
    shown: Vec<(&'a str, usize)>,
    more: usize,
}

/// One cause with its evidence.
#[derive(Serialize)]
struct Reason<'a> {
    cause: &'a str,
    grade: &'a str,
    /// In percent.
    score: f64,
    evidence: Vec<Proof<'a>>,
    against: Vec<Proof<'a>>,
}

#[derive(Serialize)]
struct Proof<'a> {
    text: &'a str,
    family: &'a str,
    weight: f64,
    context: Option<Context<'a>>,
}

/// A run of places that is folded away.
#[derive(Serialize)]
struct Sheet<'a> {
    first: usize,
    last: usize,
    places: &'a [OccurrenceSummary],
}

impl<'a> Card<'a> {
    /// Lays out one cluster, with at most `most` places folded away.
    pub fn of(number: usize, cluster: &'a ClusterSummary, findings: &'a Findings, most: usize) -> Self {
        let spread = Spread::of(findings, cluster);
        let (places, folded) = cluster.occurrences.split_at(cluster.occurrences.len().min(FIRST));
        let (likely, unlikely) = cluster.causes.split_at(cluster.causes.len().min(REASONS));
        let (folded, cut) = folded.split_at(folded.len().min(most));
        Self {
            number,
            cluster,
            times: cluster.occurrences.len(),
            logs: phrases::logs(cluster),
            seen: phrases::seen(&spread),
            why: cluster.causes.first().map(|cause| Reason::of(cause, findings)),
            hosts: Names::of(spread.hosts),
            tests: Names::of(spread.tests),
            read: cluster.example().map(|place| {
                let read = Context::of(findings, &place.source, place.line_start, place.line_end);
                if cluster.stacks.is_empty() { read } else { read.cut(ABOVE_STACKS) }
            }),
            news: cluster
                .contrast_beside()
                .map(|range| Context::of(findings, &range.source, range.line_start, range.line_end))
                .collect(),
            reasons: likely.iter().map(|cause| Reason::of(cause, findings)).collect(),
            less_likely: unlikely.iter().map(|cause| Reason::of(cause, findings)).collect(),
            calendar: Calendar::of_hosts(cluster, findings),
            charts: cluster.plots.iter().filter_map(Chart::of).collect(),
            places,
            sheets: sheets(folded),
            more_places: cut.len(),
        }
    }
}

impl<'a> Names<'a> {
    fn of(mut names: Vec<(&'a str, usize)>) -> Self {
        let more = names.len().saturating_sub(NAMES);
        names.truncate(NAMES);
        Self { shown: names, more }
    }
}

impl<'a> Reason<'a> {
    fn of(cause: &'a CauseSummary, findings: &'a Findings) -> Self {
        let proofs = |side: &'a [EvidenceSummary]| side.iter().map(|one| Proof::of(one, findings)).collect();
        Self {
            cause: &cause.cause,
            grade: &cause.grade,
            // Never 100: a log proves no cause.
            score: (cause.score * 100.0).round().clamp(0.0, 99.0),
            evidence: proofs(&cause.evidence),
            against: proofs(&cause.against),
        }
    }
}

impl<'a> Proof<'a> {
    fn of(evidence: &'a EvidenceSummary, findings: &'a Findings) -> Self {
        let place = evidence.source.as_deref().zip(evidence.line);
        Self {
            text: &evidence.text,
            family: &evidence.family,
            weight: evidence.weight,
            context: place.map(|(source, line)| Context::of(findings, source, line, line)),
        }
    }
}

fn sheets(places: &[OccurrenceSummary]) -> Vec<Sheet<'_>> {
    let sheet = |(index, places): (usize, _)| {
        let places: &[OccurrenceSummary] = places;
        let first = FIRST + index * SHEET + 1;
        Sheet { first, last: first + places.len() - 1, places }
    };
    places.chunks(SHEET).enumerate().map(sheet).collect()
}
