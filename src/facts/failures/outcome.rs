//! How a run ended, as far as its log says.

use std::sync::OnceLock;

use regex::Regex;
use regex::bytes::RegexSet;
use serde::{Deserialize, Serialize};

use super::event::{Event, Kind, Role};
use super::shapes::Shape;
use super::vocabulary::Word;
use crate::text::lines::Index;
use crate::text::records::{Reader, Record, Wrapper};

/// What a log says about how its run ended, and which line says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// A line says that something failed.
    Failed(u64),
    /// Nothing says so, and a line near the end says that it went well.
    Passed(u64),
    /// Nothing says either.
    Unknown,
}

/// Lines from the end in which success is looked for.
const TAIL: u64 = 200;

/// Reads how the run ended. What the CI system says of the whole run outweighs what is told on the
/// way: a test may print the failure that it expects.
pub fn ending(index: &Index<'_>, reader: &Reader, events: &[Event]) -> Ending {
    let tail = || index.range(index.lines().saturating_sub(TAIL), index.lines());
    let verdict = tail().filter_map(|line| Some((line.number, verdict(&reader.parse(line).message)?))).last();
    let passed = match verdict {
        Some((line, success)) => success.then_some(line),
        None => clean_job(index, reader, events),
    };
    if let Some(line) = passed {
        return Ending::Passed(line);
    }
    let success = tail().filter(|line| says_success(&reader.parse(*line).message)).last();
    let success = success.map(|line| line.number).or_else(|| whole_plan(index, reader));
    let after = |event: &&Event| success.is_none_or(|line| event.first_line > line || !is_loose(event));
    match (events.iter().filter(after).find(|event| decides(event)), verdict, success) {
        (Some(event), _, _) => Ending::Failed(event.headline),
        (None, Some((line, _)), _) => Ending::Failed(line),
        (None, None, Some(line)) => Ending::Passed(line),
        (None, None, None) => Ending::Unknown,
    }
}

/// An exception that a run printed and went on after: the run's own success outweighs it.
fn is_loose(event: &Event) -> bool {
    event.role == Role::Root && matches!(event.kind, Kind::Exception | Kind::Assertion)
}

/// The lines with which a CI system closes a run, and whether they say that it went well.
const VERDICTS: &[(&str, bool)] = &[
    // Jenkins.
    (r"^Finished: SUCCESS$", true),
    (r"^Finished: (?:FAILURE|UNSTABLE|ABORTED|NOT_BUILT)$", false),
    // GitLab.
    (r"^Job succeeded$", true),
    (r"^ERROR: Job failed", false),
    // Travis.
    (r"^Done\. Your build exited with 0\.", true),
    (r"^Done\. Your build exited with [1-9]", false),
    // Taskcluster.
    (r"Successful task run with exit code: 0\b", true),
    (r"Unsuccessful task run with exit (?:code|status)", false),
    // Kokoro.
    (r"Build finished after \d+ secs?, exit value: 0$", true),
    (r"Build finished after \d+ secs?, exit value: [1-9]", false),
    // AppVeyor.
    (r"^Build success$", true),
];

fn verdict(text: &[u8]) -> Option<bool> {
    static FORMS: OnceLock<RegexSet> = OnceLock::new();
    let forms = FORMS.get_or_init(|| set(VERDICTS.iter().map(|(form, _)| *form)));
    let found = forms.matches(text.trim_ascii()).iter().next_back()?;
    VERDICTS.get(found).map(|(_, success)| *success)
}

/// Lines from the end in which GitHub's runner says that it is done with a job.
const JOB_END: u64 = 10;

/// Returns the line with which GitHub's runner closes a job of which no step failed: where one does,
/// it says so in a line of its own.
fn clean_job(index: &Index<'_>, reader: &Reader, events: &[Event]) -> Option<u64> {
    let marked = |event: &Event| {
        [event.look.head_shape, event.look.body_shape]
            .iter()
            .any(|shape| shape.contains(Shape::CiError as u32))
    };
    if events.iter().any(marked) {
        return None;
    }
    let closes = |record: &Record<'_>| {
        record.layers.has(Wrapper::GitHub) && record.message.starts_with(b"Cleaning up orphan processes")
    };
    let end = index.range(index.lines().saturating_sub(JOB_END), index.lines());
    end.filter(|line| closes(&reader.parse(*line))).last().map(|line| line.number)
}

/// Returns the last line of a run that prints what it tests one by one, if it went well to the end:
/// the last test of a TAP plan, or a `PASS: name` after which nothing comes.
fn whole_plan(index: &Index<'_>, reader: &Reader) -> Option<u64> {
    let (mut plan, mut last) = (None, None);
    for line in index.range(index.lines().saturating_sub(TAIL), index.lines()) {
        let message = reader.parse(line).message;
        let text = String::from_utf8_lossy(message.trim_ascii()).into_owned();
        if let Some(count) = text.strip_prefix("1..") {
            plan = count.parse::<u64>().ok();
        } else if text.starts_with("not ok ") || text.starts_with("Bail out!") {
            return None;
        } else if let Some(rest) = text.strip_prefix("ok ") {
            let number = rest.split(' ').next().and_then(|number| number.parse().ok());
            last = number.filter(|_| number == plan).map(|_: u64| line.number);
        } else if text.starts_with("PASS: ") {
            last = Some(line.number);
        } else if !text.is_empty() && !text.starts_with('#') && plan.is_none() {
            last = None;
        }
    }
    last
}

fn set<'a>(forms: impl Iterator<Item = &'a str>) -> RegexSet {
    RegexSet::new(forms.map(|form| format!("(?-u){form}"))).unwrap_or_else(|error| panic!("endings: {error}"))
}

/// Returns true if and only if the event cannot stand in the log of a run that went well.
fn decides(event: &Event) -> bool {
    let looks = |shape: Shape| event.look.head_shape.contains(shape as u32);
    let says = |word: Word| event.look.head_words.contains(word as u32);
    match event.role {
        Role::Generic => true,
        Role::Root if looks(Shape::CountBad) && says(Word::Failure) => {
            says(Word::Success) || sums_up(&event.message)
        }
        Role::Root => {
            looks(Shape::CiError)
                || looks(Shape::Cross)
                || matches!(event.kind, Kind::Sanitizer | Kind::Race) && event.class.is_some()
                || matches!(event.kind, Kind::Deadlock | Kind::Test | Kind::Silence | Kind::Kill)
                || matches!(event.kind, Kind::Crash | Kind::Exception | Kind::Assertion)
                    && event.frames.len() > 1
        }
        _ => false,
    }
}

/// Returns true if and only if the line is the summary of a test framework: `1 failed, 2 rerun in 1.66s`. That
/// a later session went well takes nothing back.
fn sums_up(message: &str) -> bool {
    static SUMMARY: OnceLock<Regex> = OnceLock::new();
    let summary = SUMMARY.get_or_init(|| {
        Regex::new(r"^=+ (?:\d+ \w+(?:, )?)+ in [\d.]+ ?s").unwrap_or_else(|error| panic!("summary: {error}"))
    });
    summary.is_match(message)
}

/// Lines with which a runner or a test framework closes a whole run that went well. The success of
/// one test or step says nothing of the run.
const ENDS: &[&str] = &[
    r"^PASS$",
    r"^ok  \t",
    r"BUILD SUCCESS(?:FUL)?\b",
    r"^test result: ok",
    r"^Job succeeded",
    r"^Post job cleanup|^Cleaning up orphan processes",
    r"Your build exited with 0",
    r"^OK(?: \(\d+ (?:tests?|assertions)|$| \(skipped)",
    r"^=+ (?:\d+ (?:passed|skipped|xfailed|xpassed|warnings?|deselected)(?:, )?)+ in [\d.]+",
    r"^100% tests passed",
    r"^\[  PASSED  \] \d+ tests?\.$",
    r"^All tests passed|^Tests:\s+(?:\d+ skipped, )?\d+ passed, \d+ total",
    r"^\s*\d+ passing \(",
    r"^\d+ examples?, 0 failures",
];

fn says_success(text: &[u8]) -> bool {
    static ENDINGS: OnceLock<RegexSet> = OnceLock::new();
    let endings = ENDINGS.get_or_init(|| set(ENDS.iter().copied()));
    endings.is_match(text.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(log: &str, expected: Ending) {
        let reader = Reader::guess(log.as_bytes());
        assert_eq!(ending(&Index::new(log.as_bytes()), &reader, &[]), expected, "{log}");
    }

    fn events(log: &str) -> Ending {
        let reader = Reader::guess(log.as_bytes());
        let index = Index::new(log.as_bytes());
        let events = super::super::assemble(&index, &reader);
        ending(&index, &reader, &events)
    }

    /// A test that prints the exception it expects.
    const EXPECTED: &str = "java.lang.IllegalStateException: just trying\n\tat acme.Ring.pop(Ring.java:31)\n\tat acme.RingTest.pops(RingTest.java:9)\n";

    #[test]
    fn what_the_ci_system_says_outweighs_what_tests_print() {
        let passed = [
            "Finished: SUCCESS\n",
            "Job succeeded\n",
            "Done. Your build exited with 0.\n",
            "[INFO] BUILD SUCCESS\n",
            "[taskcluster 2026-01-30T04:12:07.123Z] Successful task run with exit code: 0 completed in 9 seconds\n",
        ];
        for end in passed {
            assert_eq!(events(&format!("{EXPECTED}{end}")), Ending::Passed(4), "{end}");
        }
        let failed = ["Finished: FAILURE\n", "Finished: UNSTABLE\n", "Done. Your build exited with 1.\n"];
        for end in failed {
            assert!(matches!(events(&format!("{EXPECTED}{end}")), Ending::Failed(_)), "{end}");
            assert!(matches!(events(&format!("all is well\n{end}")), Ending::Failed(_)), "{end}");
        }
        assert_eq!(events(EXPECTED), Ending::Failed(1));
        let late = format!("[INFO] BUILD SUCCESS\n{EXPECTED}");
        assert_eq!(events(&late), Ending::Failed(2), "the success came before it");
    }

    #[test]
    fn a_session_that_failed_is_not_taken_back_by_a_later_one() {
        let log = |first: &str| {
            format!("===== {first} in 1.66s =====\nring: again\n===== 303 passed in 100.10s =====\n")
        };
        assert_eq!(events(&log("1 failed, 1107 deselected, 2 rerun")), Ending::Failed(1));
        assert_eq!(events(&log("7 skipped")), Ending::Passed(3));
        let told = log("1 failed").replacen("===== 1", "ring: 1", 1);
        assert_eq!(events(&told), Ending::Passed(3), "no summary");
    }

    #[test]
    fn a_job_of_github_fails_only_where_a_step_says_so() {
        let log = |step: &str| {
            let lines = [EXPECTED, step, "Post job cleanup.", "Cleaning up orphan processes"];
            let lines = lines.iter().flat_map(|text| text.lines());
            lines.map(|line| format!("2026-01-30T04:12:07.1234567Z {line}\n")).collect::<String>()
        };
        assert!(matches!(events(&log("3 rings pushed")), Ending::Passed(_)));
        assert!(matches!(events(&log("##[error]Process completed with exit code 1.")), Ending::Failed(_)));
    }

    #[test]
    fn a_plan_that_was_kept_to_its_last_test_passed() {
        check("TAP version 13\n1..2\nok 1 - push\n# 3 rings\nok 2 - pop\n", Ending::Passed(5));
        check("TAP version 13\n1..3\nok 1 - push\nok 2 - pop\n", Ending::Unknown);
        check("1..2\nnot ok 1 - push\nok 2 - pop\n", Ending::Unknown);
        check("ring: pushed\nPASS: every_ring\n", Ending::Passed(2));
        check("PASS: push\nring: popping\n", Ending::Unknown);
    }

    #[test]
    fn only_the_end_of_a_whole_run_says_that_it_passed() {
        check("test_ring PASSED [100%]\n", Ending::Unknown);
        check("test_ring PASSED\n===== 3 passed, 1 skipped in 0.12s =====\n", Ending::Passed(2));
        check("===== 1 failed, 3 passed in 0.12s =====\n", Ending::Unknown);
        check("[  PASSED  ] 3 tests.\n", Ending::Passed(1));
        check("test result: ok. 3 passed; 0 failed; 0 ignored\n", Ending::Passed(1));
    }
}
