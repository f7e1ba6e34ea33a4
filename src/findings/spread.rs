//! Where and when a cluster happened, added up over its occurrences.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{ClusterSummary, DiffRange, Findings, OccurrenceSummary};

/// The places and times of one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread<'a> {
    /// Hosts with their number of occurrences, most first.
    pub hosts: Vec<(&'a str, usize)>,
    /// Tests with their number of occurrences, most first.
    pub tests: Vec<(&'a str, usize)>,
    /// The earliest and the latest time, where the logs have times.
    pub seen: Option<(Timestamp, Timestamp)>,
}

impl<'a> Spread<'a> {
    /// Adds up the occurrences of one cluster.
    pub fn of(findings: &'a Findings, cluster: &'a ClusterSummary) -> Self {
        let occurrences = &cluster.occurrences;
        let times = || occurrences.iter().filter_map(OccurrenceSummary::timestamp);
        Self {
            hosts: count(occurrences.iter().filter_map(|occurrence| findings.host(occurrence))),
            tests: count(occurrences.iter().filter_map(|occurrence| occurrence.test.as_deref())),
            seen: times().min().zip(times().max()),
        }
    }
}

impl ClusterSummary {
    /// Returns true if and only if it is what to read first in some source, as a failure or as a suspect.
    pub fn is_primary(&self) -> bool {
        self.failures + self.suspects > 0
    }

    /// Returns the occurrence to read first: one that is the first of its log, or else the first of all.
    pub fn example(&self) -> Option<&OccurrenceSummary> {
        self.occurrences.iter().find(|occurrence| occurrence.rank == 1).or(self.occurrences.first())
    }
}

impl ClusterSummary {
    /// Returns what the example log says that passing runs do not, beside the lines of the failure itself.
    pub fn contrast_beside(&self) -> impl Iterator<Item = &DiffRange> {
        let own = self.example().map(|example| example.line_start..=example.line_end);
        self.contrast.iter().filter(move |range| {
            own.as_ref().is_none_or(|own| range.line_end < *own.start() || range.line_start > *own.end())
        })
    }
}

impl OccurrenceSummary {
    /// Returns the time as a moment; `None` without a time or with one that is not RFC 3339.
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.time.as_deref()?.parse().ok()
    }
}

fn count<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(&'a str, usize)> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    counts
}
