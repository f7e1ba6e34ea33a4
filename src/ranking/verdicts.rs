//! One failure told several times: in lines that only say that a test failed, and in a report that says why or where.

use std::collections::BTreeMap;

use super::ends::{Part, is_count, part};
use super::order::{Standing, TOLERATED, best};
use crate::facts::failures::{Event, Shape};
use crate::facts::runners::test_line;

/// The events that tell one failure, by their positions, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Retold {
    /// Those that only say that it failed, or that are told again in a report.
    pub verdicts: Vec<usize>,
    /// Those that say why or where.
    pub reports: Vec<usize>,
}

/// What events have in common that tell one failure.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Subject<'a> {
    Test(&'a str),
    Words(&'a str),
}

/// Returns the failures that are told both in verdicts and in reports.
pub fn retold(events: &[Event]) -> Vec<Retold> {
    let mut by_subject: BTreeMap<Subject<'_>, Retold> = BTreeMap::new();
    for (at, event) in events.iter().enumerate() {
        let specific = part(event) == Part::Specific;
        if let Some(test) = event.test.as_deref() {
            let told = by_subject.entry(Subject::Test(test)).or_default();
            if only_names_a_test(event) {
                told.verdicts.push(at);
            } else if specific {
                told.reports.push(at);
            }
        }
        let words = Subject::Words(words(event));
        if specific && is_marked_line(event) {
            by_subject.entry(words).or_default().verdicts.push(at);
        } else if let Some(told) = by_subject.get_mut(&words).filter(|_| specific) {
            told.reports.push(at);
        }
    }
    let mut all: Vec<Retold> = by_subject.into_values().filter(|told| !told.verdicts.is_empty()).collect();
    for told in all.iter_mut().filter(|told| told.reports.is_empty()) {
        told.reports = told.verdicts.iter().filter_map(|verdict| report_above(events, *verdict)).collect();
    }
    all.retain(|told| !told.reports.is_empty());
    all
}

/// Returns the report that ends right above a verdict and names no other test: many runners write first why and then what.
fn report_above(events: &[Event], verdict: usize) -> Option<usize> {
    let (above, verdict) = (verdict.checked_sub(1)?, events.get(verdict)?);
    let report = events.get(above).filter(|report| part(report) == Part::Specific)?;
    let names_another = report.test.is_some() && report.test != verdict.test;
    (report.lines_to(verdict) <= 1 && !names_another && !only_names_a_test(report)).then_some(above)
}

/// Lets the report of a failure pass before the lines that only say that the test failed, which are put behind all else:
/// one failure, not two. Measured 2026-11-28 on the logs of `order.rs`, cross-validated by project: hit@1 .857 without, .873 with
/// it.
pub fn report_before_verdict(events: &[Event], standings: &mut [Standing]) {
    for told in retold(events) {
        let Some(report) = best(told.reports.iter().map(|at| &standings[*at])) else { continue };
        let report = report.event;
        for verdict in told.verdicts {
            standings[report].score = standings[report].score.max(standings[verdict].score);
            standings[verdict].score -= TOLERATED;
        }
    }
}

/// Bytes of words below which they are no message of their own.
const SHORT: usize = 16;

/// Returns true if and only if the event is the one line that a test runner writes beside its mark of failure while the
/// tests run: `✗ pops, expected 3`. The report below the run says the same and where.
fn is_marked_line(event: &Event) -> bool {
    let marked = event.look.head_shape.contains(Shape::Cross as u32);
    marked && event.text.len() <= 1 && event.frames.is_empty() && words(event).len() >= SHORT
}

/// Returns the message without the marks in front.
fn words(event: &Event) -> &str {
    event.message.trim_start_matches(|letter: char| !letter.is_alphanumeric()).trim_end()
}

/// Returns true if and only if the event is a test runner's line on a test that failed, or the heading of its report, without
/// a word on why.
pub fn only_names_a_test(event: &Event) -> bool {
    let Some(test) = event.test.as_deref().filter(|_| event.class.is_none() && event.frames.is_empty())
    else {
        return false;
    };
    let name = test.rsplit([':', '/']).next().unwrap_or(test);
    let names = |line: &str| {
        let rest = line.split_once(test).or_else(|| line.split_once(name));
        rest.is_some_and(|(before, after)| is_count(&format!("{before} {after}")))
    };
    let verdict = |line: &String| test_line(line.as_bytes()).is_some() || names(line);
    names(&event.message) && event.text.iter().all(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;

    #[test]
    fn a_verdict_without_a_reason_is_told_from_a_report() {
        for (log, bare, why) in [
            ("test ring::pops ... FAILED\n", true, "cargo's verdict"),
            ("not ok 3 - pops\n", true, "a line of TAP"),
            (
                "tests/test_ring.py::test_pop ERROR\n\n____ ERROR at teardown of test_pop ____\n",
                true,
                "a heading",
            ),
            ("FAILED tests/test_ring.py::test_pop - RuntimeError: hang\n", false, "it says why"),
            ("thread 'ring::pops' panicked at ring.rs:3:1:\nthe ring is torn\n", false, "a report"),
        ] {
            assert_eq!(events_in(log).last().map(only_names_a_test), Some(bare), "{log}: {why}");
        }
    }

    #[test]
    fn a_verdict_is_told_again_by_its_report() {
        for (log, lines, why) in [
            (
                "  ✗ ringPopsInOrder, AssertTrue failed\n  ✓ ringPushes\n\nringPopsInOrder, AssertTrue failed\n",
                Some((1, 4)),
                "the same words without the mark",
            ),
            (
                "ringPopsInOrder, AssertTrue failed\n\n\n  ✗ ringPopsInOrder, AssertTrue failed\n",
                None,
                "a report stands below the run",
            ),
            (
                "  ✗ ringPopsInOrder, AssertTrue failed\n\n\nringPopsInTime, AssertTrue failed\n",
                None,
                "another failure",
            ),
            ("  ✗ torn failed\n\n\ntorn failed\n", None, "words too few to be a message"),
            (
                "    # ring_pops: EXPECTATION FAILED at ring.c:31\n    Expected head < tail, but\n    [FAILED] ring_pops\n",
                Some((3, 2)),
                "why stands right above",
            ),
            (
                "error: no rope\n\n\n    [FAILED] ring_pops\n",
                None,
                "what stands far above is of something else",
            ),
        ] {
            let events = events_in(log);
            let line = |at: Option<&usize>| at.and_then(|at| events.get(*at)).map(|event| event.headline);
            let told = retold(&events);
            let found =
                told.first().and_then(|told| line(told.verdicts.first()).zip(line(told.reports.first())));
            assert_eq!(found, lines, "{why}: {log}");
        }
    }
}
