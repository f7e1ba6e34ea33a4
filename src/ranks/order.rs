//! Orders the events of one log.

use super::features::features;
use super::trees::score;
use crate::events::Event;

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
        .iter()
        .enumerate()
        .map(|(event, row)| Standing { event, score: score(row), probability: 0.0 })
        .collect();
    let highest = standings.iter().map(|standing| standing.score).fold(f32::MIN, f32::max);
    let total: f32 = standings.iter().map(|standing| (standing.score - highest).exp()).sum();
    for standing in &mut standings {
        standing.probability = (standing.score - highest).exp() / total;
    }
    standings.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.event.cmp(&b.event)));
    standings
}
