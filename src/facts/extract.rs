//! The one reading of a source: from its bytes to its facts.

use serde::de::IgnoredAny;

use super::clues::{self, Testimony};
use super::ends::{self, Conclusion, Ends};
use super::environment::{Exposure, What};
use super::excerpts::excerpts;
use super::failures::verdicts::{self, Verdict};
use super::failures::{self, Event, Kind, Role};
use super::span::{span, unread};
use super::steps::Run;
use super::test_results::test_results;
use super::{Bound, Coverage, Facts, Outcome, SourceFacts, TestResult};
use crate::error::Problem;
use crate::input::{Source, SourceKind};
use crate::text::lines::Index;
use crate::text::records::Reader;

/// How to read a source, and what later rooms know that the reading has to ask for.
pub struct Reading<'r> {
    /// The catalog of known failures.
    pub known: &'r dyn Known,
    /// Puts the failures of a log in order, the first to read in front, and leaves out what need not be shown.
    /// The second argument tells of a failure that nothing failed by it.
    pub order: fn(&[Event], &dyn Fn(&Event) -> bool) -> Vec<usize>,
    /// Returns how much a clue says at the most, by its name.
    pub clue_weight: fn(&str) -> f64,
    /// Counts the lines of some bytes.
    pub index: fn(&[u8]) -> Index<'_>,
    /// True for the log of a run that is known to have passed.
    pub baseline: bool,
    /// True if the steps of the run are to be kept.
    pub steps: bool,
    /// True if the tests are to be kept, in their order.
    pub tests: bool,
}

/// The failures that are known, as a reading asks for them.
pub trait Known: Sync {
    /// Returns what a cleaned line is known as.
    fn known_line(&self, line: &[u8]) -> Option<KnownFailure<'_>>;
}

/// A failure that is known.
#[derive(Clone, Copy, Debug)]
pub struct KnownFailure<'k> {
    pub id: &'k str,
    pub kind: Kind,
    pub role: Role,
    /// How much its line says of why, at the most.
    pub weight: f64,
}

/// Bytes from which the form of a log's lines is guessed.
pub const SAMPLE: usize = 256 << 10;

/// Reads one source.
pub fn extract(source: &Source, reading: &Reading<'_>) -> Facts {
    let index = (reading.index)(&source.bytes);
    let reader = Reader::guess(source.bytes.get(..SAMPLE).unwrap_or(&source.bytes));
    let log = Log { source, index: &index, reader: &reader, reading };
    log.facts(log.ended())
}

/// A source with what is needed to read it.
struct Log<'l> {
    source: &'l Source,
    index: &'l Index<'l>,
    reader: &'l Reader,
    reading: &'l Reading<'l>,
}

/// What a source says of its end, and what went wrong, the first to read in front.
struct Ended {
    conclusion: Conclusion,
    ends: Ends,
    /// False if it is data, which no words make a failure.
    is_log: bool,
    failures: Vec<Event>,
    problems: Vec<Problem>,
}

impl Log<'_> {
    fn facts(&self, ended: Ended) -> Facts {
        let Conclusion { outcome, because } = ended.conclusion.clone();
        let ends = ended.ends.clone();
        let mut problems = self.source.problems.clone();
        problems.extend(unread(&self.source.name, self.index));
        problems.extend(ended.problems.iter().cloned());
        let failures = self.failures(ended);
        let first = failures.first().map(|first| (first.first_line, first.last_line));
        let tests = if self.reading.tests { test_results(self.index, self.reader) } else { Vec::new() };
        let environment = self.environment(first, &failures, &tests);
        Facts {
            source: self.source(),
            outcome,
            outcome_because: because,
            steps: self.steps(first, &environment),
            clues: self.clues(&failures),
            excerpts: excerpts(self.index, &failures),
            coverage: self.coverage(ends.left_out),
            ends: ends.all,
            failures,
            tests,
            environment,
            problems,
        }
    }

    fn coverage(&self, ends_left_out: u64) -> Coverage {
        let (bytes_scanned, lines_scanned) = (self.index.bytes().len() as u64, self.index.lines());
        let mut coverage = Coverage { bytes_scanned, lines_scanned, ..Coverage::default() };
        coverage.cut(Bound::Ends, ends::MOST as u64, ends_left_out);
        coverage
    }

    fn source(&self) -> SourceFacts {
        let (first_time, last_time) = span(self.index, self.reader);
        SourceFacts {
            name: self.source.name.clone(),
            kind: self.source.kind,
            bytes: self.index.bytes().len() as u64,
            lines: self.index.lines(),
            baseline: self.reading.baseline,
            first_time,
            last_time,
        }
    }

    fn ended(&self) -> Ended {
        match self.source.kind {
            SourceKind::Log if is_document(&self.source.bytes) => Ended::nothing(),
            SourceKind::Log => self.read_log(),
            SourceKind::JUnit | SourceKind::Annotations => self.read_verdicts(),
        }
    }

    fn read_log(&self) -> Ended {
        let (index, reader) = (self.index, self.reader);
        let (events, ends) = rayon::join(|| failures::assemble(index, reader), || ends::find(index, reader));
        let silences = failures::silences(index, reader, &events);
        let conclusion = ends::conclude(index, &ends.all, &events);
        let shown = (self.reading.order)(&events, &|event| failures::tolerated(index, event));
        let mut failures: Vec<Event> = shown.iter().filter_map(|at| events.get(*at).cloned()).collect();
        failures.extend(silences);
        Ended { conclusion, ends, is_log: true, failures, problems: Vec::new() }
    }

    fn read_verdicts(&self) -> Ended {
        let Source { name, bytes, kind, .. } = self.source;
        let (verdicts, problems) = verdicts::read(name, bytes, *kind);
        let any = !verdicts.is_empty();
        let failed = verdicts.into_iter().filter(Verdict::is_failure).map(Verdict::into_event);
        let failures: Vec<Event> = failed.collect();
        let conclusion = match failures.first() {
            Some(first) => Conclusion::stated(Outcome::Fail, first.headline, &first.message),
            None if any => Conclusion::stated(Outcome::Pass, 1, "no test of the report failed"),
            None => Conclusion::UNKNOWN,
        };
        Ended { conclusion, ends: Ends::default(), is_log: false, failures, problems }
    }

    /// Returns what failed, or what may have where nothing states the end; nothing if the run passed.
    fn failures(&self, ended: Ended) -> Vec<Event> {
        if self.reading.baseline || ended.conclusion.outcome == Outcome::Pass {
            return Vec::new();
        }
        if !ended.failures.is_empty() || !ended.is_log {
            return ended.failures;
        }
        clues::alone(self.index, self.reader, self.reading).into_iter().collect()
    }

    fn environment(&self, first: Option<(u64, u64)>, failures: &[Event], tests: &[TestResult]) -> Exposure {
        let failed = || tests.iter().find(|test| test.failed).map(|test| test.name.clone());
        let victim = failures.first().and_then(|first| first.test.clone().or_else(failed));
        let mut environment = Exposure::read(&self.source.name, self.index, self.reader, first);
        (environment.baseline, environment.victim) = (self.reading.baseline, victim);
        environment
    }

    fn steps(&self, first: Option<(u64, u64)>, environment: &Exposure) -> Option<Run> {
        let comparable = self.reading.steps && (first.is_some() || self.reading.baseline);
        comparable.then(|| {
            let own = |what| environment.one(what).map(str::to_owned);
            let (job, host) = (own(What::Job), own(What::Host));
            let run = Run::read(&self.source.name, self.index, self.reader, first.map(|(line, _)| line));
            Run { job, host, ..run }
        })
    }

    /// Returns what the log says about why, for each failure.
    fn clues(&self, failures: &[Event]) -> Vec<Testimony> {
        let known = self.reading.known;
        let read = |(at, failure): (usize, &Event)| {
            clues::testimony(self.index, self.reader, failure, known, at == 0)
        };
        let mut clues: Vec<Testimony> = failures.iter().enumerate().map(read).collect();
        if let (Some(first), Some(testimony)) = (failures.first(), clues.first_mut()) {
            let dump = failures::dumps::near(self.index, self.reader, first);
            testimony.stacks = dump.and_then(|dump| clues::fold(&dump));
        }
        clues
    }
}

impl Ended {
    fn nothing() -> Self {
        let (conclusion, ends) = (Conclusion::UNKNOWN, Ends::default());
        Self { conclusion, ends, is_log: false, failures: Vec::new(), problems: Vec::new() }
    }
}

/// Bytes from which on a file that is one JSON value is data and no log.
const DOCUMENT: usize = 2 << 10;

fn is_document(bytes: &[u8]) -> bool {
    let opens = bytes.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'['));
    opens && bytes.len() > DOCUMENT && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}
