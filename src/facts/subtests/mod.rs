//! A test that failed only because parts of it did: the failures are those of its parts. And a bare verdict on a test: what
//! the test said last tells why.
//!
//! Go prints the verdicts on parts below that on the whole, indented, and TAP says that subtests failed. Where the whole
//! printed words of its own, as a failed check does, it is a failure, too.

mod lines;
mod report;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use lines::{failed, is_check};
use report::Log;

use super::failures::verdicts::Verdict;
use super::failures::{Event, Kind, Role, TakenBy};
use super::test_names::is_same;
use super::test_results::TestResults;
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Puts the failed parts of tests in the place of tests that failed only because of them, and notes these of the tests.
pub fn settle(index: &Index<'_>, reader: &Reader, events: &mut Vec<Event>, tests: &mut TestResults) {
    let log = Log { index, reader };
    let mut settled = Vec::with_capacity(events.len());
    for event in std::mem::take(events) {
        match event.test.clone().filter(|_| event.kind == Kind::Test) {
            // What TAP says of a suite: "2 subtests failed".
            Some(test) if event.role == Role::Context && event.taken_by == TakenBy::Tap => {
                note(tests, &test, event.last_line);
                settled.push(Event { test: None, ..event });
            }
            Some(test) => settled.extend(by_parts(&log, event, &test, tests)),
            None => settled.push(event),
        }
    }
    settled.sort_by_key(|event| (event.first_line, event.last_line));
    *events = settled;
}

/// Returns the failure of a test in the words of its last check, if it has no failed parts; else those of its parts.
fn by_parts(log: &Log<'_>, event: Event, test: &str, tests: &mut TestResults) -> Vec<Event> {
    let Some(mut report) = log.report(&event, test) else { return vec![event] };
    log.printed_before(tests, &event, test, &mut report);
    if !report.has_parts(test) {
        return vec![log.in_words(event, test, &report)];
    }
    report.wholes().for_each(|whole| note(tests, whole, event.last_line));
    let parts = report.parts().map(|(part, verdict)| log.failure(&event, part, &report, verdict));
    let mut failures: Vec<Event> = parts.collect();
    if report.has_words(test) {
        failures.push(log.in_words(event, test, &report));
    } else if let Some(first) = failures.first_mut() {
        note(tests, test, event.last_line);
        log.take_over(first, &event);
    }
    failures
}

/// Notes that the last test of this name up to a line failed only because of its parts.
fn note(tests: &mut TestResults, name: &str, last: u64) {
    let mut before = tests.ran.iter_mut().rev().filter(|test| test.name == name && test.line <= last);
    if let Some(test) = before.next() {
        test.only_by_parts = true;
    }
}

/// Returns the failed tests of a report that failed only because parts of them did: what they printed ends with the verdict
/// on themselves, and no check of theirs is in it.
pub fn wholes(verdicts: &[Verdict]) -> BTreeSet<String> {
    let failures = || verdicts.iter().filter(|verdict| verdict.is_failure());
    let names: BTreeSet<&str> = failures().filter_map(|verdict| verdict.test.as_deref()).collect();
    let has_parts = |name: &str| {
        let front = format!("{name}/");
        names.range(front.as_str()..).next().is_some_and(|next| next.starts_with(&front))
    };
    let judged = |verdict: &Verdict, name: &str| {
        verdict.text.lines().filter_map(failed).any(|test| is_same(&test, name))
    };
    let only = failures().filter_map(|verdict| {
        let name = verdict.test.as_deref().filter(|name| has_parts(name))?;
        (judged(verdict, name) && !verdict.text.lines().any(is_check)).then(|| name.to_owned())
    });
    only.collect()
}
