//! Orders the events of one log.

use std::collections::HashMap;

use super::features::features;
use super::trees::score;
use crate::events::{Event, Kind, Role};

/// Where an event stands among those of its log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The position of the event in the slice given.
    pub event: usize,
    /// The sum over the trees.
    pub score: f32,
    /// The probability that this is the one to read, over the events of this log.
    pub probability: f32,
}

/// Returns the events of one log, the one to read first in front. Ties go to the earlier line.
pub fn order(events: &[Event]) -> Vec<Standing> {
    let mut standings: Vec<Standing> = features(events)
        .enumerate()
        .map(|(event, row)| Standing { event, score: score(&row), probability: 0.0 })
        .collect();
    lift_reports(events, &mut standings);
    let highest = standings.iter().map(|standing| standing.score).fold(f32::MIN, f32::max);
    let total: f32 = standings.iter().map(|standing| (standing.score - highest).exp()).sum();
    for standing in &mut standings {
        standing.probability = (standing.score - highest).exp() / total;
    }
    standings.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.event.cmp(&b.event)));
    standings
}

/// What a report of a known form weighs over the words that other tools say of its consequences,
/// in the logarithm of odds.
const REPORT: f32 = 8.0;

/// Lifts the reports of crashes over other events, all of one kind as high as the highest, so that
/// the first of them wins: later ones may follow from it.
///
/// The trees were fitted on logs of builds, where such reports are rare.
fn lift_reports(events: &[Event], standings: &mut [Standing]) {
    let mut highest: HashMap<Kind, f32> = HashMap::new();
    for standing in standings.iter().filter(|standing| is_report(&events[standing.event])) {
        let score = highest.entry(events[standing.event].kind).or_insert(f32::MIN);
        *score = score.max(standing.score);
    }
    for standing in standings.iter_mut().filter(|standing| is_report(&events[standing.event])) {
        standing.score = highest[&events[standing.event].kind] + REPORT;
    }
}

/// Returns true if and only if the event is a report of a known form that names the place of the
/// fault: it outweighs the verdicts which follow from it.
fn is_report(event: &Event) -> bool {
    let classed = event.kind == Kind::Crash && event.class.is_some();
    let placed = (classed || matches!(event.kind, Kind::Sanitizer | Kind::Race)) && !event.frames.is_empty();
    event.role == Role::Root && (placed || event.identity.is_some())
}
