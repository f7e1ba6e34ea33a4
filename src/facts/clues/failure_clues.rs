//! What the lines of one failure, and those round it, say about why.

use serde::{Deserialize, Serialize};

use super::clue_reader::ClueReader;
use super::collective::{Differing, Stuck};
use super::family::Family;
use super::idle_time::{self, Pace, Silence};
use super::nearby::Nearby;
use super::open_test::OpenTest;
use super::stack_groups::Folded;
use super::straggler::Straggler;
use super::table::Clues;
use super::time_limits::{self, Clock, Hugged};
use super::window::SearchedLines;
use crate::facts::failures::Event;
use crate::text::lines::{Index, Line};
use crate::text::records::Reader;

/// What a line was recognised as.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recognised {
    /// The clue with this name.
    Clue(String),
    /// The known failure with this id.
    Known(String),
}

/// One line that says something about why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClueLine {
    #[serde(rename = "told")]
    pub recognised: Recognised,
    /// 1-based.
    pub line: u64,
    pub text: String,
    /// From 0 to 1: less the farther the line stands from the failure.
    pub nearness: f64,
}

/// What one log says about one of its failures; each clue and each known failure once, where it
/// stands nearest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FailureClues {
    #[serde(rename = "heard")]
    pub clue_lines: Vec<ClueLine>,
    /// Whether work went on, where a limit fired.
    pub pace: Option<Pace>,
    /// Who had fallen behind when the limit fired.
    pub straggler: Option<Straggler>,
    /// The limits that fired.
    pub clocks: Vec<Clock>,
    /// A limit that the failure took just as long as, where no line says that one fired.
    pub hugged: Option<Hugged>,
    /// A long silence that the failure ended.
    #[serde(default)]
    pub silence: Option<Silence>,
    /// The test that had no verdict; added by who reads the tests.
    #[serde(default)]
    pub open: Option<OpenTest>,
    /// How a collective hangs.
    pub stuck: Option<Stuck>,
    /// Where ranks run different collectives.
    #[serde(default)]
    pub differing: Option<Differing>,
    /// What the threads were doing, where the log holds a stack dump; added by who reads the dump.
    pub stacks: Option<Folded>,
}

impl FailureClues {
    /// Returns the shortest limit that fired, in seconds.
    pub fn limit(&self) -> Option<f64> {
        let fired = self.clocks.iter().map(|clock| clock.limit).min_by(f64::total_cmp);
        fired.or_else(|| self.pace.as_ref().map(|pace| pace.limit))
    }

    /// Returns the lines that say something, some of them twice.
    pub fn lines(&self) -> impl Iterator<Item = u64> {
        let clue_lines = self.clue_lines.iter().map(|clue_line| clue_line.line);
        let pace = self.pace.iter().flat_map(|pace| [pace.line, pace.since]);
        let straggler = self.straggler.iter().map(|straggler| straggler.line);
        let clocks = self.clocks.iter().map(|clock| clock.line);
        let hugged = self.hugged.iter().flat_map(|hugged| [hugged.line, hugged.clock.line]);
        let stuck = self.stuck.iter().map(|stuck| stuck.line);
        let silence = self.silence.iter().map(|silence| silence.since);
        let differing = self.differing.iter().map(|differing| differing.line);
        let open = self.open.iter().map(|open| open.line);
        let stuck = stuck.chain(silence).chain(differing).chain(open);
        let stacks = self.stacks.iter().flat_map(Folded::lines);
        clue_lines.chain(pace).chain(straggler).chain(clocks).chain(hugged).chain(stuck).chain(stacks)
    }
}

/// Lines before and after a failure that are read for clues.
const BEFORE: u64 = 300;
const AFTER: u64 = 60;
/// Lines of the first failure that are read for clues, and of each later one.
const LONGEST: u64 = 400;
const LATER: u64 = 40;

/// Reads the lines of `event` and, where `around` says so, those round it.
pub fn failure_clues(log: &SearchedLines<'_>, event: &Event, around: bool) -> FailureClues {
    let (before, longest, after) = if around { (BEFORE, LONGEST, AFTER) } else { (0, LATER, 0) };
    let first = event.first_line.saturating_sub(before).max(1);
    let last = event.last_line.min(event.first_line.saturating_add(longest)).saturating_add(after);
    let lines: Vec<Line<'_>> = log.index.range(first, last).map(|line| part(line, event)).collect();
    let mut reading = ClueReader::new(event);
    if around {
        reading.set = limits(log.index, log.reader, first);
    }
    for line in log.telling(&lines) {
        if around && (line.may.limit || line.may.anything) {
            reading.limits(&line.record);
        }
        reading.read(&line, log.known);
    }
    reading.failure_clues(&Nearby { event, reader: log.reader, lines: &lines })
}

/// Bytes of one line that are listened to.
const WIDTH: usize = 16 << 10;

/// Returns a line that is not endless: of a long one what the event takes of it, as where a whole document is one
/// line, or else its beginning. What is read for an event grows with the event and not with the line.
fn part<'l>(line: Line<'l>, event: &Event) -> Line<'l> {
    if line.bytes.len() <= WIDTH {
        return line;
    }
    let within = |byte: u64| usize::try_from(byte.saturating_sub(line.start)).unwrap_or(usize::MAX);
    let (begin, end) = match (within(event.byte_start), within(event.byte_end).min(line.bytes.len())) {
        (begin, end) if begin < end => (begin, end.min(begin.saturating_add(WIDTH))),
        _ => (0, WIDTH),
    };
    Line { start: line.start + begin as u64, bytes: line.bytes.get(begin..end).unwrap_or_default(), ..line }
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

impl ClueLine {
    /// Returns true if the line says which limit of the program or job fired.
    pub(super) fn names_limit(&self) -> bool {
        let Recognised::Clue(name) = &self.recognised else { return false };
        let limits = Clues::embedded().named(name).is_some_and(|clue| clue.family == Family::Limits);
        limits && idle_time::limit(&self.text).is_some()
    }
}
