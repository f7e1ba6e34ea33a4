//! What the lines of one failure, and those round it, say about why.

use std::collections::BTreeMap;

use super::clocks::{self, Clock, Hugged};
use super::clues::Clues;
use super::collective::{Collectives, Stuck};
use super::fold::Folded;
use super::pace::{self, Pace, Times};
use super::run::numbers;
use super::straggler::{Progress, Straggler};
use crate::events::{Event, classes, skips};
use crate::lines::Index;
use crate::records::{Reader, Record};
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
    let mut ear = Ear::new(event, catalog);
    if around {
        ear.limits = limits(index, reader, first);
    }
    for line in index.range(first, last) {
        let record = reader.parse(line);
        ear.time(&record);
        if around {
            ear.clocks.extend(clocks::fired(&record.message, line.number));
            ear.limits.extend(clocks::set(&record.message, line.number));
        }
        ear.words(&record);
    }
    ear.testimony()
}

/// What has been heard of one failure so far.
struct Ear<'e, 'c> {
    event: &'e Event,
    catalog: &'c Catalog,
    /// Each clue and each known failure where it stands nearest.
    nearest: BTreeMap<(u8, &'c str), Heard<'c>>,
    times: Times,
    progress: Progress,
    collectives: Collectives,
    /// Limits that fired, and those that lines set.
    clocks: Vec<Clock>,
    limits: Vec<Clock>,
    /// Seconds that something of the failure took, and the line that says so.
    took: Vec<(f64, u64)>,
}

impl<'e, 'c> Ear<'e, 'c> {
    fn new(event: &'e Event, catalog: &'c Catalog) -> Self {
        Self {
            event,
            catalog,
            nearest: BTreeMap::new(),
            times: Times::default(),
            progress: Progress::default(),
            collectives: Collectives::default(),
            clocks: Vec::new(),
            limits: Vec::new(),
            took: Vec::new(),
        }
    }

    /// Takes note of when a line was written, and of what it says of steps and of seconds.
    fn time(&mut self, record: &Record<'_>) {
        let number = record.line.number;
        self.progress.see(number, record.time, &numbers(&String::from_utf8_lossy(&record.message)));
        self.times.see(number, record.time.filter(|_| number <= self.event.last_line));
        if (self.event.first_line..=self.event.last_line).contains(&number) {
            self.took.extend(clocks::took(&record.message).map(|seconds| (seconds, number)));
        }
        self.collectives.see(record);
    }

    /// Takes note of the clues and the known failures that a line holds.
    fn words(&mut self, record: &Record<'_>) {
        let number = record.line.number;
        let text = record.message.trim_ascii();
        let is_before = number < self.event.first_line && !text.is_empty();
        if is_before {
            self.nearest.retain(|_, heard| !heard.told.is_unfinished());
        }
        for told in told(&record.message, self.catalog).filter(|told| is_before || !told.is_unfinished()) {
            let nearness = if told.is_unfinished() { 1.0 } else { nearness(self.event, number) };
            if self.nearest.get(&key(told)).is_none_or(|heard| heard.nearness < nearness) {
                let text = String::from_utf8_lossy(text).chars().take(WIDTH).collect();
                self.nearest.insert(key(told), Heard { told, line: number, text, nearness });
            }
        }
    }

    fn testimony(self) -> Testimony<'c> {
        let heard: Vec<Heard<'c>> = self.nearest.into_values().collect();
        let named = heard.iter().find(|heard| heard.names_limit());
        let limit = named.and_then(|heard| Some((pace::limit(&heard.text)?, heard.line)));
        let straggler = limit.and_then(|(seconds, line)| {
            let limit = self.times.at(line).map(|time| (format!("limit of {seconds} s fired"), time));
            Some(Straggler { limit, ..self.progress.straggler(line)? })
        });
        Testimony {
            heard,
            pace: limit.and_then(|(seconds, line)| self.times.pace(seconds, line)),
            straggler,
            hugged: clocks::hugged(&self.limits, &self.took).filter(|_| self.clocks.is_empty()),
            clocks: self.clocks,
            stuck: self.collectives.stuck(),
            stacks: None,
        }
    }
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
    let mut told = known.into_iter().chain(clues).peekable();
    let of_a_skip = told.peek().is_some() && skips(classes(message));
    told.filter(move |_| !of_a_skip)
}

fn nearness(event: &Event, line: u64) -> f64 {
    let apart = event.first_line.saturating_sub(line).max(line.saturating_sub(event.last_line));
    match apart {
        0 => 1.0,
        1..=BESIDE => NEAR,
        _ => FAR,
    }
}
