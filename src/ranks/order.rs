//! Orders the events of one log.

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
        .map(|(event, row)| Standing { event, score: score(&row) + prior(&events[event]), probability: 0.0 })
        .collect();
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

/// The trees were fitted on logs of builds, where crash reports are rare: a report that names the
/// place of the fault outweighs the verdicts which follow from it.
fn prior(event: &Event) -> f32 {
    let classed = event.kind == Kind::Crash && event.class.is_some();
    let placed = (classed || matches!(event.kind, Kind::Sanitizer | Kind::Race)) && !event.frames.is_empty();
    let reports = event.role == Role::Root && (placed || event.identity.is_some());
    if reports { REPORT } else { 0.0 }
}
