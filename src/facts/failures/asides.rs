//! Lines that hold words of failure and tell of none, and failures that the log itself takes back: they were ignored,
//! or another log was dumped after the verdict.

use std::cell::LazyCell;
use std::sync::LazyLock;

use regex::bytes::Regex;
use serde::Deserialize;

use super::block::Block;
use super::event::{Report, Role};
use super::expected_errors::is_forgiven;
use super::line_view::Piece;
use super::markup::only_tags;
use super::zero_counts::only_zeros;
use crate::rules::Wordings;

const DATA: &str = include_str!("../../rules/asides.toml");

#[derive(Deserialize)]
struct Row {}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Returns true if and only if `text`, a cleaned line, is of a kind that tells of no failure whatever its words.
pub fn is_aside(text: &[u8]) -> bool {
    TABLE.matches(text).next().is_some() || only_zeros(text) || only_tags(text)
}

/// Marks the failures of a passage that the log takes back.
pub fn take_back(pieces: &[Piece<'_>], blocks: &mut [Block]) {
    let tells = |block: &&mut Block| matches!(block.report, Report::Words | Report::Fault);
    // Sought once for all blocks, of which there may be very many.
    let (plays, suites) = (LazyCell::new(|| plays(pieces)), LazyCell::new(|| suites(pieces)));
    for block in blocks.iter_mut().filter(tells) {
        let apart = block.role != Role::Generic
            && (comes_after_verdict(&plays, block) || may_be_forgiven(block) && suite_passed(&suites, block));
        if apart || was_ignored(pieces, block) || cleans_up(pieces, block) {
            block.report = Report::Aside;
        }
    }
}

/// Lines below a launcher's word that what follows is its cleaning up.
const CLEANUP: usize = 30;

/// What MPICH's launcher prints below its own report of how a process ended.
fn cleans_up(pieces: &[Piece<'_>], block: &Block) -> bool {
    let above = pieces.get(block.first.saturating_sub(CLEANUP)..block.first).unwrap_or_default();
    above.iter().any(|piece| memchr::memmem::find(piece.text(), b"IGNORE THE BELOW CLEANUP").is_some())
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

/// Pieces of a passage that say how something ended, in order, and what they say.
type Said = Vec<(usize, bool)>;

/// Returns the summaries of suites, each with whether it counts no failure.
fn suites(pieces: &[Piece<'_>]) -> Said {
    static SUMMARY: LazyLock<Regex> = LazyLock::new(|| {
        let form = r"^Tests run: \d+, Failures: (?P<failures>\d+), Errors: (?P<errors>\d+)|^test result: (?P<result>ok|FAILED)\.|^OK \((?P<tests>\d+) tests?|^\d+ examples?, (?P<examples>\d+) failures?";
        Regex::new(&format!("(?-u){form}")).unwrap_or_else(|error| panic!("summaries of suites: {error}"))
    });
    let said = |(at, piece): (usize, &Piece<'_>)| {
        let found = SUMMARY.captures(piece.text())?;
        let mut bad = ["failures", "errors", "examples"].iter().filter_map(|name| found.name(name));
        let failed = found.name("result").is_some_and(|result| result.as_bytes() == b"FAILED");
        Some((at, !failed && bad.all(|count| count.as_bytes() == b"0")))
    };
    pieces.iter().enumerate().filter_map(said).collect()
}

fn may_be_forgiven(block: &Block) -> bool {
    is_forgiven(block.kind) && block.test.is_none()
}

/// What a suite printed whose summary counts no failure, it did not mind.
fn suite_passed(suites: &Said, block: &Block) -> bool {
    suites.get(suites.partition_point(|(at, _)| *at <= block.last)).is_some_and(|(_, passed)| *passed)
}

/// Returns the beginnings and the recaps of Ansible's plays, each with whether it is a recap.
fn plays(pieces: &[Piece<'_>]) -> Said {
    let said = |(at, piece): (usize, &Piece<'_>)| {
        let text = piece.text();
        let is_recap = text.starts_with(b"PLAY RECAP ");
        (is_recap || text.starts_with(b"PLAY [")).then_some((at, is_recap))
    };
    pieces.iter().enumerate().filter_map(said).collect()
}

/// What stands behind a play's recap only collects what is left, until the next play begins.
fn comes_after_verdict(plays: &Said, block: &Block) -> bool {
    let before = plays.partition_point(|(at, _)| *at < block.first).checked_sub(1);
    before.and_then(|last| plays.get(last)).is_some_and(|(_, is_recap)| *is_recap)
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
