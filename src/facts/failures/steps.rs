//! Where the steps of a job end, as the CI system states it, and how.

use std::sync::LazyLock;

use serde::Deserialize;

use super::event::{Event, StepEnd};
use crate::rules::{Embedded, Sketch, Wordings, table};
use crate::text::lines::{Index, Line};
use crate::text::records::{Marker, Reader};

/// The table as it is written; its head tells what the keys mean.
const TABLE: Embedded = table!("steps");

/// What ended or began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Bounds {
    Step,
    Run,
    Steps,
    Begins,
}

#[derive(Clone, Copy, Deserialize)]
struct Row {
    bounds: Bounds,
    ended: StepEnd,
}

static ROWS: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(TABLE));

/// The mark of a line that the CI system calls an error, which a wrapper takes off.
const ERROR_MARK: &str = "##[error]";

/// Strings of which each line that states something holds one.
pub static STEP_STRINGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let derived = ROWS.literals().unwrap_or_else(|faults| unreachable!("a test derives all: {faults}"));
    derived.into_iter().chain([ERROR_MARK.to_owned()]).collect()
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
        let Some(Row { bounds, ended }) = says(line, reader) else { return false };
        self.0.push(Statement { start: line.start, end: ended, bounds });
        bounds != Bounds::Step
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
            (Bounds::Step, _) => return,
            // A failed step that its run forgave, or the rest of another run: nobody knows.
            (Bounds::Run, StepEnd::Passed) if self.failed => StepEnd::Unknown,
            (Bounds::Run, end) => end,
            (Bounds::Steps | Bounds::Begins, _) if self.failed => StepEnd::Failed,
            (Bounds::Steps, end) => end,
            (Bounds::Begins, _) => StepEnd::Unknown,
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
fn says(line: Line<'_>, reader: &Reader) -> Option<Row> {
    let record = reader.parse(line);
    if record.marker == Some(Marker::Error) {
        return Some(Row { bounds: Bounds::Step, ended: StepEnd::Failed });
    }
    let message = record.message.trim_ascii();
    let sketch = Sketch::of(message, ROWS.len());
    let rows = (0..ROWS.len()).filter(|row| ROWS.may_match(*row, &sketch));
    ROWS.firsts(rows, message, line.bytes).next().map(|(_, row, _)| *row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::{assemble, events_in};
    use crate::facts::scan::scan;

    /// How the step of each event of a log ended.
    fn ends(log: &str) -> Vec<StepEnd> {
        let events = events_in(log);
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
    fn each_row_reads_its_lines_and_leaves_the_others() {
        #[derive(Deserialize)]
        struct Lines {
            name: String,
            bounds: Bounds,
            ended: StepEnd,
            matches: Vec<String>,
            leaves: Vec<String>,
        }
        let table: serde_json::Value = TABLE.read();
        let rows: Vec<Lines> = serde_json::from_value(table["row"].clone()).unwrap();
        let said = |text: &str| {
            let line = Line { number: 1, start: 0, bytes: text.as_bytes() };
            says(line, &Reader::guess(text.as_bytes())).map(|row| (row.bounds, row.ended))
        };
        for row in &rows {
            for line in &row.matches {
                assert_eq!(said(line), Some((row.bounds, row.ended)), "{}: {line}", row.name);
                assert!(
                    STEP_STRINGS.iter().any(|string| line.contains(string.as_str())),
                    "{line} is not sought"
                );
            }
            for line in &row.leaves {
                assert_eq!(said(line), None, "{}: {line}", row.name);
            }
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
            let events = events_in(&log);
            let torn = events.iter().filter(|event| event.message.contains("torn"));
            let found: Vec<_> = torn.map(|event| (event.look.run, event.look.run_end)).collect();
            assert_eq!(found, expected, "{why}: {log}");
        }
    }
}
