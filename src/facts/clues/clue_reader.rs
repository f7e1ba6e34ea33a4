//! What is read of one failure, line by line.

use std::collections::BTreeMap;

use super::collective::Collectives;
use super::failure_clues::{ClueLine, FailureClues, Recognised};
use super::family::Family;
use super::idle_time;
use super::nearby::Nearby;
use super::table::{Clues, Stands};
use super::telling_line::TellingLine;
use super::time_limits::{self, Clock};
use super::window::MaySay;
use crate::facts::failures::{Event, expected_errors};
use crate::facts::known::Known;
use crate::facts::runners::Stage;
use crate::text::lines::Line;
use crate::text::records::Record;

/// Lines from the failure that belong to it as if they stood in it.
const BESIDE: u64 = 25;
/// How much a line counts that is not in the failure itself: near it, and farther away.
const NEAR: f64 = 0.8;
const FAR: f64 = 0.4;
/// Seconds before the failure at which what was said is of another matter; more is another clock.
const LONG_BEFORE: std::ops::Range<i64> = 2 * 3600..400 * 86_400;
/// Letters of a line that are kept.
const WIDTH: usize = 300;

/// Each clue and each known failure where it stands nearest.
type Nearest = BTreeMap<Recognised, Clued>;

/// A line that says something, and what may take its word back.
#[derive(Clone)]
struct Clued {
    line: u64,
    text: String,
    nearness: f64,
    manner: Manner,
}

/// Whether what a line says may be taken back.
#[derive(Clone, Copy)]
struct Manner {
    /// True if it counts only where it is the last before the failure.
    unfinished: bool,
    /// True if a test that passes provoked it, where it said so.
    forgiven: bool,
}

/// The test that runs.
struct Running {
    test: String,
    /// The line that says so.
    began: u64,
    /// What had been read before.
    before: Nearest,
}

/// What has been read of one failure so far.
pub struct ClueReader<'e> {
    event: &'e Event,
    nearest: Nearest,
    running: Option<Running>,
    collectives: Collectives,
    /// Limits that fired, and those that lines set.
    fired: Vec<Clock>,
    pub set: Vec<Clock>,
}

impl<'e> ClueReader<'e> {
    pub fn new(event: &'e Event) -> Self {
        Self {
            event,
            nearest: BTreeMap::new(),
            running: None,
            collectives: Collectives::default(),
            fired: Vec::new(),
            set: Vec::new(),
        }
    }

    /// Takes note of the limits that a line tells.
    pub fn limits(&mut self, record: &Record<'_>) {
        self.fired.extend(time_limits::fired(&record.message, record.line.number));
        self.set.extend(time_limits::set(&record.message, record.line.number));
    }

    /// Takes note of what the next line says of why: as much as it may say.
    pub fn read<'l>(&mut self, line: &TellingLine<'l>, known: &'l dyn Known) {
        let MaySay { collective, test, anything, .. } = line.may;
        if collective || anything {
            self.collectives.see(&line.record);
        }
        self.words(line, known);
        if test || anything {
            self.tests(line.record.line);
        }
    }

    /// Takes note of the clues and the known failures that a line holds.
    fn words<'l>(&mut self, line: &TellingLine<'l>, known: &'l dyn Known) {
        let (number, text) = (line.record.line.number, line.record.message.trim_ascii());
        let is_before = number < self.event.first_line && !text.is_empty();
        if is_before {
            self.nearest.retain(|_, clued| !clued.manner.unfinished);
        }
        let is_of_another = self.is_of_another(&line.record);
        for (recognised, manner) in self.recognised(line, known) {
            if manner.unfinished && !is_before || manner.forgiven && is_of_another {
                continue;
            }
            let nearness = if manner.unfinished { 1.0 } else { nearness(self.event, number) };
            if self.nearest.get(&recognised).is_none_or(|clued| clued.nearness < nearness) {
                let text = shown(text);
                self.nearest.insert(recognised, Clued { line: number, text, nearness, manner });
            }
        }
    }

    /// Returns the known failure and the clues that a line states.
    fn recognised<'l>(&self, line: &TellingLine<'l>, known: &'l dyn Known) -> Vec<(Recognised, Manner)> {
        let known = line.known(known).map(|found| {
            let forgiven = expected_errors::is_forgiven(found.kind);
            (Recognised::Known(found.id.to_owned()), Manner { unfinished: false, forgiven })
        });
        let clues = line.clues(self.stands(line.record.line.number), self.event.test.as_deref());
        let clues = clues.into_iter().filter_map(|clue| Clues::embedded().all.get(clue)).map(|clue| {
            let forgiven = OWN.contains(&clue.family);
            (Recognised::Clue(clue.name.clone()), Manner { unfinished: clue.unfinished, forgiven })
        });
        let mut all: Vec<_> = known.into_iter().chain(clues).collect();
        if !all.is_empty() && line.skips() {
            all.clear();
        }
        all
    }

    /// Returns where a line stands.
    fn stands(&self, line: u64) -> Stands {
        if nearness(self.event, line) >= NEAR {
            Stands::In
        } else if line < self.event.first_line {
            Stands::Before
        } else {
            Stands::After
        }
    }

    /// Returns true if another rank or worker wrote the line, or if it was written long before.
    fn is_of_another(&self, record: &Record<'_>) -> bool {
        if (self.event.first_line..=self.event.last_line).contains(&record.line.number) {
            return false;
        }
        let (own, other) = (&self.event.actor, &record.actor);
        let differs =
            |own: Option<u64>, other: Option<u64>| own.zip(other).is_some_and(|(own, other)| own != other);
        let apart = self.event.time.zip(record.when).filter(|(own, other)| own.basis == other.basis);
        let apart = apart.map(|(own, other)| own.nanos.saturating_sub(other.nanos) / 1_000_000_000);
        differs(own.rank, other.rank)
            || differs(own.worker, other.worker)
            || apart.is_some_and(|seconds| LONG_BEFORE.contains(&seconds))
    }

    /// Forgets what a test said that then passed, and in which the failure does not stand.
    fn tests(&mut self, line: Line<'_>) {
        let is_in_failure =
            |running: &Running| (running.began + 1..=line.number).contains(&self.event.first_line);
        self.running.take_if(|running| is_in_failure(running));
        let Some(told) = expected_errors::test_line(line) else { return };
        if told.stage == Stage::Began {
            let (began, before) = (line.number, self.nearest.clone());
            self.running = Some(Running { test: told.id, began, before });
        } else if let Some(Running { test, mut before, .. }) = self.running.take()
            && told.stage.is_pass()
            && told.id == test
        {
            let clued = std::mem::take(&mut self.nearest);
            before.extend(clued.into_iter().filter(|(_, clued)| !clued.manner.forgiven));
            self.nearest = before;
        }
    }

    /// Returns all that was read, with what the lines say together.
    pub fn failure_clues(self, nearby: &Nearby<'_>) -> FailureClues {
        let stands = |clued: &Clued| !clued.manner.unfinished || nearby.is_last_word(clued.line);
        let nearest = self.nearest.into_iter().filter(|(_, clued)| stands(clued));
        let clue_lines: Vec<ClueLine> =
            nearest.map(|(recognised, clued)| clued.into_clue_line(recognised)).collect();
        let named = clue_lines.iter().find(|line| line.names_limit());
        let limit = named.and_then(|line| Some((idle_time::limit(&line.text)?, line.line)));
        let (pace, straggler) = limit.map_or((None, None), |(seconds, line)| nearby.until(seconds, line));
        let hugs = self.fired.is_empty() && !self.set.is_empty();
        FailureClues {
            clue_lines,
            pace,
            straggler,
            hugged: hugs.then(|| time_limits::hugged(&self.set, &nearby.took())).flatten(),
            clocks: self.fired,
            silence: nearby.silence(),
            open: None,
            stuck: self.collectives.stuck(),
            differing: self.collectives.differing(),
            stacks: None,
        }
    }
}

impl Clued {
    fn into_clue_line(self, recognised: Recognised) -> ClueLine {
        ClueLine { recognised, line: self.line, text: self.text, nearness: self.nearness }
    }
}

/// Families of clues about what a program does, and not about what it runs on.
const OWN: [Family; 6] =
    [Family::Actors, Family::Build, Family::Chance, Family::Memory, Family::State, Family::Values];

fn nearness(event: &Event, line: u64) -> f64 {
    let apart = event.first_line.saturating_sub(line).max(line.saturating_sub(event.last_line));
    match apart {
        0 => 1.0,
        1..=BESIDE => NEAR,
        _ => FAR,
    }
}

/// Returns the words of a line as a reader is shown them, with a mark where they are cut.
fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut letters = text.chars();
    let mut shown: String = letters.by_ref().take(WIDTH).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::super::failure_clues::failure_clues;
    use super::super::window::SearchedLines;
    use crate::facts::failures::assemble;
    use crate::signatures::Catalog;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    /// The lines that were heard round the last failure of a log.
    fn heard(log: &str) -> Vec<u64> {
        let (index, reader) = (Index::new(log.as_bytes()), Reader::default());
        let events = assemble(&index, &reader);
        let event = events.last().unwrap_or_else(|| panic!("{log}: nothing failed"));
        let lines = SearchedLines::new(&index, &reader, Catalog::embedded());
        let read = failure_clues(&lines, event, true);
        let mut lines: Vec<u64> = read.clue_lines.iter().map(|line| line.line).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    #[test]
    fn what_another_test_said_and_passed_is_no_evidence() {
        let log = |said: &str, end: &str| {
            format!(
                "[ RUN      ] Ring.Push\n{said}\n[{end}] Ring.Push (3 ms)\n{}[ RUN      ] Ring.Pop\n\
                     ring.cc:31: Failure\n[  FAILED  ] Ring.Pop (3 ms)\n",
                "fine\n".repeat(30)
            )
        };
        let (program, link) =
            ("TypeError: 'NoneType' object is not callable", "eth link 3 is down, retraining");
        assert!(!heard(&log(program, "       OK ")).contains(&2), "it passed");
        assert!(heard(&log(program, "  FAILED  ")).contains(&2), "it failed");
        assert!(heard(&log(link, "       OK ")).contains(&2), "the next test runs on the same link");
    }
}
