//! Which lines of the logs belong into a text of bounded length, the most telling first.

use std::collections::{BTreeMap, BTreeSet};

use super::{ClusterSummary, Findings, OccurrenceSummary};
use crate::facts::Mention;

/// Failures whose lines are chosen.
const PLACES: usize = 24;
/// Lines of one failure that are chosen before those of the next.
const LONGEST: u64 = 30;
/// Lines round a failure that may be chosen.
const AROUND: u64 = 30;

/// The lines of one failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place<'a> {
    source: &'a str,
    /// 1-based, inclusive.
    first: u64,
    last: u64,
    /// The line that tells it.
    telling: u64,
}

/// One line that is worth its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice<'a> {
    /// The smaller, the sooner it is shown.
    pub order: u64,
    pub source: &'a str,
    /// 1-based.
    pub line: u64,
}

impl Findings {
    /// Returns the lines to show, the most telling first.
    ///
    /// The line that tells a failure stands before the rest of it, and that before its surroundings, the nearer the sooner;
    /// each later failure stands a little behind the one before it, with its telling line less far behind than with the rest: what
    /// else went wrong is worth more room than all that surrounds the first.
    pub fn choices(&self) -> Vec<Choice<'_>> {
        let mut offers = Offers::default();
        for (place, behind) in self.places().iter().zip(0..) {
            offers.take(place.source, place.telling, behind);
            offers.take_place(place, 2 * behind);
        }
        for source in self.sources.iter().filter(|source| !source.baseline) {
            source.failed_ends.iter().for_each(|end| offers.take(&source.source, end.line, STATEMENT));
            for (mention, behind) in source.mentions.iter().zip(0..) {
                offers.take_mention(&source.source, mention, MENTION + behind / 2);
            }
        }
        let failed = self.primary();
        for range in failed.flat_map(ClusterSummary::contrast_beside).take(NEWS) {
            offers.take(&range.source, range.line_start, STATEMENT);
        }
        offers.choices()
    }

    /// Returns the failures to show, the most telling first: one of each cluster by which a log failed, and after it
    /// what else went wrong in the same log.
    fn places(&self) -> Vec<Place<'_>> {
        let mut seen = BTreeSet::new();
        let failed = self.primary();
        let examples = failed.filter_map(ClusterSummary::example);
        let all = examples.flat_map(|example| std::iter::once(example).chain(self.beside(&example.source)));
        let new = all.filter(|occurrence| seen.insert((&occurrence.source, occurrence.line_start)));
        new.take(PLACES).map(|occurrence| Place::of(self, occurrence)).collect()
    }

    /// Returns all that went wrong in one log, first what to read first.
    fn beside(&self, source: &str) -> Vec<&OccurrenceSummary> {
        let all = self.clusters.iter().flat_map(|cluster| &cluster.occurrences);
        let mut beside: Vec<_> = all.filter(|occurrence| occurrence.source == source).collect();
        beside.sort_by_key(|occurrence| occurrence.rank);
        beside
    }
}

/// Where lines that state an end stand among the lines of failures: behind the line that tells the first of them.
const STATEMENT: u64 = 1;

/// Where stands what else went wrong: behind the near surroundings of the first failure, before its far ones.
const MENTION: u64 = 5;
/// Lines before what is only mentioned.
const BEFORE: u64 = 4;
/// Ranges that passing runs do not say, of which the first line is chosen.
const NEWS: usize = 10;

/// For each line its best place in the order.
#[derive(Default)]
struct Offers<'a>(BTreeMap<(&'a str, u64), u64>);

impl<'a> Offers<'a> {
    fn take(&mut self, source: &'a str, line: u64, order: u64) {
        let held = self.0.entry((source, line)).or_insert(order);
        *held = order.min(*held);
    }

    fn take_place(&mut self, place: &Place<'a>, behind: u64) {
        self.take(place.source, place.telling, behind);
        let last = place.last.min(place.first.saturating_add(LONGEST));
        for line in place.first..=last {
            self.take(place.source, line, behind + 1 + line.abs_diff(place.telling) / 4);
        }
        for step in 1..=AROUND {
            self.take(place.source, place.first.saturating_sub(step).max(1), behind + 2 + step);
            self.take(place.source, place.last.saturating_add(step), behind + 2 + step);
        }
    }

    fn take_mention(&mut self, source: &'a str, mention: &Mention, behind: u64) {
        self.take(source, mention.telling, behind);
        for line in mention.first..=mention.last {
            self.take(source, line, behind + 2 + line.abs_diff(mention.telling) / 2);
        }
        for step in 1..=BEFORE.min(mention.first.saturating_sub(1)) {
            self.take(source, mention.first - step, behind + 1 + step);
        }
    }

    fn choices(self) -> Vec<Choice<'a>> {
        let choice = |((source, line), order)| Choice { order, source, line };
        let mut choices: Vec<_> = self.0.into_iter().map(choice).collect();
        choices.sort_unstable();
        choices
    }
}

impl<'a> Place<'a> {
    fn of(findings: &Findings, occurrence: &'a OccurrenceSummary) -> Self {
        Place {
            source: &occurrence.source,
            first: occurrence.line_start,
            last: occurrence.line_end,
            telling: findings.telling_line(occurrence),
        }
    }
}
