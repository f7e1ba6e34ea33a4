//! How sources are read: with the catalog, the order and the weights of the rooms that come after facts.

use rayon::prelude::*;

use crate::causes;
use crate::facts::failures::Event;
use crate::facts::{Known, Reading};
use crate::ranking;
use crate::text::lines::{Index, STRIDE, newlines};

/// Returns how to read a source of which neither steps nor tests are kept.
pub fn reading(known: &dyn Known) -> Reading<'_> {
    Reading {
        known,
        order,
        clue_weight: causes::clue_weight,
        index,
        baseline: false,
        steps: false,
        tests: false,
        setup: false,
        subtract: None,
        prints: None,
        sought: None,
    }
}

fn order(events: &[Event], tolerated: &dyn Fn(&Event) -> bool) -> Vec<usize> {
    let standings = ranking::order(events, tolerated);
    ranking::shown(events, &standings).iter().map(|standing| standing.event).collect()
}

/// Strides of a log that one thread counts at the least.
const STRIDES: usize = 64;

/// Counts the lines of a log on all cores.
fn index(bytes: &[u8]) -> Index<'_> {
    let strides = bytes.par_chunks(STRIDE).with_min_len(STRIDES).map(newlines);
    Index::counted(bytes, strides.collect::<Vec<u64>>())
}
