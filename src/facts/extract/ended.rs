//! What a source says of its end and of what went wrong, by what the source is.

use super::Log;
use crate::error::Problem;
use crate::facts::answers::{self, Answer};
use crate::facts::clues;
use crate::facts::ends::{self, Conclusion, Ends};
use crate::facts::failing_tests::with_failing_tests;
use crate::facts::failures::verdicts::{self, Verdict};
use crate::facts::failures::{self, Event};
use crate::facts::listed::listed;
use crate::facts::mentions::{Mention, mentions};
use crate::facts::scan::Found;
use crate::facts::subtests;
use crate::facts::test_results::tests_in;
use crate::facts::unfinished::unfinished;
use crate::facts::{Candidates, Coverage, Order, Outcome, TestResult, TestResults};
use crate::input::{Source, SourceKind};

/// What a source says of its end, and what went wrong, the first to read in front; by default nothing.
#[derive(Default)]
pub struct Ended {
    pub conclusion: Conclusion,
    pub ends: Ends,
    /// What the search for failures looked at and left out.
    pub coverage: Coverage,
    pub failures: Vec<Event>,
    /// What else went wrong.
    pub mentions: Vec<Mention>,
    pub candidates: Candidates,
    pub tests: TestResults,
    pub answer: Option<Answer>,
    /// Failures beside these that are not worth telling.
    pub left_out: u64,
    pub problems: Vec<Problem>,
}

impl Log<'_> {
    /// Reads it.
    pub fn ended(&self, found: Option<Found>) -> Ended {
        match self.source.kind {
            SourceKind::Answer => self.read_answer(),
            SourceKind::Log => found.map_or_else(Ended::default, |found| self.read_log(found)),
            SourceKind::JUnit | SourceKind::Annotations => self.read_verdicts(),
            SourceKind::Document => Ended::default(),
        }
    }

    fn read_log(&self, found: Found) -> Ended {
        let (index, reader, known) = (self.index, self.reader, self.reading.known);
        let ((mut events, coverage), mut tests) = rayon::join(
            || failures::assemble_scanned(index, reader, &found, known),
            || tests_in(index, reader, &found.tests),
        );
        subtests::settle(index, reader, &mut events, &mut tests);
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
        match conclusion.outcome {
            Outcome::Unknown if failures.is_empty() => failures.extend(unfinished(index, reader, &tests)),
            Outcome::Fail if failures.is_empty() => failures.extend(listed(index, reader)),
            _ => {}
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
            ..Ended::default()
        }
    }

    fn read_answer(&self) -> Ended {
        let (answer, problems) = answers::read(&self.source.name, &self.source.bytes);
        Ended { answer, problems, ..Ended::default() }
    }

    fn read_verdicts(&self) -> Ended {
        let Source { name, bytes, kind, .. } = self.source;
        let (verdicts, problems) = verdicts::read(name, bytes, *kind);
        let any = !verdicts.is_empty();
        let wholes = subtests::wholes(&verdicts);
        let only_by_parts = |name: Option<&String>| name.is_some_and(|name| wholes.contains(name));
        let result = |verdict| {
            let test = test(verdict)?;
            Some(TestResult { only_by_parts: test.failed && only_by_parts(Some(&test.name)), ..test })
        };
        let tests =
            TestResults { ran: verdicts.iter().filter_map(result).collect(), ..TestResults::default() };
        let failed = verdicts.into_iter().filter(Verdict::is_failure);
        let own = failed.filter(|verdict| !only_by_parts(verdict.test.as_ref()));
        let failures: Vec<Event> = own.map(Verdict::into_event).collect();
        let conclusion = match failures.first() {
            Some(first) => Conclusion::stated(Outcome::Fail, first.headline, &first.message),
            None if any => Conclusion::stated(Outcome::Pass, 1, "no test of the report failed"),
            None => Conclusion::default(),
        };
        Ended { conclusion, failures, tests, problems, ..Ended::default() }
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
