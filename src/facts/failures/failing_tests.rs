//! Which test a failure belongs to, where its own form does not name one.

use std::collections::BTreeSet;

use super::{Block, Event, Piece, Role};
use crate::facts::runners::{Stage, TestLine, test_line};

/// Lines below a failure in which the verdict on its test is sought.
const BELOW: usize = 8;

/// Names the tests of a passage's failures: by the verdict among their own lines, by the test that had begun and not
/// ended, or by the verdict right below.
pub fn name_tests(pieces: &[Piece<'_>], blocks: &mut [Block]) {
    if blocks.iter().all(|block| block.test.is_some()) {
        return;
    }
    let lines: Vec<(usize, TestLine)> =
        pieces.iter().enumerate().filter_map(|(at, piece)| Some((at, test_line(piece.text())?))).collect();
    if lines.is_empty() {
        return;
    }
    for block in blocks.iter_mut().filter(|block| block.test.is_none() && block.role != Role::Generic) {
        block.test = own(&lines, block).or_else(|| open(&lines, block)).or_else(|| below(&lines, block));
    }
}

/// The test on which the failure's own lines are the verdict.
fn own(lines: &[(usize, TestLine)], block: &Block) -> Option<String> {
    let inside = lines.iter().filter(|(at, _)| (block.first..=block.last).contains(at));
    let mut failed = inside.filter(|(_, test)| test.stage.is_failure());
    failed.next().map(|(_, test)| test.id.clone())
}

/// The test that began last before the failure, if nothing ended it before and it did not pass after.
fn open(lines: &[(usize, TestLine)], block: &Block) -> Option<String> {
    let before = lines.iter().rev().find(|(at, _)| *at < block.first)?;
    let (_, began) = Some(before).filter(|(_, test)| test.stage == Stage::Began)?;
    let later = lines.iter().find(|(at, _)| *at >= block.first);
    let fits = later.is_none_or(|(_, test)| test.id == began.id && test.stage.is_failure());
    fits.then(|| began.id.clone())
}

/// The test whose failed verdict stands right below.
fn below(lines: &[(usize, TestLine)], block: &Block) -> Option<String> {
    let (at, test) = lines.iter().find(|(at, _)| *at > block.last)?;
    let near = *at <= block.last + BELOW && matches!(test.stage, Stage::Ended(_));
    (near && test.stage.is_failure()).then(|| test.id.clone())
}

/// Lines before a verdict in which failures belong to the one test of the log that failed.
const FAR: u64 = 200;

/// Gives the failures that the same command printed before the verdict on the only test that failed the name of this test.
pub fn name_after_the_only_one(events: &mut [Event]) {
    let tests: BTreeSet<&String> = events.iter().filter_map(|event| event.test.as_ref()).collect();
    let Some(only) = tests.first().filter(|_| tests.len() == 1).map(|test| (*test).clone()) else { return };
    let Some(verdict) = events.iter().rfind(|event| event.test.is_some()) else { return };
    let (line, command) = (verdict.first_line, verdict.look.commands_before);
    let before = events.iter_mut().filter(|event| event.test.is_none() && event.role == Role::Root);
    let own = before.filter(|event| event.look.commands_before == command);
    for event in own.filter(|event| (1..=FAR).contains(&line.saturating_sub(event.first_line))) {
        event.test = Some(only.clone());
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::events_in;

    /// The tests of a log's failures, with the lines of these.
    fn tests(log: &str) -> Vec<(u64, Option<String>)> {
        let events = events_in(log);
        events.into_iter().map(|event| (event.headline, event.test)).collect()
    }

    fn named(line: u64, test: &str) -> (u64, Option<String>) {
        (line, Some(test.to_owned()))
    }

    #[test]
    fn a_failure_has_the_test_that_was_running() {
        let go = "--- FAIL: TestRing (0.41s)\n    ring_test.go:31: got 90, want 100\n";
        assert_eq!(tests(go), [named(1, "TestRing")]);
        let open = "[ RUN      ] Ring.Pop\nerror: the ring is torn\n[  FAILED  ] Ring.Pop (3 ms)\n";
        assert_eq!(tests(open)[0], named(2, "Ring.Pop"));
        let cut = "[ RUN      ] Ring.Pop\nerror: the ring is torn\n";
        assert_eq!(tests(cut), [named(2, "Ring.Pop")]);
    }

    #[test]
    fn a_failure_between_tests_or_of_one_that_passed_has_none() {
        let between = "[ RUN      ] Ring.Pop\n[       OK ] Ring.Pop (3 ms)\nerror: the ring is torn\n";
        assert_eq!(tests(between), [(3, None)]);
        let passed = "[ RUN      ] Ring.Pop\nerror: the ring is torn\n[       OK ] Ring.Pop (3 ms)\n";
        assert_eq!(tests(passed), [(2, None)]);
    }

    #[test]
    fn what_went_wrong_before_the_only_verdict_is_its_tests() {
        let log = "error: the device hangs\n\nring: reset\n\nFAILED tests/test_ring.py::test_pop[8] - RuntimeError: hang\n";
        assert_eq!(tests(log)[0], named(1, "tests/test_ring.py::test_pop[8]"));
        let another_command = log.replace("\nring: reset\n", "\n+ pytest tests\nring: reset\n");
        assert_eq!(
            tests(&another_command)[0],
            (1, None),
            "what is set up before the tests is none of theirs"
        );
        let two = format!("{log}\nFAILED tests/test_ring.py::test_push - RuntimeError: hang\n");
        assert_eq!(tests(&two)[0], (1, None));
    }
}
