//! How sources are read: with the catalog, the order and the weights of the rooms that come after facts.

use crate::causes;
use crate::facts::failures::Event;
use crate::facts::{Known, Order, Ranked, Reading};
use crate::ranking;

/// Returns how to read a source of which no steps are kept.
pub fn reading(known: &dyn Known) -> Reading<'_> {
    Reading {
        known,
        order,
        clue_weight: causes::clue_weight,
        baseline: false,
        steps: false,
        setup: false,
        subtract: None,
        prints: None,
        sought: None,
    }
}

fn order(events: &[Event], tolerated: &dyn Fn(&Event) -> bool) -> Order {
    let standings = ranking::order(events, tolerated);
    let shown = ranking::shown(events, &standings).iter().map(|standing| standing.event).collect();
    let ranked = standings.iter().filter_map(|standing| {
        let specific = ranking::is_specific(events.get(standing.event)?, standing);
        Some(Ranked { event: standing.event, score: standing.score, specific })
    });
    Order { ranked: ranked.collect(), shown }
}
