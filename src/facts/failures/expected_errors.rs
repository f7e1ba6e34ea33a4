//! What a test printed that then passed: it did not mind.

use super::event::{Event, Kind};
use crate::facts::runners::{self, Stage, TestLine};
use crate::facts::test_results::TestLines;
use crate::text::lines::{Index, Line, clean};

/// Lines before and after an event in which its test is sought.
const REACH: u64 = 1000;

/// Kinds that are no test's to forgive.
const NEVER: [Kind; 6] =
    [Kind::Sanitizer, Kind::Race, Kind::Deadlock, Kind::Crash, Kind::Kill, Kind::Hardware];

/// Returns true if and only if a test began before the event and then passed, and no other line in between is about
/// a test. Of tests that run side by side nothing is known, and what sanitizers, the kernel and the hardware report
/// no test forgives: ThreadSanitizer lets the test pass and fails the process. Nor does a test forgive its own checks:
/// Firefox's harness says of a test that it is over, in the word for a good end, whatever it found.
pub fn tolerated(index: &Index<'_>, tests: &TestLines, event: &Event) -> bool {
    if !is_forgiven(event.kind) || is_verdict(index, event) {
        return false;
    }
    let (before, after) = (event.headline.saturating_sub(REACH), event.headline + REACH);
    let passed = tests.within(index, event.headline + 1, after).into_iter().find_map(test_line);
    passed.filter(|test| test.stage.is_pass()).is_some_and(|passed| {
        let lines = tests.within(index, before, event.headline.saturating_sub(1));
        let began = lines.into_iter().rev().find_map(test_line);
        began.is_some_and(|began| began.stage == Stage::Began && began.id == passed.id)
    })
}

/// Returns true if and only if a failure of this kind may be what a test provokes.
pub fn is_forgiven(kind: Kind) -> bool {
    !NEVER.contains(&kind)
}

/// Returns true if and only if the event begins with the verdict that a test failed.
fn is_verdict(index: &Index<'_>, event: &Event) -> bool {
    let lines = [event.first_line, event.headline].map(|number| index.line(number).and_then(test_line));
    lines.iter().flatten().any(|test| test.stage.is_failure())
}

/// Returns what a line as stored tells of a test.
pub fn test_line(line: Line<'_>) -> Option<TestLine> {
    runners::test_line(&clean(line.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble;
    use crate::text::records::Reader;

    /// Whether the first failure of a log was tolerated.
    fn is_tolerated(log: &str) -> bool {
        let index = Index::new(log.as_bytes());
        let events = assemble(&index, &Reader::default());
        tolerated(
            &index,
            &TestLines::of(&index),
            events.first().unwrap_or_else(|| panic!("{log}: nothing failed")),
        )
    }

    const TORN: &str = "error: the ring is torn\n";

    #[test]
    fn what_is_printed_in_a_test_that_passes_is_tolerated() {
        for (begins, passes) in [
            ("[ RUN      ] Ring.Pop", "[       OK ] Ring.Pop (3 ms)"),
            ("=== RUN   TestPop", "--- PASS: TestPop (0.03s)"),
            ("INFO - TEST-START | a.html", "INFO - TEST-OK | a.html | took 3ms"),
        ] {
            assert!(
                is_tolerated(&format!("{begins}\nring: pop\n{TORN}ring: popped\n{passes}\n")),
                "{begins}"
            );
            assert!(!is_tolerated(&format!("{begins}\n{passes}\n{TORN}")), "{begins}: after it");
            assert!(!is_tolerated(&format!("{TORN}{begins}\n{passes}\n")), "{begins}: before it");
        }
    }

    #[test]
    fn what_a_sanitizer_reports_no_test_forgives() {
        let race = "==================\nWARNING: ThreadSanitizer: data race (pid=7)\n  Write of size 4 at 0x1 by thread T1:\n    \
                    #0 ring::pop() ring.cpp:31 (ring+0x1)\n    #1 main main.cpp:9 (ring+0x2)\n\n\
                    SUMMARY: ThreadSanitizer: data race ring.cpp:31 in ring::pop()\n==================\n";
        let log = |inside: &str| format!("[ RUN      ] Ring.Pop\n{inside}[       OK ] Ring.Pop (3 ms)\n");
        assert!(!is_tolerated(&log(race)));
        assert!(is_tolerated(&log("ring: error 7\n")));
    }

    #[test]
    fn the_verdict_on_a_check_is_not_tolerated() {
        let log = |check: &str| format!("TEST-START | a.html\n{check}TEST-OK | a.html | took 3ms\n");
        assert!(!is_tolerated(&log("TEST-UNEXPECTED-FAIL | a.html | expected 3 but got 4\n")));
        assert!(is_tolerated(&log(TORN)));
    }

    #[test]
    fn of_a_failed_test_or_several_at_once_it_is_not() {
        let run = "[ RUN      ] Ring.Pop\n";
        for after in ["[  FAILED  ] Ring.Pop (3 ms)\n", "[       OK ] Ring.Push (3 ms)\n", "ring: popped\n"] {
            assert!(!is_tolerated(&format!("{run}{TORN}{after}")), "{after}");
        }
    }
}
