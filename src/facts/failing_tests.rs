//! Every test that failed is among the failures of its log, whatever else is worth showing.

use std::collections::HashSet;

use super::failures::{Event, Kind, Role, TakenBy};
use super::test_names::is_same;
use super::test_results::{TestResult, TestResults};
use crate::text::lines::{Index, clean};

/// Tests of one log that are added at the most.
const MOST: usize = 500;

/// Returns the failures that are shown, then those of tests that failed and that none of these names; and how many
/// tests were left out.
pub fn with_failing_tests(
    index: &Index<'_>,
    events: &[Event],
    shown: &[usize],
    tests: &TestResults,
) -> (Vec<Event>, u64) {
    let mut failures: Vec<Event> = shown.iter().filter_map(|at| events.get(*at).cloned()).collect();
    // Most names are written alike, which a set tells at once however many there are.
    let known: HashSet<String> = failures.iter().filter_map(|event| event.test.clone()).collect();
    let mut left_out = 0;
    for (number, test) in tests.failed().enumerate() {
        if number >= MOST {
            left_out += 1;
            continue;
        }
        let names = |event: &Event| event.test.as_deref().is_some_and(|name| is_same(name, &test.name));
        if known.contains(&test.name) || failures.iter().any(names) {
            continue;
        }
        // The report of a failure says more than the line that sums it up.
        let longest = events.iter().filter(|event| names(event)).max_by_key(|event| {
            (
                event.role == Role::Root,
                event.last_line - event.first_line,
                std::cmp::Reverse(event.first_line),
            )
        });
        failures.push(longest.cloned().unwrap_or_else(|| alone(index, test)));
    }
    (failures, left_out)
}

/// Returns the failure of a test of which nothing but its verdict is told.
fn alone(index: &Index<'_>, test: &TestResult) -> Event {
    let line = index.line(test.line);
    let bytes = line.map_or(0..0, |line| line.start..line.end());
    let message = format!("{} failed", test.name);
    Event {
        test: Some(test.name.clone()),
        text: line.iter().map(|line| String::from_utf8_lossy(&clean(line.bytes)).into_owned()).collect(),
        ..Event::new(Kind::Test, TakenBy::Test, test.line..=test.line, bytes, message)
    }
}
