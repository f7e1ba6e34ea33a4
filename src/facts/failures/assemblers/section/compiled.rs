//! Reports of tests in Rust, C++ and Go: of cargo, GoogleTest, Catch2 and testify.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::assemblers::{regex, rust};
use crate::facts::failures::compared::compared;
use crate::facts::failures::{Block, Kind, Passage, Piece};

use super::tells;

/// `---- suite::test stdout ----` up to the next.
pub fn cargo(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    let head = regex(&HEAD, r"^---- (?P<test>.+) stdout ----$");
    let text = Some(pieces.text(at)).filter(|text| text.starts_with(b"---- "))?;
    let captures = head.captures(text)?;
    let closes = |piece: &Piece<'_>| head.is_match(piece.text()) || piece.text() == b"failures:";
    let last = pieces.last_before(at, closes);
    let panic = (at + 1..=last).find_map(|position| rust::assemble(pieces.part(..=last), position));
    let says = || (at + 1..=last).find(|&position| pieces.holds(position, tells)).unwrap_or(at);
    let mut block =
        Block::new(Kind::Test, at, last, panic.as_ref().map_or_else(says, |panic| panic.headline));
    block.class = panic.as_ref().and_then(|panic| panic.class.clone());
    block.frames = panic.map(|panic| panic.frames).unwrap_or_default();
    block.test = Some(String::from_utf8_lossy(&captures["test"]).into_owned());
    Some(block)
}

/// Lines above a failed check in which Catch2 names the test, and lines that it takes.
const ABOVE: usize = 60;
const CHECK: usize = 40;

/// `ring.cpp:14: FAILED:` up to a blank line, with the test that stands between two rules above it.
pub fn catch2(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let place = pieces.text(at).trim_ascii_end().strip_suffix(b": FAILED:")?;
    memchr::memrchr2(b':', b'(', place)?;
    let rule = |position: &usize| {
        let text = pieces.text(*position).trim_ascii_end();
        text.len() > 40 && text.iter().all(|byte| *byte == b'-')
    };
    let mut rules = (at.saturating_sub(ABOVE)..at).rev().filter(rule);
    let (below, above) = (rules.next(), rules.next());
    let last = (at + 1..pieces.len()).take(CHECK).take_while(|&position| pieces.told(position)).last()?;
    let mut block = Block::new(Kind::Test, at, last, at + 1);
    block.frames = pieces.get(at).and_then(Piece::frame).into_iter().collect();
    block.test = above.zip(below).map(|(above, below)| {
        let names = (above + 1..below).map(|position| pieces.trimmed(position));
        names.collect::<Vec<_>>().join(" / ")
    });
    Some(block)
}

/// `file.cc:12: Failure` up to `[  FAILED  ] Suite.Test (3 ms)`.
pub fn gtest(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    static END: OnceLock<Regex> = OnceLock::new();
    let head = regex(
        &HEAD,
        r"^(?P<file>\S+)(?::|\()(?P<line>\d+)\)?: (?:Failure|error: )$|^(?P<file2>\S+):(?P<line2>\d+): Failure",
    );
    let end = regex(&END, r"^\[  FAILED  \] (?P<test>\S+)");
    if !head.is_match(pieces.text(at)) {
        return None;
    }
    let mut last = at;
    for (position, piece) in pieces.iter().enumerate().skip(at + 1).take(60) {
        if head.is_match(piece.text()) || piece.text().starts_with(b"[ RUN") {
            break;
        }
        if let Some(captures) = end.captures(piece.text()) {
            let mut block = gtest_block(pieces, at, position);
            block.test = Some(String::from_utf8_lossy(&captures["test"]).trim_end_matches(',').to_owned());
            return Some(block);
        }
        if !piece.is_blank() {
            last = position;
        }
    }
    Some(gtest_block(pieces, at, last.min(at + 8)))
}

fn gtest_block(pieces: &[Piece<'_>], at: usize, last: usize) -> Block {
    let headline = (at + 1..=last).find(|&position| pieces.told(position)).unwrap_or(at);
    let mut block = Block::new(Kind::Test, at, last, headline);
    block.frames = pieces.get(at).and_then(Piece::frame).into_iter().collect();
    let below =
        pieces.part(..=last).iter().skip(headline + 1).map(|piece| String::from_utf8_lossy(piece.text()));
    block.message = Some(compared(&pieces.trimmed(headline), below));
    block
}

/// Lines of one report of testify's.
const TESTIFY: usize = 40;

/// `Error Trace:` and below it, in columns, the error, the test and the caller's own words.
pub fn testify(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let trace = pieces.text(at).trim_ascii_start();
    trace.starts_with(b"Error Trace:").then_some(())?;
    let field = |position: usize, name: &[u8]| {
        let rest = pieces.get(position)?.text().trim_ascii_start().strip_prefix(name)?;
        Some(String::from_utf8_lossy(rest).trim().to_owned()).filter(|words| !words.is_empty())
    };
    let indented = |position: &usize| pieces.indent(*position) > 0;
    let last = (at + 1..pieces.len()).take(TESTIFY).take_while(indented).last()?;
    let (headline, message) = (at + 1..=last).find_map(|line| Some((line, field(line, b"Error:")?)))?;
    let mut block = Block::new(Kind::Assertion, at, last, headline);
    block.message = Some(match (at + 1..=last).find_map(|line| field(line, b"Messages:")) {
        Some(words) => format!("{message}: {words}"),
        None => message,
    });
    block.test = (at + 1..=last).find_map(|line| field(line, b"Test:"));
    Some(block)
}
