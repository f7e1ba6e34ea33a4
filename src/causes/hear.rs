//! What the lines of one failure, and those round it, say about why.

use super::clues::Clues;
use super::collective::Stuck;
use super::ear::Ear;
use super::idle_time::{self, Pace};
use super::stack_groups::Folded;
use super::straggler::Straggler;
use super::time_limits::{self, Clock, Hugged};
use crate::facts::failures::{Event, expected_errors};
use crate::signatures::{Catalog, Entry};
use crate::text::lines::Index;
use crate::text::records::Reader;

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
/// Lines of the first failure that are listened to, and of each later one.
const LONGEST: u64 = 400;
const LATER: u64 = 40;

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
            ear.clocks.extend(time_limits::fired(&record.message, line.number));
            ear.limits.extend(time_limits::set(&record.message, line.number));
        }
        ear.words(&record);
        ear.tests(line);
    }
    ear.testimony()
}

/// Lines at the beginning of a log in which its commands set limits.
const HEAD: u64 = 400;

/// Returns the limits that the head of a log sets, before the line `end`.
fn limits(index: &Index<'_>, reader: &Reader, end: u64) -> Vec<Clock> {
    let head = index.range(1, HEAD.min(end.saturating_sub(1)));
    head.filter(|line| time_limits::may_set(line.bytes))
        .filter_map(|line| time_limits::set(&reader.parse(line).message, line.number))
        .collect()
}

impl Told<'_> {
    /// Returns true if the line counts only where it is the last before the failure.
    pub(super) fn is_unfinished(self) -> bool {
        let Told::Clue(clue) = self else { return false };
        Clues::embedded().all.get(clue).is_some_and(|clue| clue.unfinished)
    }

    /// Returns true if a test that passes provoked it, where it said so.
    pub(super) fn is_forgiven(self) -> bool {
        match self {
            Told::Clue(clue) => {
                Clues::embedded().all.get(clue).is_some_and(|clue| OWN.contains(&clue.family.as_str()))
            }
            Told::Known(entry) => expected_errors::is_forgiven(entry.kind),
        }
    }
}

/// Families of clues about what a program does, and not about what it runs on.
const OWN: [&str; 6] = ["actors", "build", "chance", "memory", "state", "values"];

impl Heard<'_> {
    /// Returns true if the line says which limit of the program or job fired.
    pub(super) fn names_limit(&self) -> bool {
        let Told::Clue(clue) = self.told else { return false };
        let limits = Clues::embedded().all.get(clue).is_some_and(|clue| clue.family == LIMITS);
        limits && idle_time::limit(&self.text).is_some()
    }
}

/// The family of clues that name limits.
const LIMITS: &str = "limits";
