//! What the lines of one failure, and those round it, say about why.

use std::collections::BTreeMap;

use super::clues::Clues;
use crate::events::Event;
use crate::lines::Index;
use crate::records::Reader;
use crate::signatures::{Catalog, Entry};

/// What a line was recognised as.
#[derive(Clone, Copy, Debug)]
pub enum Told<'c> {
    /// The position of a clue.
    Clue(usize),
    /// A known failure.
    Known(&'c Entry),
}

/// One line that says something about why.
#[derive(Clone, Debug)]
pub struct Heard<'c> {
    pub told: Told<'c>,
    /// 1-based.
    pub line: u64,
    pub text: String,
    /// From 0 to 1: less the farther the line stands from the failure.
    pub nearness: f64,
}

/// What one log says about one of its failures; each clue and each known failure once, where it
/// stands nearest.
#[derive(Clone, Debug, Default)]
pub struct Testimony<'c> {
    pub heard: Vec<Heard<'c>>,
}

/// Lines before and after a failure that are listened to.
const BEFORE: u64 = 300;
const AFTER: u64 = 60;
/// Lines from the failure that belong to it as if they stood in it.
const BESIDE: u64 = 25;
/// How much a line counts that is not in the failure itself: near it, and farther away.
const NEAR: f64 = 0.8;
const FAR: f64 = 0.4;
/// Lines of one failure that are listened to.
const LONGEST: u64 = 400;
/// Letters of a line that are kept.
const WIDTH: usize = 300;

/// Listens to the lines of `event` and, where `around` says so, to those round it.
pub fn hear<'c>(
    index: &Index<'_>,
    reader: &Reader,
    event: &Event,
    catalog: &'c Catalog,
    around: bool,
) -> Testimony<'c> {
    let (before, after) = if around { (BEFORE, AFTER) } else { (0, 0) };
    let first = event.first_line.saturating_sub(before).max(1);
    let last = event.last_line.min(event.first_line.saturating_add(LONGEST)).saturating_add(after);
    let mut nearest: BTreeMap<(u8, &str), Heard<'c>> = BTreeMap::new();
    for line in index.range(first, last) {
        let message = reader.parse(line).message;
        let nearness = nearness(event, line.number);
        for told in told(&message, catalog) {
            let better = nearest.get(&key(told)).is_none_or(|heard| heard.nearness < nearness);
            if better {
                let text = String::from_utf8_lossy(message.trim_ascii()).chars().take(WIDTH).collect();
                nearest.insert(key(told), Heard { told, line: line.number, text, nearness });
            }
        }
    }
    Testimony { heard: nearest.into_values().collect() }
}

fn key(told: Told<'_>) -> (u8, &str) {
    match told {
        Told::Clue(clue) => (0, Clues::embedded().all.get(clue).map_or("", |clue| clue.name.as_str())),
        Told::Known(entry) => (1, entry.id.as_str()),
    }
}

fn told<'c>(message: &[u8], catalog: &'c Catalog) -> impl Iterator<Item = Told<'c>> {
    let known = catalog.find(message).map(|found| Told::Known(found.entry));
    let clues = Clues::embedded().find(message).into_iter().map(Told::Clue);
    known.into_iter().chain(clues)
}

fn nearness(event: &Event, line: u64) -> f64 {
    let apart = event.first_line.saturating_sub(line).max(line.saturating_sub(event.last_line));
    match apart {
        0 => 1.0,
        1..=BESIDE => NEAR,
        _ => FAR,
    }
}
