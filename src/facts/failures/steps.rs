//! Where the steps of a job end, as the CI system states it, and how.

use std::sync::LazyLock;

use regex::bytes::RegexSet;

use super::event::{Event, StepEnd};
use crate::facts::chunks;
use crate::text::lines::{Index, Line, Literals};
use crate::text::records::{Marker, Reader};

/// How CI systems state that a step or a job ended, or that another began: the words before and with it, and how
/// what stands before the line ended.
const STATEMENTS: [(&str, StepEnd); 18] = [
    // Travis.
    (r"^The command .* exited with 0\.$", StepEnd::Passed),
    (r"exited with [1-9]\d*(?: during .*)?\.$", StepEnd::Failed),
    (r"^Done\. Your build exited with 0", StepEnd::Passed),
    (r"^Done\. Your build exited with [1-9]", StepEnd::Failed),
    // Jenkins.
    (r"^Finished: SUCCESS$", StepEnd::Passed),
    (r"^Finished: (?:FAILURE|UNSTABLE|ABORTED|NOT_BUILT)$", StepEnd::Failed),
    (r"^Started by (?:user|an? |upstream|timer|remote)", StepEnd::Unknown),
    // GitLab.
    (r"^Job succeeded$", StepEnd::Passed),
    (r"^ERROR: Job failed", StepEnd::Failed),
    (r"^Running with gitlab-runner ", StepEnd::Unknown),
    // Taskcluster.
    (r"Successful task run with exit code: 0\b", StepEnd::Passed),
    (r"Unsuccessful task run with exit (?:code|status)", StepEnd::Failed),
    // GitHub: a step that failed has said so before the next one begins.
    (r"^Run \S", StepEnd::Passed),
    (r"^Post job cleanup\.$", StepEnd::Passed),
    (r"^Cleaning up orphan processes$", StepEnd::Passed),
    (r"^Process completed with exit code [1-9]", StepEnd::Failed),
    // Kokoro.
    (r"^Build finished after \d+ secs?, exit value: 0$", StepEnd::Passed),
    (r"^Build finished after \d+ secs?, exit value: [1-9]", StepEnd::Failed),
];

/// Marks of Travis, which are no part of a line's words, with which a job begins.
const JOB_BEGINS: [&[u8]; 2] = [b"travis_fold:start:system_info", b"travis_fold:start:worker_info"];

/// Strings of which each of those lines holds one.
const SOUGHT: [&str; 14] = [
    "exited with ",
    "travis_fold:start:",
    "Finished: ",
    "Started by ",
    "Job succeeded",
    "Job failed",
    "gitlab-runner ",
    "task run with exit",
    "##[group]Run ",
    "##[error]",
    "Post job cleanup",
    "Cleaning up orphan",
    "completed with exit code",
    "exit value: ",
];

static LITERALS: LazyLock<Literals> = LazyLock::new(|| Literals::new(&SOUGHT));

static FORMS: LazyLock<RegexSet> = LazyLock::new(|| {
    let forms = STATEMENTS.iter().map(|(form, _)| format!("(?-u){form}"));
    RegexSet::new(forms).unwrap_or_else(|error| panic!("statements of steps: {error}"))
});

/// Statements that are kept of one log, so that memory is bounded.
const MOST: usize = 1 << 17;

/// The ends of the steps of one log.
pub struct Steps(Vec<Statement>);

struct Statement {
    /// Where the line begins.
    start: u64,
    end: StepEnd,
}

impl Steps {
    /// Finds all statements of a log.
    pub fn find(index: &Index<'_>, reader: &Reader) -> Self {
        let bytes = index.bytes();
        let mut steps = Self(Vec::new());
        let look = |lines: std::ops::Range<usize>| {
            let mut found = Vec::new();
            LITERALS.each_place(&bytes[lines.clone()], |from, to| {
                let (start, end) = (lines.start + from, lines.start + to);
                let line = Line { number: 0, start: start as u64, bytes: &bytes[start..end] };
                found.extend(says(line, reader).map(|end| Statement { start: line.start, end }));
            });
            found
        };
        chunks::each(bytes, look, |found| {
            let room = MOST - steps.0.len();
            steps.0.extend(found.into_iter().take(room));
        });
        steps
    }

    /// Notes of each event how its step ended, and how far from it.
    pub fn note(&self, index: &Index<'_>, events: &mut [Event]) {
        for event in events {
            let at = self.0.partition_point(|statement| statement.start < event.byte_start);
            let Some(next) = self.0.get(at) else { continue };
            event.look.step = next.end;
            let line = index.at_offset(next.start as usize).map_or(event.last_line, |line| line.number);
            event.look.to_step_end = line.saturating_sub(event.last_line);
        }
    }
}

/// Returns how what stands before a line ended, if the line says it.
fn says(line: Line<'_>, reader: &Reader) -> Option<StepEnd> {
    if JOB_BEGINS.iter().any(|mark| line.bytes.starts_with(mark)) {
        return Some(StepEnd::Unknown);
    }
    let record = reader.parse(line);
    let form = FORMS.matches(record.message.trim_ascii()).iter().next();
    let marked = (record.marker == Some(Marker::Error)).then_some(StepEnd::Failed);
    let (_, end) = form.and_then(|form| STATEMENTS.get(form)).copied().unzip();
    let is_step =
        |end: &StepEnd| *end != StepEnd::Passed || !record.message.starts_with(b"Run ") || begins(line);
    marked.or(end.filter(is_step))
}

/// Returns true if and only if GitHub's runner begins a step with the line.
fn begins(line: Line<'_>) -> bool {
    memchr::memmem::find(line.bytes, b"##[group]Run ").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble;

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
    fn every_statement_holds_a_string_that_is_sought() {
        for line in [
            "Done. Your build exited with 0.",
            "travis_fold:start:worker_info",
            "ERROR: Job failed: exit code 1",
            "Running with gitlab-runner 16.11.0",
            "[taskcluster 2026-01-30T04:12:07.123Z] Successful task run with exit code: 0 completed in 9 seconds",
            "Build finished after 31 secs, exit value: 1",
            "Post job cleanup.",
            "Cleaning up orphan processes",
        ] {
            let line = Line { number: 1, start: 0, bytes: line.as_bytes() };
            assert!(LITERALS.are_in(line.bytes) && says(line, &Reader::default()).is_some(), "{line:?}");
        }
    }
}
