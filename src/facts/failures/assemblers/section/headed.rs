//! Reports below a line that names the test: of Minitest, Surefire, Common Test, .NET and the harnesses of Firefox.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::assemblers::{exception, python, regex, stack};
use crate::facts::failures::{Block, Kind, Passage, Piece};

/// Lines of one report of Minitest's.
const MINITEST: usize = 80;

/// `Failure:` or `Error:` alone, `RingTest#test_pop [ring_test.rb:31]:` below it, and the message up to a blank line.
pub fn minitest(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static NAME: OnceLock<Regex> = OnceLock::new();
    matches!(pieces.text(at).trim_ascii(), b"Failure:" | b"Error:").then_some(())?;
    let name = regex(&NAME, r"^(?P<test>[\w:]+#\S.*?)(?: \[\S+:\d+\])?:$");
    let captures = name.captures(pieces.get(at + 1)?.text().trim_ascii())?;
    let last = (at + 2..pieces.len())
        .take(MINITEST)
        .take_while(|&position| pieces.told(position))
        .last()
        .unwrap_or(at + 1);
    let headline = last.min(at + 2);
    let mut block = Block::new(Kind::Test, at, last, headline);
    block.class = python::exception_class(pieces.text(headline).trim_ascii());
    block.frames = stack::run(pieces.part(..=last), at + 2, 12).map(|run| run.frames).unwrap_or_default();
    block.test = Some(String::from_utf8_lossy(&captures["test"]).into_owned());
    Some(block)
}

/// `pops(acme.RingTest)  Time elapsed: 0.1 sec  <<< FAILURE!` and below it what was thrown.
pub fn verdict_above_trace(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static VERDICT: OnceLock<Regex> = OnceLock::new();
    let verdict = regex(&VERDICT, r"^(?:\[\w+\] +)?(?P<test>\S+).* <<< (?:FAILURE|ERROR)!$");
    let captures = verdict.captures(pieces.text(at).trim_ascii_end())?;
    let trace = exception::assemble(pieces, at + 1).filter(|trace| trace.first == at + 1)?;
    let test = String::from_utf8_lossy(&captures["test"]).into_owned();
    Some(Block { first: at, kind: Kind::Test, test: Some(test), ..trace })
}

/// Lines that tell more of a test after the line with its unexpected status.
const STATUS_DETAIL: usize = 3;

/// `TEST-UNEXPECTED-FAIL | path | words` and the few lines that tell more, as the harnesses of
/// Firefox and its kin print it.
pub fn status(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    let head = regex(&HEAD, r"\bTEST-UNEXPECTED-\w+ \| (?P<test>[^|]+?) \|");
    let captures = head.captures(Some(pieces.text(at)).filter(|text| head.is_match(text))?)?;
    let begins_test = |piece: &Piece<'_>| memchr::memmem::find(piece.text(), b"TEST-").is_some();
    let detail = pieces.part(at + 1..).iter().take(STATUS_DETAIL);
    let detail = detail.enumerate().take_while(|(place, piece)| *place == 0 || !begins_test(piece)).count();
    let mut block = Block::new(Kind::Test, at, at + detail, at);
    block.test = Some(String::from_utf8_lossy(&captures["test"]).into_owned());
    Some(block)
}

/// Lines of a reason at the most.
const REASON: usize = 20;

/// `ring_SUITE:pops failed on line 31` and `Reason: torn` below it, as Erlang's Common Test prints it.
pub fn case_failed(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    let head = regex(&HEAD, r"^(?P<test>\w+:\w+(?:/\d+)?) failed(?: on line \d+)?$");
    let captures = head.captures(pieces.text(at))?;
    let reason = at + 1;
    let says = pieces.get(reason)?.text().trim_ascii_start().starts_with(b"Reason: ");
    let more = pieces.iter().skip(reason + 1).take(REASON).take_while(|piece| piece.indent() > 0).count();
    let mut block = Block::new(Kind::Test, at, reason + more, reason);
    block.test = Some(String::from_utf8_lossy(&captures["test"]).into_owned());
    says.then_some(block)
}

/// Lines of one report of .NET.
const MESSAGE: usize = 80;

/// `  Failed Ring.Pops [12 ms]`, `Error Message:` below it, and what it says up to a blank line, as `dotnet test` prints it.
pub fn error_message(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    let announced = pieces.get(at + 1)?.text().trim_ascii() == b"Error Message:";
    let head = regex(&HEAD, r"^\s*(?:Failed|X) (?P<test>\S.*?)(?: \[[^\]]+\])?$");
    let captures = head.captures(Some(pieces.text(at)).filter(|_| announced)?)?;
    let headline = Some(at + 2).filter(|&position| pieces.told(position))?;
    let next = |piece: &Piece<'_>| {
        let word = piece.text().trim_ascii_start();
        [b"Passed ".as_slice(), b"Failed ", b"Skipped "].iter().any(|verdict| word.starts_with(verdict))
    };
    let goes_on = |position: &usize| pieces.told(*position) && !pieces.holds(*position, next);
    let last = (headline..pieces.len()).take(MESSAGE).take_while(goes_on).last()?;
    let mut block = Block::new(Kind::Test, at, last, headline);
    block.class = python::exception_class(pieces.text(headline).trim_ascii());
    block.frames = stack::run(pieces.part(..=last), headline, 40).map(|run| run.frames).unwrap_or_default();
    block.test = Some(String::from_utf8_lossy(&captures["test"]).into_owned());
    Some(block)
}
