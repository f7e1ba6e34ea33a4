//! The one reading of a source: from its bytes to its facts.

mod ended;

use ended::Ended;

use super::actors::actors;
use super::clues::{self, FailureClues, SearchedLines};
use super::ends;
use super::environment::{Exposure, What};
use super::excerpts::Places;
use super::failures::{self, Event};
use super::mentions::Mention;
use super::reading::{PASSAGES, Reading};
use super::scan::{self, scan};
use super::setup::{self, Setup};
use super::span::{span, unread, unread_bytes};
use super::steps::{self, Run};
use super::test_results;
use super::{ActorTimes, Bound, Coverage, Facts, Outcome, Passage, SourceFacts, TestResults, candidates};
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

impl Log<'_> {
    fn facts(&self, ended: Ended) -> Facts {
        let Ended { conclusion, ends, coverage: read, failures, mentions, candidates, tests, .. } = ended;
        let passed = self.reading.baseline || conclusion.outcome == Outcome::Pass;
        let (expected, failures) = match passed {
            true => (failures, Vec::new()),
            false => (Vec::new(), self.or_alone(failures)),
        };
        let first = failures.first().map(|first| (first.first_line, first.last_line));
        let environment = self.environment(first, &failures, &tests);
        let mentions = with_environment(mentions, &environment);
        let steps = self.steps(first, &environment);
        let (clues, unread) = self.clues(&failures, &tests);
        let mut coverage = self.coverage(read, first, ended.left_out, failures.len());
        coverage.cut(Bound::Clues, clues::MOST as u64, unread);
        coverage.cut(Bound::Candidates, candidates::MOST as u64, candidates.left_out);
        coverage.cut(Bound::Ends, ends::MOST as u64, ends.left_out);
        coverage.cut(Bound::Tests, test_results::MOST as u64, tests.left_out);
        let started = if passed { &expected } else { &failures };
        let setup = self.setup(started, passed, &tests, &mut coverage);
        let contrast = self.contrast(&failures);
        let mut places = Places::default();
        places.failures(&failures);
        let failed_ends = ends.all.iter().filter(|end| end.verdict == ends::Verdict::Fail);
        places.single(failed_ends.map(|end| end.line));
        clues.iter().for_each(|clues| places.clues(clues.lines()));
        places.mentions(&mentions);
        candidates.reserve.iter().for_each(|one| places.range(one.event.first_line, one.event.last_line));
        let mut step_places = Places::default();
        contrast.iter().for_each(|passage| step_places.range(passage.line_start, passage.line_end));
        if let Some(steps) = steps.as_ref().filter(|_| !failures.is_empty()) {
            step_places.single(environment.lines().chain(steps.lines()));
        }
        Facts {
            source: self.source(),
            answer: ended.answer,
            outcome: conclusion.outcome,
            outcome_because: conclusion.because,
            ends: ends.all,
            actors: self.actors(&failures),
            excerpts: places.excerpts(self.index, Bound::ExcerptLines, &mut coverage),
            step_excerpts: step_places.excerpts(self.index, Bound::StepLines, &mut coverage),
            sought: self.sought(),
            prints: self.reading.prints.map(|prints| prints(&self.source.bytes)),
            problems: self.problems(ended.problems),
            mentions,
            candidates,
            steps,
            setup,
            contrast,
            clues,
            coverage,
            failures,
            tests,
            environment,
        }
    }

    /// Returns what could not be read, with `found` of what was.
    fn problems(&self, found: Vec<Problem>) -> Vec<Problem> {
        let mut problems = self.source.problems.clone();
        // Documents are read whole, however their lines break.
        if self.source.kind == SourceKind::Log {
            problems.extend(unread(&self.source.name, self.index));
        }
        problems.extend(found);
        problems
    }

    /// Returns how the run was started, where somebody makes an experiment.
    fn setup(
        &self,
        failures: &[Event],
        passed: bool,
        tests: &TestResults,
        coverage: &mut Coverage,
    ) -> Option<Setup> {
        let (source, index, reader) = (self.source.name.as_str(), self.index, self.reader);
        let log = setup::Log { source, index, reader };
        self.reading.setup.then(|| Setup::read(&log, failures, passed, tests, coverage))
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

    /// Returns what failed, or else the line of a log that alone says why it ended.
    fn or_alone(&self, failures: Vec<Event>) -> Vec<Event> {
        if !failures.is_empty() || self.source.kind != SourceKind::Log {
            return failures;
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

/// Adds the lines that say where it ran to those that are mentioned, if any are.
fn with_environment(mut mentions: Vec<Mention>, environment: &Exposure) -> Vec<Mention> {
    if !mentions.is_empty() {
        let lines = environment.lines().take(ENVIRONMENT);
        mentions.extend(lines.map(|line| Mention { first: line, last: line, telling: line }));
    }
    mentions
}
