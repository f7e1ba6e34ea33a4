//! What else a log says went wrong, beside the failures that are told: for a reader who has room for more.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::failures::{Event, Report, Role, StepEnd};
use super::runners;
use crate::text::lines::{Index, Line, Literals};
use crate::text::masks::mask;
use crate::text::records::{BEGINS, Marker, Reader};

/// Mentions that are kept at the most.
const MOST: usize = 80;
/// Lines of one that are kept.
const LONGEST: u64 = 12;
/// Lines before the first failure in which the step is sought that it stands in.
const BACK: u64 = 5_000;
/// Lines below the beginning of a step that tell what it runs.
const COMMAND: u64 = 3;

/// Lines that are worth showing where there is room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// 1-based, inclusive.
    pub first: u64,
    pub last: u64,
    /// The line that tells it.
    pub telling: u64,
}

/// Returns what the first failure's step runs, then what went wrong and is not among the failures, each wording once:
/// that of steps that failed first, then what stands nearest to the first failure.
pub fn mentions(index: &Index<'_>, reader: &Reader, events: &[Event], shown: &[usize]) -> Vec<Mention> {
    let first = shown.first().and_then(|at| events.get(*at));
    let step = first.and_then(|first| step(index, reader, first.first_line));
    let listed: HashSet<usize> = shown.iter().copied().collect();
    let mut others: Vec<&Event> = events
        .iter()
        .enumerate()
        .filter(|(at, event)| !listed.contains(at) && is_informative(event))
        .map(|(_, event)| event)
        .collect();
    let near = first.map_or(0, |first| first.first_line);
    others.sort_by_key(|event| (order(event), event.first_line.abs_diff(near), event.first_line));
    let mut wordings: HashSet<String> = shown.iter().filter_map(|at| events.get(*at)).map(wording).collect();
    let others = alternate(
        others.iter().filter(|event| is_verdict(event)),
        others.iter().filter(|event| !is_verdict(event)),
    );
    let others = others.filter(|event| wordings.insert(wording(event))).map(|event| Mention {
        first: event.first_line,
        last: event.last_line.min(event.first_line.saturating_add(LONGEST)),
        telling: event.headline,
    });
    step.into_iter().chain(others).take(MOST).collect()
}

/// Returns true for the one line in which a test runner says that a test failed: it tells much in little room.
fn is_verdict(event: &Event) -> bool {
    event.text.len() == 1
        && runners::test_line(event.message.as_bytes()).is_some_and(|test| test.stage.is_failure())
}

/// Returns one of the first, then one of the second, as long as there are any.
fn alternate<T>(
    mut first: impl Iterator<Item = T>,
    mut second: impl Iterator<Item = T>,
) -> impl Iterator<Item = T> {
    std::iter::from_fn(move || match (first.next(), second.next()) {
        (None, None) => None,
        pair => Some(pair),
    })
    .flat_map(|(one, other)| [one, other])
    .flatten()
}

fn is_informative(event: &Event) -> bool {
    event.report != Report::Aside
        && matches!(event.role, Role::Root | Role::Cascade | Role::Generic)
        && !is_of_calm_test(event)
}

/// Returns true for a line that says only that a test began or passed, whatever the name of the test.
fn is_of_calm_test(event: &Event) -> bool {
    runners::test_line(event.message.as_bytes()).is_some_and(|test| !test.stage.is_failure())
}

fn order(event: &Event) -> u8 {
    match (event.look.step, event.role) {
        (StepEnd::Passed, _) => 3,
        (_, Role::Generic) => 2,
        (StepEnd::Failed, _) => 0,
        (StepEnd::Unknown, _) => 1,
    }
}

fn wording(event: &Event) -> String {
    mask(&event.message)
}

static SOUGHT: LazyLock<Literals> = LazyLock::new(|| Literals::new(&BEGINS));

/// Returns the lines in which the step begins that holds a line.
fn step(index: &Index<'_>, reader: &Reader, line: u64) -> Option<Mention> {
    let from = index.line(line.saturating_sub(BACK).max(1))?;
    let to = index.line(line)?;
    let marked: Vec<Line<'_>> = SOUGHT.lines(index, from.start as usize..to.end() as usize).collect();
    let begins = |line: &&Line<'_>| reader.parse(**line).marker == Some(Marker::Begin);
    let begin = marked.iter().rev().find(begins)?.number;
    Some(Mention { first: begin, last: (begin + COMMAND).min(line), telling: begin })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble;

    /// The lines that tell what is mentioned beside the first event of a log.
    fn telling(log: &str) -> Vec<u64> {
        let (index, reader) = (Index::new(log.as_bytes()), Reader::guess(log.as_bytes()));
        let events = assemble(&index, &reader);
        mentions(&index, &reader, &events, &[0]).iter().map(|mention| mention.telling).collect()
    }

    #[test]
    fn other_failures_are_mentioned_once_the_nearest_first() {
        let calm = "ring holds 3 values\n\n".repeat(20);
        let log =
            format!("error: ring torn\n\n{calm}error: link 3 lost\n\n{calm}error: link 4 lost\n\n{calm}");
        assert_eq!(telling(&log), [43], "the same words are mentioned once");
        assert!(telling("error: ring torn\n").is_empty(), "the failure itself is told");
    }

    #[test]
    fn a_test_that_passed_is_not_mentioned_whatever_its_name() {
        let calm = "ring holds 3 values\n\n".repeat(20);
        let other = |line: &str| telling(&format!("error: ring torn\n\n{calm}{line}\n\n{calm}"));
        assert_eq!(other("tests/test_ring.py::test_error_is_fatal FAILED"), [43]);
        assert!(other("tests/test_ring.py::test_error_is_fatal PASSED").is_empty());
    }

    #[test]
    fn the_step_that_failed_is_mentioned_first() {
        let calm = "ring holds 3 values\n".repeat(20);
        let log =
            format!("##[group]Run make test\nmake test\n##[endgroup]\n{calm}\nerror: ring torn\n\n{calm}");
        assert_eq!(telling(&log), [1]);
    }
}
