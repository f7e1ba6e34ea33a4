//! What the lines of one failure, and those round it, say about why.

use std::collections::BTreeMap;

use super::clocks::{self, Clock, Hugged};
use super::clues::Clues;
use super::collective::{Collectives, Stuck};
use super::fold::Folded;
use super::pace::{self, Pace};
use super::run::numbers;
use super::straggler::{Progress, Straggler};
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
    /// Whether work went on, where a limit fired.
    pub pace: Option<Pace>,
    /// Who had fallen behind when the limit fired.
    pub straggler: Option<Straggler>,
    /// The limits that fired.
    pub clocks: Vec<Clock>,
    /// A limit that the failure took just as long as, where no line says that one fired.
    pub hugged: Option<Hugged>,
    /// How a collective hangs.
    pub stuck: Option<Stuck>,
    /// What the threads were doing, where the log holds a stack dump; added by who reads the dump.
    pub stacks: Option<Folded>,
}

impl Testimony<'_> {
    /// Returns the shortest limit that fired, in seconds.
    pub fn limit(&self) -> Option<f64> {
        let fired = self.clocks.iter().map(|clock| clock.limit).min_by(f64::total_cmp);
        fired.or_else(|| self.pace.as_ref().map(|pace| pace.limit))
    }
}

/// Lines before and after a failure that are listened to.
const BEFORE: u64 = 300;
const AFTER: u64 = 60;
/// Lines from the failure that belong to it as if they stood in it.
const BESIDE: u64 = 25;
/// How much a line counts that is not in the failure itself: near it, and farther away.
const NEAR: f64 = 0.8;
const FAR: f64 = 0.4;
/// Lines of the first failure that are listened to, and of each later one.
const LONGEST: u64 = 400;
const LATER: u64 = 40;
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
    let (before, longest, after) = if around { (BEFORE, LONGEST, AFTER) } else { (0, LATER, 0) };
    let first = event.first_line.saturating_sub(before).max(1);
    let last = event.last_line.min(event.first_line.saturating_add(longest)).saturating_add(after);
    let mut nearest: BTreeMap<(u8, &str), Heard<'c>> = BTreeMap::new();
    let (mut silence, mut progress) = (Silence::default(), Progress::default());
    let (mut clocks, mut collectives) = (Vec::new(), Collectives::default());
    let mut limits = if around { limits(index, reader, first) } else { Vec::new() };
    let mut took = Vec::new();
    for line in index.range(first, last) {
        let record = reader.parse(line);
        progress.see(line.number, record.time, &numbers(&String::from_utf8_lossy(&record.message)));
        silence.see(line.number, record.time.filter(|_| line.number <= event.last_line));
        clocks.extend(clocks::fired(&record.message, line.number).filter(|_| around));
        limits.extend(clocks::set(&record.message, line.number).filter(|_| around));
        let of_event = (event.first_line..=event.last_line).contains(&line.number);
        took.extend(clocks::took(&record.message).filter(|_| of_event).map(|seconds| (seconds, line.number)));
        collectives.see(&record);
        let message = record.message;
        let nearness = nearness(event, line.number);
        let is_before = line.number < event.first_line && !message.trim_ascii().is_empty();
        if is_before {
            nearest.retain(|_, heard| !heard.told.is_unfinished());
        }
        for told in told(&message, catalog).filter(|told| is_before || !told.is_unfinished()) {
            let nearness = if told.is_unfinished() { 1.0 } else { nearness };
            let better = nearest.get(&key(told)).is_none_or(|heard| heard.nearness < nearness);
            if better {
                let text = String::from_utf8_lossy(message.trim_ascii()).chars().take(WIDTH).collect();
                nearest.insert(key(told), Heard { told, line: line.number, text, nearness });
            }
        }
    }
    let heard: Vec<Heard<'c>> = nearest.into_values().collect();
    let limit = heard.iter().find(|heard| heard.names_limit());
    let pace = limit.and_then(|limit| silence.pace(limit));
    let straggler = limit.and_then(|limit| {
        let straggler = progress.straggler(limit.line)?;
        let fired = silence.at(limit.line).zip(pace::limit(&limit.text));
        let limit = fired.map(|(time, seconds)| (format!("limit of {seconds} s fired"), time));
        Some(Straggler { limit, ..straggler })
    });
    let hugged = clocks::hugged(&limits, &took).filter(|_| clocks.is_empty());
    Testimony { heard, pace, straggler, clocks, hugged, stuck: collectives.stuck(), stacks: None }
}

/// Lines at the beginning of a log in which its commands set limits.
const HEAD: u64 = 400;

/// Returns the limits that the head of a log sets, before the line `end`.
fn limits(index: &Index<'_>, reader: &Reader, end: u64) -> Vec<Clock> {
    let head = index.range(1, HEAD.min(end.saturating_sub(1)));
    head.filter(|line| clocks::may_set(line.bytes))
        .filter_map(|line| clocks::set(&reader.parse(line).message, line.number))
        .collect()
}

/// When the lines before a failure were written.
#[derive(Default)]
struct Silence {
    times: Vec<(u64, i64)>,
}

/// A silence may have begun this many limits before the limit fired.
const LIMITS_BACK: f64 = 1.5;

impl Silence {
    fn see(&mut self, line: u64, time: Option<i64>) {
        self.times.extend(time.map(|time| (line, time)));
    }

    /// Returns the time of a line, or of the last before it that bears one.
    fn at(&self, line: u64) -> Option<i64> {
        let until = self.times.partition_point(|(number, _)| *number <= line);
        Some(self.times.get(until.checked_sub(1)?)?.1)
    }

    /// Returns how work went on while the limit ran that `heard` names.
    fn pace(&self, heard: &Heard<'_>) -> Option<Pace> {
        let limit = pace::limit(&heard.text)?;
        let until = self.times.partition_point(|(line, _)| *line <= heard.line);
        let times = self.times.get(..until)?;
        let (_, end) = times.last()?;
        let start = end - (limit * LIMITS_BACK * 1e9) as i64;
        let ran = times.windows(2).filter(|pair| pair[1].1 > start);
        let silences = ran.map(|pair| ((pair[1].1 - pair[0].1) as f64 / 1e9, pair[0].0));
        let (silence, since) = silences.max_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(Pace { limit, line: heard.line, silence, since })
    }
}

impl Told<'_> {
    /// Returns true if the line counts only where it is the last before the failure.
    fn is_unfinished(self) -> bool {
        let Told::Clue(clue) = self else { return false };
        Clues::embedded().all.get(clue).is_some_and(|clue| clue.unfinished)
    }
}

impl Heard<'_> {
    /// Returns true if the line says which limit of the program or job fired.
    fn names_limit(&self) -> bool {
        let Told::Clue(clue) = self.told else { return false };
        let limits = Clues::embedded().all.get(clue).is_some_and(|clue| clue.family == LIMITS);
        limits && pace::limit(&self.text).is_some()
    }
}

/// The family of clues that name limits.
const LIMITS: &str = "limits";

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
