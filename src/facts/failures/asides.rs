//! Lines that hold words of failure and tell of none, and failures that the log itself takes back: they were ignored,
//! or another log was dumped after the verdict.

use std::sync::LazyLock;

use regex::bytes::Regex;
use serde::Deserialize;

use super::block::Block;
use super::event::{Report, Role};
use super::expected_errors::is_forgiven;
use super::line_view::Piece;
use crate::rules::Wordings;

const DATA: &str = include_str!("../../rules/asides.toml");

#[derive(Deserialize)]
struct Row {}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Returns true if and only if `text`, a cleaned line, is of a kind that tells of no failure whatever its words.
pub fn is_aside(text: &[u8]) -> bool {
    TABLE.matches(text).next().is_some()
}

/// Marks the failures of a passage that the log takes back.
pub fn take_back(pieces: &[Piece<'_>], blocks: &mut [Block]) {
    let tells = |block: &&mut Block| matches!(block.report, Report::Words | Report::Fault);
    for block in blocks.iter_mut().filter(tells) {
        let apart = block.role != Role::Generic
            && (comes_after_verdict(pieces, block) || suite_passed(pieces, block));
        if apart || was_ignored(pieces, block) {
            block.report = Report::Aside;
        }
    }
}

/// `...ignoring` of Ansible below it, `(ignored)` of make behind it.
fn was_ignored(pieces: &[Piece<'_>], block: &Block) -> bool {
    let below = pieces.iter().skip(block.last + 1).take(2).find(|piece| !piece.is_blank());
    let says = |piece: &Piece<'_>| piece.text().starts_with(b"...ignoring");
    let own = pieces.get(block.first..=block.last).unwrap_or_default();
    below.is_some_and(says) || own.iter().any(says) || {
        let head = pieces.get(block.headline).map(Piece::text).unwrap_or_default();
        head.trim_ascii_end().ends_with(b"(ignored)")
    }
}

/// What a suite printed whose summary counts no failure, it did not mind.
fn suite_passed(pieces: &[Piece<'_>], block: &Block) -> bool {
    static SUMMARY: LazyLock<Regex> = LazyLock::new(|| {
        let form = r"^Tests run: \d+, Failures: (?P<failures>\d+), Errors: (?P<errors>\d+)|^test result: (?P<result>ok|FAILED)\.|^OK \((?P<tests>\d+) tests?|^\d+ examples?, (?P<examples>\d+) failures?";
        Regex::new(&format!("(?-u){form}")).unwrap_or_else(|error| panic!("summaries of suites: {error}"))
    });
    if !is_forgiven(block.kind) || block.test.is_some() {
        return false;
    }
    let below = pieces.iter().skip(block.last + 1);
    below.filter_map(|piece| SUMMARY.captures(piece.text())).next().is_some_and(|found| {
        let bad = ["failures", "errors", "examples"].iter().filter_map(|name| found.name(name));
        let failed = found.name("result").is_some_and(|result| result.as_bytes() == b"FAILED");
        !failed && bad.into_iter().all(|count| count.as_bytes() == b"0")
    })
}

/// What stands behind a play's recap only collects what is left, until the next play begins.
fn comes_after_verdict(pieces: &[Piece<'_>], block: &Block) -> bool {
    let before = pieces.get(..block.first).unwrap_or_default();
    let starts = |piece: &&Piece<'_>, words: &[u8]| piece.text().starts_with(words);
    let last = before.iter().rev().find(|piece| starts(piece, b"PLAY RECAP ") || starts(piece, b"PLAY ["));
    last.is_some_and(|piece| starts(&piece, b"PLAY RECAP "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble;
    use crate::rules::check_lines;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    #[test]
    fn each_row_takes_its_lines_and_leaves_the_others() {
        check_lines(DATA, is_aside);
    }

    /// The headlines of a log's failures that count.
    fn counted(log: &str) -> Vec<u64> {
        let events = assemble(&Index::new(log.as_bytes()), &Reader::default());
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
    fn what_was_ignored_or_came_after_the_verdict_is_taken_back() {
        let ignored = "fatal: [ring]: FAILED! => {\"msg\": \"no answer\"}\n...ignoring\n\nerror: torn\n";
        assert_eq!(counted(ignored), [4]);
        let dumped = "error: torn\nPLAY RECAP ****\nring : ok=1 failed=1\n\nerror: old\n\nPLAY [again] ***\n\nerror: new\n";
        assert_eq!(counted(dumped), [1, 9]);
        assert_eq!(counted("make: [Makefile:3: clean] Error 1 (ignored)\n\nerror: torn\n"), [3]);
    }
}
