//! Failures that the log itself takes back: they were ignored, the suite that printed them passed, or another log was
//! dumped after the verdict. The lines that say so are the rows of `taken_back.toml`.

use std::cell::LazyCell;
use std::sync::LazyLock;

use regex::bytes::Captures;
use serde::Deserialize;

use super::expected_errors::is_forgiven;
use super::{Block, Piece, Report, Role, Shape};
use crate::rules::{Embedded, Wordings, table};

const DATA: Embedded = table!("taken_back");

/// Lines below a launcher's word that what follows is its cleaning up.
const CLEANUP: usize = 30;

/// Lines from a command to what it printed at the most.
const COMMAND: usize = 8;

/// What a line says of the failures round it; the table explains each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Meaning {
    CleansUp,
    Ignored,
    HeadIgnored,
    Tolerated,
    Suite,
    Opened,
    Closed,
}

#[derive(Deserialize)]
struct Row {
    means: Meaning,
}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// A line of a passage that a row reads.
struct Statement {
    /// The line's place in the passage.
    at: usize,
    means: Meaning,
    /// True if a failure is counted in it.
    failed: bool,
}

/// Marks the failures of a passage that the log takes back.
pub fn take_back(pieces: &[Piece<'_>], blocks: &mut [Block]) {
    // Read once for all blocks, of which there may be very many.
    let statements = LazyCell::new(|| Statements::of(pieces));
    let tells = |block: &&mut Block| matches!(block.report, Report::Words | Report::Fault);
    for block in blocks.iter_mut().filter(tells) {
        let forgiven = || is_forgiven(block.kind) && block.test.is_none() && statements.suite_passed(block);
        let specific = block.role != Role::Generic;
        if specific && (statements.closed_above(block) || forgiven())
            || statements.ignore(pieces, block)
            || statements.tolerate(pieces, block)
            || statements.clean_up(block)
        {
            block.report = Report::Aside;
        }
    }
}

/// The statements of a passage, in order.
struct Statements(Vec<Statement>);

impl Statements {
    fn of(pieces: &[Piece<'_>]) -> Self {
        let read = |(at, piece): (usize, &Piece<'_>)| {
            let (_, row, captures) = TABLE.matches(piece.text()).next()?;
            Some(Statement { at, means: row.means, failed: tells_failure(&captures) })
        };
        Self(pieces.iter().enumerate().filter_map(read).collect())
    }

    /// Returns the statements in these lines of the passage.
    fn within(&self, lines: std::ops::Range<usize>) -> &[Statement] {
        let [first, end] = [lines.start, lines.end].map(|line| self.0.partition_point(|one| one.at < line));
        self.0.get(first..end).unwrap_or_default()
    }

    /// What a suite printed whose summary counts no failure, it did not mind.
    fn suite_passed(&self, block: &Block) -> bool {
        let mut below = self.within(block.last + 1..usize::MAX).iter();
        below.find(|one| one.means == Meaning::Suite).is_some_and(|suite| !suite.failed)
    }

    /// What stands behind the verdict of a report only collects what is left, until the next report begins.
    fn closed_above(&self, block: &Block) -> bool {
        let mut above = self.within(0..block.first).iter().rev();
        let bound = above.find(|one| matches!(one.means, Meaning::Opened | Meaning::Closed));
        bound.is_some_and(|bound| bound.means == Meaning::Closed)
    }

    fn ignore(&self, pieces: &[Piece<'_>], block: &Block) -> bool {
        let below = (block.last + 1..pieces.len())
            .take(2)
            .find(|&at| pieces.get(at).is_some_and(|piece| !piece.is_blank()));
        let says = |lines, means| self.within(lines).iter().any(|one| one.means == means);
        says(block.first..block.last + 1, Meaning::Ignored)
            || below.is_some_and(|at| says(at..at + 1, Meaning::Ignored))
            || says(block.headline..block.headline + 1, Meaning::HeadIgnored)
    }

    /// What a command printed that was the last before the block began.
    fn tolerate(&self, pieces: &[Piece<'_>], block: &Block) -> bool {
        let near = block.first.saturating_sub(COMMAND)..block.first;
        let above = self.within(near).iter().rev().find(|one| one.means == Meaning::Tolerated);
        let last = |one: &Statement| {
            let between = pieces.get(one.at + 1..block.first).unwrap_or_default();
            !between.iter().any(|piece| piece.looks(Shape::Command))
        };
        above.is_some_and(last) && block.role == Role::Root
    }

    fn clean_up(&self, block: &Block) -> bool {
        let above = self.within(block.first.saturating_sub(CLEANUP)..block.first);
        above.iter().any(|one| one.means == Meaning::CleansUp)
    }
}

/// Groups that count failures; a pattern has those that it needs.
const COUNTS: [&str; 2] = ["bad", "bad2"];

/// Returns true if and only if what was captured is a word for a failure or a count above zero.
fn tells_failure(captures: &Captures<'_>) -> bool {
    let above_zero = |name: &str| {
        captures.name(name).is_some_and(|count| count.as_bytes().iter().any(|digit| *digit != b'0'))
    };
    captures.name("fail").is_some() || COUNTS.iter().copied().any(above_zero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;
    use crate::rules::check_lines;

    #[test]
    fn each_row_takes_its_lines_and_leaves_the_others() {
        check_lines(DATA, |text| TABLE.fitting(text).next().is_some());
    }

    /// The headlines of a log's failures that count.
    fn counted(log: &str) -> Vec<u64> {
        let events = events_in(log);
        events.iter().filter(|event| event.report != Report::Aside).map(|event| event.headline).collect()
    }

    #[test]
    fn what_a_suite_that_passed_printed_is_taken_back() {
        let log = |failures: &str| {
            format!("RingError: torn\n\nTests run: 9, Failures: {failures}, Errors: 0\n\nerror: late\n")
        };
        assert_eq!(counted(&log("0")), [5]);
        assert_eq!(counted(&log("1")).first(), Some(&1));
    }

    #[test]
    fn what_a_command_printed_that_may_fail_is_taken_back_up_to_the_next_command() {
        for (command, expected) in [("$ cat ring.log || true", vec![6]), ("$ cat ring.log", vec![2, 6])] {
            let log = format!("{command}\nerror: no ring.log\n\n$ make\n\nerror: torn\n");
            assert_eq!(counted(&log), expected, "{command}");
        }
    }

    #[test]
    fn what_a_launcher_says_while_it_cleans_up_is_taken_back() {
        let log = |word: &str| {
            format!(
                "=   EXIT CODE: 9\n=   {word}\n\n[proxy:0:0@ring] main (pmip.c:210): assert (!closed) failed\n"
            )
        };
        assert_eq!(
            counted(&log("YOU CAN IGNORE THE BELOW CLEANUP MESSAGES"))
                .iter()
                .filter(|line| **line == 4)
                .count(),
            0
        );
        assert_eq!(counted(&log("CLOSED")).iter().filter(|line| **line == 4).count(), 1);
    }

    #[test]
    fn what_was_ignored_or_came_after_the_verdict_is_taken_back() {
        let ignored = "fatal: [ring]: FAILED! => {\"msg\": \"no answer\"}\n...ignoring\n\nerror: torn\n";
        assert_eq!(counted(ignored), [4]);
        let dumped = "error: torn\nPLAY RECAP ****\nring : ok=1 failed=1\n\nerror: old\n\nPLAY [again] ***\n\nerror: new\n";
        assert_eq!(counted(dumped), [1, 9]);
        assert_eq!(counted("make: [Makefile:3: clean] Error 1 (ignored)\n\nerror: torn\n"), [3]);
    }
}
