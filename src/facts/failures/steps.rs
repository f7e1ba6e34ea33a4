//! Where the steps of a job end, as the CI system states it, and how.

use std::sync::LazyLock;

use regex::bytes::RegexSet;

use super::event::{Event, StepEnd};
use crate::text::lines::{Index, Line};
use crate::text::records::{Marker, Reader};

/// What ended or began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bounds {
    /// A step ended.
    Step,
    /// A whole run ended.
    Ends,
    /// A whole run ended, and its steps said how.
    Over,
    /// A whole run begins.
    Begins,
}
use Bounds::{Begins, Ends, Over, Step};

/// How CI systems state that a step or a run ended, or that another began, and how what stands before the line ended.
/// The first that fits counts.
const STATEMENTS: [(&str, StepEnd, Bounds); 19] = [
    // Travis.
    (r"^Done\. Your build exited with 0", StepEnd::Passed, Ends),
    (r"^Done\. Your build exited with [1-9]", StepEnd::Failed, Ends),
    (r"^The command .* exited with 0\.$", StepEnd::Passed, Step),
    (r"exited with [1-9]\d*(?: during .*)?\.$", StepEnd::Failed, Step),
    // Jenkins.
    (r"^Finished: SUCCESS$", StepEnd::Passed, Ends),
    (r"^Finished: (?:FAILURE|UNSTABLE|ABORTED|NOT_BUILT)$", StepEnd::Failed, Ends),
    (r"^Started by (?:user|an? |upstream|timer|remote)", StepEnd::Unknown, Begins),
    // GitLab.
    (r"^Job succeeded$", StepEnd::Passed, Ends),
    (r"^ERROR: Job failed", StepEnd::Failed, Ends),
    (r"^Running with gitlab-runner ", StepEnd::Unknown, Begins),
    // Taskcluster.
    (r"Successful task run with exit code: 0\b", StepEnd::Passed, Ends),
    (r"Unsuccessful task run with exit (?:code|status)", StepEnd::Failed, Ends),
    (r"^Current runner version: '", StepEnd::Unknown, Begins),
    // GitHub: a step that failed has said so before the next one begins.
    (r"^Run \S", StepEnd::Passed, Step),
    (r"^Post job cleanup\.$", StepEnd::Passed, Step),
    (r"^Cleaning up orphan processes$", StepEnd::Passed, Over),
    (r"^Process completed with exit code [1-9]", StepEnd::Failed, Step),
    // Kokoro.
    (r"^Build finished after \d+ secs?, exit value: 0$", StepEnd::Passed, Ends),
    (r"^Build finished after \d+ secs?, exit value: [1-9]", StepEnd::Failed, Ends),
];

/// Marks of Travis, which are no part of a line's words, with which a job begins.
const JOB_BEGINS: [&[u8]; 2] = [b"travis_fold:start:system_info", b"travis_fold:start:worker_info"];

/// Strings of which each of those lines holds one.
pub const STEP_STRINGS: [&str; 15] = [
    "exited with ",
    "travis_fold:start:",
    "Finished: ",
    "Started by ",
    "Job succeeded",
    "Job failed",
    "gitlab-runner ",
    "task run with exit",
    "Current runner version",
    "##[group]Run ",
    "##[error]",
    "Post job cleanup",
    "Cleaning up orphan",
    "completed with exit code",
    "exit value: ",
];

static FORMS: LazyLock<RegexSet> = LazyLock::new(|| {
    let forms = STATEMENTS.iter().map(|(form, ..)| format!("(?-u){form}"));
    RegexSet::new(forms).unwrap_or_else(|error| panic!("statements of steps: {error}"))
});

/// Statements that are kept of one log, so that memory is bounded.
const MOST: usize = 1 << 17;

/// The ends of the steps and runs of one log.
#[derive(Default)]
pub struct Steps {
    statements: Vec<Statement>,
    runs: Vec<Run>,
    /// True if a step of the run at hand failed.
    failed: bool,
}

/// What the lines of one part of a log say of the ends of steps and runs, in order.
#[derive(Default)]
pub struct Statements(Vec<Statement>);

#[derive(Clone, Copy)]
struct Statement {
    /// Where the line begins.
    start: u64,
    end: StepEnd,
    bounds: Bounds,
}

/// One run of a CI system among those that stand in one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    /// Where the line begins that ends it, or with which the next one begins; what stands before it is its own.
    last: u64,
    end: StepEnd,
}

impl Statements {
    /// Takes what the next line says; returns true if and only if it bounds a run.
    pub fn take(&mut self, line: Line<'_>, reader: &Reader) -> bool {
        let Some((end, bounds)) = says(line, reader) else { return false };
        self.0.push(Statement { start: line.start, end, bounds });
        bounds != Step
    }
}

impl Steps {
    /// Adds what later lines say; returns how each run ended that they bound, in order.
    pub fn add(&mut self, later: Statements) -> Vec<StepEnd> {
        let (known, room) = (self.runs.len(), MOST.saturating_sub(self.statements.len()));
        later.0.into_iter().take(room).for_each(|statement| self.push(statement));
        self.runs.iter().skip(known).map(|run| run.end).collect()
    }

    fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
        self.failed |= statement.end == StepEnd::Failed;
        let end = match (statement.bounds, statement.end) {
            (Step, _) => return,
            // A failed step that its run forgave, or the rest of another run: nobody knows.
            (Ends, StepEnd::Passed) if self.failed => StepEnd::Unknown,
            (Ends, end) => end,
            (Over | Begins, _) if self.failed => StepEnd::Failed,
            (Over, end) => end,
            (Begins, _) => StepEnd::Unknown,
        };
        self.runs.push(Run { last: statement.start, end });
        self.failed = false;
    }

    /// Takes note that the log is over; returns how the run behind the last statement ended.
    pub fn close(&mut self) -> StepEnd {
        if !std::mem::take(&mut self.failed) {
            return StepEnd::Unknown;
        }
        self.runs.push(Run { last: u64::MAX, end: StepEnd::Failed });
        StepEnd::Failed
    }

    /// Returns true if and only if the log holds the ends of several runs.
    pub fn are_of_several_runs(&self) -> bool {
        self.runs.len() > 1
    }

    /// Notes of each event how its step and its run ended, and how far from it.
    pub fn note(&self, index: &Index<'_>, events: &mut [Event]) {
        for event in events {
            let run = self.runs.partition_point(|run| run.last < event.byte_start);
            event.look.run = run as u32;
            event.look.run_end = self.runs.get(run).map_or(StepEnd::Unknown, |run| run.end);
            let at = self.statements.partition_point(|statement| statement.start < event.byte_start);
            let Some(next) = self.statements.get(at) else { continue };
            event.look.step = next.end;
            let line = index.at_offset(next.start as usize).map_or(event.last_line, |line| line.number);
            event.look.to_step_end = line.saturating_sub(event.last_line);
        }
    }

    /// Notes of the events in the run of `line` that their run failed, as the line states.
    pub fn note_failed_run(&self, index: &Index<'_>, line: u64, events: &mut [Event]) {
        let Some(line) = index.line(line) else { return };
        let run = self.runs.partition_point(|run| run.last < line.start) as u32;
        for event in events.iter_mut().filter(|event| event.look.run == run) {
            event.look.run_end = StepEnd::Failed;
        }
    }
}

/// Returns how what stands before a line ended, if the line says it, and what it bounds.
fn says(line: Line<'_>, reader: &Reader) -> Option<(StepEnd, Bounds)> {
    if JOB_BEGINS.iter().any(|mark| line.bytes.starts_with(mark)) {
        return Some((StepEnd::Unknown, Begins));
    }
    let record = reader.parse(line);
    let form = FORMS.matches(record.message.trim_ascii()).iter().next();
    let said = form.and_then(|form| STATEMENTS.get(form)).map(|(_, end, bounds)| (*end, *bounds));
    if record.marker == Some(Marker::Error) {
        return Some((StepEnd::Failed, Step));
    }
    said.filter(|(end, _)| *end != StepEnd::Passed || !record.message.starts_with(b"Run ") || begins(line))
}

/// Returns true if and only if GitHub's runner begins a step with the line.
fn begins(line: Line<'_>) -> bool {
    memchr::memmem::find(line.bytes, b"##[group]Run ").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble;
    use crate::facts::scan::scan;

    /// How the step of each event of a log ended.
    fn ends(log: &str) -> Vec<StepEnd> {
        let events = assemble(&Index::new(log.as_bytes()), &Reader::guess(log.as_bytes()));
        events.iter().map(|event| event.look.step).collect()
    }

    #[test]
    fn the_next_statement_of_the_ci_system_tells_how_the_step_ended() {
        use StepEnd::{Failed, Passed, Unknown};
        const TORN: &str = "error: the ring is torn\nring: popped\n\n\n";
        for (after, expected, why) in [
            ("Finished: SUCCESS\n", Passed, "Jenkins"),
            ("The command \"make\" exited with 0.\n", Passed, "Travis"),
            ("The command \"make\" exited with 2.\n", Failed, "Travis"),
            ("ring exited with 0 links\nThe command \"make\" exited with 2.\n", Failed, "no statement"),
            ("##[group]Run make test\n", Passed, "the next step begins, and no error was marked"),
            ("##[error]Process completed with exit code 2.\n", Failed, "GitHub"),
            ("Run the ring again\n", Unknown, "words of a program"),
            ("", Unknown, "nothing states it"),
            ("Started by user ring\nFinished: SUCCESS\n", Unknown, "another job begins"),
        ] {
            assert_eq!(ends(&format!("{TORN}{after}")).first(), Some(&expected), "{why}: {after}");
        }
    }

    #[test]
    fn the_run_of_a_line_that_states_a_failure_failed() {
        let log = "error: ring\nStarted by timer\n\n\n\n\n\n\n\nerror: rope\n1 failed\nStarted by timer\n";
        let (index, found) = scan(log.as_bytes(), &Reader::default(), &|_| {});
        let mut events = assemble(&index, &Reader::default());
        found.hot.steps.note_failed_run(&index, 11, &mut events);
        let ends: Vec<(u64, StepEnd)> =
            events.iter().map(|event| (event.headline, event.look.run_end)).collect();
        assert_eq!(ends[..2], [(1, StepEnd::Unknown), (10, StepEnd::Failed)]);
    }

    #[test]
    fn every_statement_holds_a_string_that_is_sought() {
        for line in [
            "Done. Your build exited with 0.",
            "travis_fold:start:worker_info",
            "ERROR: Job failed: exit code 1",
            "Running with gitlab-runner 16.11.0",
            "[taskcluster 2026-01-30T04:12:07.123Z] Successful task run with exit code: 0 completed in 9 seconds",
            "Build finished after 31 secs, exit value: 1",
            "Post job cleanup.",
            "Current runner version: '2.330.0'",
            "Cleaning up orphan processes",
        ] {
            let line = Line { number: 1, start: 0, bytes: line.as_bytes() };
            let held = STEP_STRINGS
                .iter()
                .any(|string| memchr::memmem::find(line.bytes, string.as_bytes()).is_some());
            assert!(held && says(line, &Reader::default()).is_some(), "{line:?}");
        }
    }

    #[test]
    fn runs_of_one_log_are_told_apart_and_know_how_they_ended() {
        use StepEnd::{Failed, Passed, Unknown};
        const TORN: &str = "error: the ring is torn\nring: popped\n\n\n\n\n\n\n\n\n";
        for (log, expected, why) in [
            (
                format!(
                    "{TORN}Done. Your build exited with 0.\n{TORN}Done. Your build exited with 1.\n{TORN}"
                ),
                vec![(0, Passed), (1, Failed), (2, Unknown)],
                "by their ends",
            ),
            (
                format!("{TORN}Started by user ring\n{TORN}Finished: FAILURE\n"),
                vec![(0, Unknown), (1, Failed)],
                "by how the next one begins",
            ),
            (
                format!(
                    "{TORN}##[error]Process completed with exit code 2.\n{TORN}Cleaning up orphan processes\n"
                ),
                vec![(0, Failed), (0, Failed)],
                "GitHub's steps say how",
            ),
            (
                format!("{TORN}The command \"make\" exited with 2.\nDone. Your build exited with 0.\n"),
                vec![(0, Unknown)],
                "a failed step of a run that passed",
            ),
            (format!("{TORN}{TORN}"), vec![(0, Unknown), (0, Unknown)], "no statement, one run"),
        ] {
            let events = assemble(&Index::new(log.as_bytes()), &Reader::guess(log.as_bytes()));
            let torn = events.iter().filter(|event| event.message.contains("torn"));
            let found: Vec<_> = torn.map(|event| (event.look.run, event.look.run_end)).collect();
            assert_eq!(found, expected, "{why}: {log}");
        }
    }
}
