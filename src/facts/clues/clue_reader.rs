//! What is read of one failure, line by line.

use std::collections::BTreeMap;

use super::collective::Collectives;
use super::failure_clues::{ClueLine, FailureClues, Recognised};
use super::family::Family;
use super::idle_time::{self, Times};
use super::straggler::{Progress, Straggler};
use super::table::{Clues, Stands};
use super::time_limits::{self, Clock};
use crate::facts::LineKind;
use crate::facts::extract::Known;
use crate::facts::failures::{Event, classes, expected_errors, skips};
use crate::facts::runners::Stage;
use crate::facts::steps::numbers;
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

/// What has been read of one failure so far.
pub struct ClueReader<'e> {
    event: &'e Event,
    known: &'e dyn Known,
    nearest: Nearest,
    /// The test that runs, and what had been read when it began.
    running: Option<(String, Nearest)>,
    times: Times,
    progress: Progress,
    collectives: Collectives,
    /// Limits that fired, and those that lines set.
    pub clocks: Vec<Clock>,
    pub limits: Vec<Clock>,
    /// Seconds that something of the failure took, and the line that says so.
    took: Vec<(f64, u64)>,
}

impl<'e> ClueReader<'e> {
    pub fn new(event: &'e Event, known: &'e dyn Known) -> Self {
        Self {
            event,
            known,
            nearest: BTreeMap::new(),
            running: None,
            times: Times::default(),
            progress: Progress::default(),
            collectives: Collectives::default(),
            clocks: Vec::new(),
            limits: Vec::new(),
            took: Vec::new(),
        }
    }

    /// Takes note of when a line was written, and of what it says of steps and of seconds.
    pub fn time(&mut self, record: &Record<'_>) {
        let number = record.line.number;
        self.progress.see(number, record.time, &numbers(&String::from_utf8_lossy(&record.message)));
        self.times.see(number, record.time.filter(|_| number <= self.event.last_line));
        if (self.event.first_line..=self.event.last_line).contains(&number) {
            self.took.extend(time_limits::took(&record.message).map(|seconds| (seconds, number)));
        }
        self.collectives.see(record);
    }

    /// Takes note of the clues and the known failures that a line holds.
    pub fn words(&mut self, record: &Record<'_>) {
        let number = record.line.number;
        let text = record.message.trim_ascii();
        let is_before = number < self.event.first_line && !text.is_empty();
        if is_before {
            self.nearest.retain(|_, clued| !clued.manner.unfinished);
        }
        let is_of_another = self.is_of_another(record);
        for (recognised, manner) in recognised(record, self.stands(number), self.event, self.known) {
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
    pub fn tests(&mut self, line: Line<'_>) {
        if line.number == self.event.first_line {
            self.running = None;
        }
        let Some(told) = expected_errors::test_line(line) else { return };
        if told.stage == Stage::Began {
            self.running = Some((told.id, self.nearest.clone()));
        } else if let Some((test, mut before)) = self.running.take()
            && told.stage.is_pass()
            && told.id == test
        {
            let clued = std::mem::take(&mut self.nearest);
            before.extend(clued.into_iter().filter(|(_, clued)| !clued.manner.forgiven));
            self.nearest = before;
        }
    }

    pub fn failure_clues(self) -> FailureClues {
        let clue_lines: Vec<ClueLine> = self
            .nearest
            .into_iter()
            .map(|(recognised, Clued { line, text, nearness, .. })| ClueLine {
                recognised,
                line,
                text,
                nearness,
            })
            .collect();
        let named = clue_lines.iter().find(|line| line.names_limit());
        let limit = named.and_then(|line| Some((idle_time::limit(&line.text)?, line.line)));
        let straggler = limit.and_then(|(seconds, line)| {
            let limit = self.times.at(line).map(|time| (format!("limit of {seconds} s fired"), time));
            Some(Straggler { limit, ..self.progress.straggler(line)? })
        });
        FailureClues {
            clue_lines,
            pace: limit.and_then(|(seconds, line)| self.times.pace(seconds, line)),
            straggler,
            hugged: time_limits::hugged(&self.limits, &self.took).filter(|_| self.clocks.is_empty()),
            clocks: self.clocks,
            silence: self.times.silence(self.event.first_line),
            open: None,
            stuck: self.collectives.stuck(),
            differing: self.collectives.differing(),
            stacks: None,
        }
    }
}

fn recognised(
    record: &Record<'_>,
    stands: Stands,
    event: &Event,
    known: &dyn Known,
) -> impl Iterator<Item = (Recognised, Manner)> {
    let known = known.recognise(record).filter(|_| LineKind::of(record).is_evidence());
    let known = known.map(|found| {
        let forgiven = expected_errors::is_forgiven(found.kind);
        (Recognised::Known(found.id.to_owned()), Manner { unfinished: false, forgiven })
    });
    let clues = Clues::embedded();
    let found = clues.find(record, stands, event.test.as_deref());
    let found = found.into_iter().filter_map(|clue| clues.all.get(clue)).map(|clue| {
        let forgiven = OWN.contains(&clue.family);
        (Recognised::Clue(clue.name.clone()), Manner { unfinished: clue.unfinished, forgiven })
    });
    let mut told = known.into_iter().chain(found).peekable();
    let of_a_skip = told.peek().is_some() && skips(classes(&record.message));
    told.filter(move |_| !of_a_skip)
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
    use crate::facts::failures::assemble;
    use crate::signatures::Catalog;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    /// The lines that were heard round the last failure of a log.
    fn heard(log: &str) -> Vec<u64> {
        let (index, reader) = (Index::new(log.as_bytes()), Reader::default());
        let events = assemble(&index, &reader);
        let event = events.last().unwrap_or_else(|| panic!("{log}: nothing failed"));
        let read = failure_clues(&index, &reader, event, Catalog::embedded(), true);
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
