//! Pairs of steps, and the runs in which the later one came too early.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::steps::{Moment, Run, Step};

/// Steps compared, those in most runs first.
const STEPS: usize = 160;
/// Share of all runs that must take a step for it to be compared.
const COMMON: f64 = 0.3;

/// A pair of steps, and the runs in which the second came before the first.
#[derive(Debug)]
pub struct Pair<'a> {
    pub first: &'a Step,
    pub second: &'a Step,
    /// One bit for each run.
    pub bits: u64,
}

impl Pair<'_> {
    /// Returns what pairs are put in order by where nothing else tells them apart.
    pub fn key(&self) -> (&Step, &Step) {
        (self.first, self.second)
    }

    /// Returns the lines between the two steps where they lie nearest, late or in time.
    pub fn apart(&self, runs: &[&Run]) -> u64 {
        let distances = runs.iter().filter_map(|run| {
            let (second, first) = early(run, self.first, self.second)?;
            Some(first.map_or(u64::MAX, |first| first.line.abs_diff(second.line)))
        });
        distances.min().unwrap_or(u64::MAX)
    }
}

/// Returns all pairs that differ between runs: those of the same numbered actors, and those of steps
/// that different actors took.
pub fn pairs<'a>(runs: &[&'a Run]) -> Vec<Pair<'a>> {
    let steps = common(runs);
    let mut pairs = Vec::new();
    for first in &steps {
        for second in steps.iter().filter(|second| second.1 == first.1 && !is_one_line(&first.0, &second.0)) {
            let early = runs.iter().enumerate().filter(|(_, run)| early(run, first, second).is_some());
            let bits = early.fold(0u64, |bits, (run, _)| bits | 1 << run);
            let apart = !first.1.is_empty() || runs.iter().any(|run| apart(run, first, second));
            if bits != 0 && bits.count_ones() < runs.len() as u32 && apart {
                pairs.push(Pair { first, second, bits });
            }
        }
    }
    pairs
}

/// Returns true if two steps are one line in which other numbers are equal: that `3 of 3` stands in the place of `2 of 3`
/// tells of a count and of no order.
fn is_one_line(first: &str, second: &str) -> bool {
    let words = |text: &'_ str| text.bytes().filter(|byte| !byte.is_ascii_digit()).collect::<Vec<u8>>();
    words(first) == words(second)
}

/// Returns the steps that enough runs take, whether they failed or not.
fn common<'a>(runs: &[&'a Run]) -> Vec<&'a Step> {
    let mut counts: BTreeMap<&Step, usize> = BTreeMap::new();
    for step in runs.iter().flat_map(|run| run.steps.keys()) {
        *counts.entry(step).or_default() += 1;
    }
    let least = (COMMON * runs.len() as f64).ceil() as usize;
    let mut steps: Vec<(&Step, usize)> = counts.into_iter().filter(|(_, count)| *count >= least).collect();
    steps.sort_by_key(|(step, count)| (std::cmp::Reverse(*count), *step));
    steps.into_iter().take(STEPS).map(|(step, _)| step).collect()
}

fn apart(run: &Run, first: &Step, second: &Step) -> bool {
    let actors = |step| -> BTreeSet<&str> {
        run.steps
            .get(step)
            .into_iter()
            .flat_map(|moments| moments.values().map(|moment| moment.actor.as_str()))
            .collect()
    };
    let (first, second) = (actors(first), actors(second));
    !first.is_empty() && !second.is_empty() && first.is_disjoint(&second)
}

/// Returns the moments in which `second` came, before the failure, though `first` of the same number
/// had not come yet: the second's, and the first's if it came at all.
pub fn early<'a>(run: &'a Run, first: &Step, second: &Step) -> Option<(&'a Moment, Option<&'a Moment>)> {
    let firsts = run.steps.get(first);
    let seconds = run.steps.get(second)?;
    seconds.iter().find_map(|(number, moment)| {
        let before = firsts.and_then(|firsts| firsts.get(number));
        let counts = run.anchor.is_none_or(|anchor| moment.line < anchor);
        (counts && before.is_none_or(|before| precedes(moment, before))).then_some((moment, before))
    })
}

/// Returns true if `one` came before `other`: by the time, and by the line where times say nothing.
fn precedes(one: &Moment, other: &Moment) -> bool {
    match (one.time, other.time) {
        (Some(a), Some(b)) if a != b => a < b,
        _ => one.line < other.line,
    }
}
