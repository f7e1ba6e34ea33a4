//! The one reading of a source: from its bytes to its facts.

use super::actors::actors;
use super::answers::{self, Answer};
use super::candidates;
use super::clues::{self, FailureClues, SearchedLines};
use super::ends::{self, Conclusion, Ends};
use super::environment::{Exposure, What};
use super::excerpts::Places;
use super::failing_tests::with_failing_tests;
use super::failures::verdicts::{self, Verdict};
use super::failures::{self, Event};
use super::mentions::{Mention, mentions};
use super::reading::{PASSAGES, Reading};
use super::scan::{self, Found, scan};
use super::setup::{self, Setup};
use super::span::{span, unread, unread_bytes};
use super::steps::{self, Run};
use super::test_results::{self, tests_in};
use super::unfinished::unfinished;
use super::{
    ActorTimes, Bound, Candidates, Coverage, Facts, Order, Outcome, Passage, SourceFacts, TestResult,
    TestResults,
};
use crate::error::Problem;
use crate::input::{Source, SourceKind};
use crate::text::lines::Index;
use crate::text::records::{MOST_TEXT, Reader};

/// Bytes from which the form of a log's lines is guessed.
pub const SAMPLE: usize = 256 << 10;

/// Lines that are sought and kept of one source.
const SOUGHT: usize = 1000;

/// Makes the tables that every failing log needs, so that nobody waits for them later.
pub fn prepare() {
    rayon::join(failures::prepare, || {
        scan::prepare();
        clues::prepare();
    });
}

/// Reads one source.
pub fn extract(source: &Source, reading: &Reading<'_>) -> Facts {
    let reader = Reader::guess(source.bytes.get(..SAMPLE).unwrap_or(&source.bytes));
    let (index, found) = if source.kind == SourceKind::Log {
        let (index, found) = scan(&source.bytes, &reader, &|passed| source.bytes.release(passed));
        (index, Some(found))
    } else {
        (Index::new(&source.bytes), None)
    };
    let searched = SearchedLines::new(&index, &reader, reading.known);
    let log = Log { source, index: &index, reader: &reader, reading, searched: &searched };
    log.facts(log.ended(found))
}

/// Lines that say where it ran, of those that are mentioned.
const ENVIRONMENT: usize = 12;

/// A source with what is needed to read it.
struct Log<'l> {
    source: &'l Source,
    index: &'l Index<'l>,
    reader: &'l Reader,
    reading: &'l Reading<'l>,
    /// The lines near its failures.
    searched: &'l SearchedLines<'l>,
}

/// What a source says of its end, and what went wrong, the first to read in front.
struct Ended {
    conclusion: Conclusion,
    ends: Ends,
    /// What the search for failures looked at and left out.
    coverage: Coverage,
    failures: Vec<Event>,
    /// What else went wrong.
    mentions: Vec<Mention>,
    candidates: Candidates,
    tests: TestResults,
    answer: Option<Answer>,
    /// Failures beside these that are not worth telling.
    left_out: u64,
    problems: Vec<Problem>,
}

impl Log<'_> {
    fn facts(&self, mut ended: Ended) -> Facts {
        let Conclusion { outcome, because, .. } = ended.conclusion.clone();
        let (found_ends, left_out) = (std::mem::take(&mut ended.ends), ended.left_out);
        let read = std::mem::take(&mut ended.coverage);
        let mut mentions = std::mem::take(&mut ended.mentions);
        let (tests, answer) = (std::mem::take(&mut ended.tests), ended.answer.take());
        let mut problems = self.source.problems.clone();
        // Documents are read whole, however their lines break.
        if self.source.kind == SourceKind::Log {
            problems.extend(unread(&self.source.name, self.index));
        }
        problems.extend(ended.problems.iter().cloned());
        let passed = self.reading.baseline || ended.conclusion.outcome == Outcome::Pass;
        let candidates = std::mem::take(&mut ended.candidates);
        let expected = if passed { ended.failures.clone() } else { Vec::new() };
        let failures = self.failures(ended);
        let first = failures.first().map(|first| (first.first_line, first.last_line));
        let environment = self.environment(first, &failures, &tests);
        if !mentions.is_empty() {
            let lines = environment.lines().take(ENVIRONMENT);
            mentions.extend(lines.map(|line| Mention { first: line, last: line, telling: line }));
        }
        let steps = self.steps(first, &environment);
        let (clues, unread) = self.clues(&failures, &tests);
        let mut coverage = self.coverage(read, first, left_out, failures.len());
        coverage.cut(Bound::Clues, clues::MOST as u64, unread);
        coverage.cut(Bound::Candidates, candidates::MOST as u64, candidates.left_out);
        coverage.cut(Bound::Ends, ends::MOST as u64, found_ends.left_out);
        coverage.cut(Bound::Tests, test_results::MOST as u64, tests.left_out);
        let started = if passed { &expected } else { &failures };
        let setup = self.reading.setup.then(|| {
            let (source, index, reader) = (self.source.name.as_str(), self.index, self.reader);
            let log = setup::Log { source, index, reader };
            Setup::read(&log, started, passed, &tests, &mut coverage)
        });
        let mut places = Places::default();
        places.failures(&failures);
        let failed_ends = found_ends.all.iter().filter(|end| end.verdict == ends::Verdict::Fail);
        places.single(failed_ends.map(|end| end.line));
        let contrast = self.contrast(&failures);

        clues.iter().for_each(|clues| places.clues(clues.lines()));
        let mut step_places = Places::default();
        contrast.iter().for_each(|passage| step_places.range(passage.line_start, passage.line_end));
        if let Some(steps) = steps.as_ref().filter(|_| !failures.is_empty()) {
            step_places.single(environment.lines().chain(steps.lines()));
        }
        places.mentions(&mentions);
        candidates.reserve.iter().for_each(|one| places.range(one.event.first_line, one.event.last_line));
        Facts {
            source: self.source(),
            answer,
            outcome,
            outcome_because: because,
            ends: found_ends.all,
            actors: self.actors(&failures),
            excerpts: places.excerpts(self.index, Bound::ExcerptLines, &mut coverage),
            step_excerpts: step_places.excerpts(self.index, Bound::StepLines, &mut coverage),
            mentions,
            candidates,
            steps,
            setup,
            sought: self.sought(),
            contrast,
            prints: self.reading.prints.map(|prints| prints(&self.source.bytes)),
            clues,
            coverage,
            failures,
            tests,
            environment,
            problems,
        }
    }

    /// Says what was looked at, and what the bounds so far left out.
    fn coverage(&self, read: Coverage, first: Option<(u64, u64)>, left_out: u64, shown: usize) -> Coverage {
        let mut coverage = Coverage {
            bytes_scanned: self.index.bytes().len() as u64,
            lines_scanned: self.index.lines(),
            ..read
        };
        coverage.cut(Bound::Failures, shown as u64, left_out);
        coverage.cut(Bound::LineBytes, MOST_TEXT as u64, unread_bytes(self.index));
        if self.reading.steps {
            let end = first.map_or(self.index.lines(), |(line, _)| line);
            coverage.cut(Bound::StepLines, steps::LINES, end.saturating_sub(steps::LINES + 1));
        }
        coverage
    }

    /// Returns when each actor wrote, where who fell silent when is worth a look.
    fn actors(&self, failures: &[Event]) -> Vec<ActorTimes> {
        let waited = |first: &&Event| self.reading.steps || first.kind.is_waiting();
        let first = failures.first().filter(waited);
        first.map(|first| actors(self.index, self.reader, first.first_line)).unwrap_or_default()
    }

    fn source(&self) -> SourceFacts {
        let (first_time, last_time) = span(self.index, self.reader);
        SourceFacts {
            name: self.source.name.clone(),
            kind: self.source.kind,
            is_data: self.source.kind == SourceKind::Document,
            bytes: self.index.bytes().len() as u64,
            lines: self.index.lines(),
            baseline: self.reading.baseline,
            first_time,
            last_time,
        }
    }

    fn ended(&self, found: Option<Found>) -> Ended {
        match self.source.kind {
            SourceKind::Answer => self.read_answer(),
            SourceKind::Log => found.map_or_else(Ended::nothing, |found| self.read_log(found)),
            SourceKind::JUnit | SourceKind::Annotations => self.read_verdicts(),
            SourceKind::Document => Ended::nothing(),
        }
    }

    fn read_log(&self, found: Found) -> Ended {
        let (index, reader, known) = (self.index, self.reader, self.reading.known);
        let ((mut events, coverage), tests) = rayon::join(
            || failures::assemble_scanned(index, reader, &found, known),
            || tests_in(index, reader, &found.tests),
        );
        let ends = found.ends.ends(index, reader);
        let silences = failures::silences(index, reader, &events);
        let release = |behind| self.source.bytes.release(behind);
        let conclusion = ends::conclude(index, &ends.all, &events, &release);
        let failed_at = conclusion.line.filter(|_| conclusion.outcome == Outcome::Fail);
        failed_at.into_iter().for_each(|line| found.hot.steps.note_failed_run(index, line, &mut events));
        let order = (self.reading.order)(&events, &|event| failures::tolerated(index, &found.tests, event));
        let Order { ranked, shown } = order;
        let mentions = match conclusion.outcome {
            Outcome::Pass => Vec::new(),
            _ => mentions(index, reader, &events, &shown),
        };
        let (mut failures, unnamed) = with_failing_tests(index, &events, &shown, &tests);
        let left_out = events.len().saturating_sub(failures.len()) as u64 + unnamed;
        if failures.is_empty() && conclusion.outcome == Outcome::Unknown {
            failures.extend(unfinished(index, reader, &tests));
        }
        failures.extend(silences);
        let clues = |event: &Event, around| clues::failure_clues(self.searched, event, around);
        let candidates = match conclusion.outcome {
            Outcome::Pass => Candidates::of_a_pass(&events, &ranked),
            _ if self.reading.baseline => Candidates::of_a_pass(&events, &ranked),
            _ => Candidates::of(&events, &ranked, &failures, clues),
        };
        Ended {
            conclusion,
            ends,
            coverage,
            failures,
            mentions,
            candidates,
            tests,
            left_out,
            ..Ended::nothing()
        }
    }

    fn read_answer(&self) -> Ended {
        let (answer, problems) = answers::read(&self.source.name, &self.source.bytes);
        Ended { answer, problems, ..Ended::nothing() }
    }

    fn read_verdicts(&self) -> Ended {
        let Source { name, bytes, kind, .. } = self.source;
        let (verdicts, problems) = verdicts::read(name, bytes, *kind);
        let any = !verdicts.is_empty();
        let tests = TestResults { ran: verdicts.iter().filter_map(test).collect(), ..TestResults::default() };
        let failed = verdicts.into_iter().filter(Verdict::is_failure).map(Verdict::into_event);
        let failures: Vec<Event> = failed.collect();
        let conclusion = match failures.first() {
            Some(first) => Conclusion::stated(Outcome::Fail, first.headline, &first.message),
            None if any => Conclusion::stated(Outcome::Pass, 1, "no test of the report failed"),
            None => Conclusion::UNKNOWN,
        };
        Ended { conclusion, failures, tests, problems, ..Ended::nothing() }
    }

    /// Returns what the log says that passing runs do not, where something failed.
    fn contrast(&self, failures: &[Event]) -> Vec<Passage> {
        let subtract = self.reading.subtract.filter(|_| !failures.is_empty());
        let mut passages = subtract.map(|subtract| subtract(&self.source.bytes)).unwrap_or_default();
        passages.truncate(PASSAGES);
        passages
    }

    /// Returns the lines that are sought.
    fn sought(&self) -> Vec<(u64, String)> {
        let Some(sought) = self.reading.sought else { return Vec::new() };
        let lines = self.index.range(1, self.index.lines()).map(|line| (line.number, setup::plain(line)));
        let found = lines.filter(|(_, text)| sought(text));
        found.take(SOUGHT).map(|(line, text)| (line, text.into_owned())).collect()
    }

    /// Returns what failed, or what may have where nothing states the end; nothing if the run passed.
    fn failures(&self, ended: Ended) -> Vec<Event> {
        if self.reading.baseline || ended.conclusion.outcome == Outcome::Pass {
            return Vec::new();
        }
        if !ended.failures.is_empty() || self.source.kind != SourceKind::Log {
            return ended.failures;
        }
        clues::alone(self.index, self.reader, self.reading).into_iter().collect()
    }

    fn environment(&self, first: Option<(u64, u64)>, failures: &[Event], tests: &TestResults) -> Exposure {
        let failed = || tests.failed().next().map(|test| test.name.clone());
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

    /// Returns what the log says about why, for each failure that is read for it, and how many are not.
    fn clues(&self, failures: &[Event], tests: &TestResults) -> (Vec<FailureClues>, u64) {
        let (chosen, left_out) = clues::chosen(failures);
        let read = |(at, (failure, is_read)): (usize, (&Event, bool))| match is_read {
            true => clues::failure_clues(self.searched, failure, at == 0),
            false => FailureClues::default(),
        };
        let mut clues: Vec<FailureClues> = failures.iter().zip(chosen).enumerate().map(read).collect();
        if let (Some(first), Some(failure_clues)) = (failures.first(), clues.first_mut()) {
            let dump = failures::dumps::near(self.index, self.reader, first);
            failure_clues.stacks = dump.and_then(|dump| clues::fold(&dump));
            failure_clues.open = clues::open_test(self.index, self.reader, first, tests);
        }
        (clues, left_out)
    }
}

/// Returns what a report says of one test; an annotation names none, or one that failed.
fn test(verdict: &Verdict) -> Option<TestResult> {
    let skipped = verdict.outcome == verdicts::Outcome::Skipped;
    let word = match (verdict.is_failure(), skipped) {
        (true, _) => "failed",
        (_, true) => "skipped",
        _ => "passed",
    };
    Some(TestResult {
        name: verdict.test.clone()?,
        word: word.to_owned(),
        line: verdict.first_line,
        failed: verdict.is_failure(),
        skipped,
        seconds: verdict.seconds,
        ..TestResult::default()
    })
}

impl Ended {
    fn nothing() -> Self {
        Self {
            conclusion: Conclusion::UNKNOWN,
            ends: Ends::default(),
            coverage: Coverage::default(),
            failures: Vec::new(),
            mentions: Vec::new(),
            candidates: Candidates::default(),
            tests: TestResults::default(),
            answer: None,
            left_out: 0,
            problems: Vec::new(),
        }
    }
}
