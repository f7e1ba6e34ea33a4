//! Items of a list of failed tests: numbered, as mocha, RSpec and PHPUnit print them, or behind a mark, as Jest does.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::assemblers::{regex, stack};
use crate::facts::failures::{Block, Kind, Passage, Piece, Shape};
use crate::facts::runners::test_line;

use super::tells;

/// `  1) suite\n  test:\n  Error: …` up to the next number, with mocha, RSpec and PHPUnit.
pub fn numbered(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    static NUMBER: OnceLock<Regex> = OnceLock::new();
    let number = regex(&NUMBER, r"^\s{0,4}\d+\) ");
    let text = pieces.text(at);
    if !text.trim_ascii_start().first().is_some_and(u8::is_ascii_digit) || !number.is_match(text) {
        return None;
    }
    let end = (at + 1..pieces.len())
        .take_while(|&position| !number.is_match(pieces.text(position)) && continues(pieces, at, position))
        .last()?;
    let last = pieces.last_told(at, end);
    if pends(pieces, at, last) {
        return None;
    }
    let run = stack::run(pieces.part(..=last), at + 1, 12);
    let tells_most = || (at + 1..=last).find(|&position| pieces.holds(position, tells));
    let placed = || (at + 1..=last).any(|position| pieces.looks(position, Shape::FileLine));
    let headline = tells_most().or_else(|| placed().then_some(at + 1))?;
    let mut block = Block::new(Kind::Test, at, last, headline);
    block.frames = run.map(|run| run.frames).unwrap_or_default();
    block.test = Some(
        nested(pieces, at, headline).unwrap_or_else(|| pieces.get(at).map(unnumbered).unwrap_or_default()),
    );
    Some(block)
}

/// `  ● suite › test` and what stands indented below it, as Jest prints it.
pub fn marked(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let name = pieces.text(at).trim_ascii().strip_prefix("● ".as_bytes())?;
    memchr::memmem::find(name, " › ".as_bytes())?;
    let inside = |position: &usize| {
        let below = pieces.get(*position);
        below.is_some_and(|piece| piece.is_blank() || piece.indent() > pieces.indent(at))
    };
    let end = (at + 1..pieces.len()).take_while(inside).last()?;
    let last = pieces.last_told(at, end);
    let headline = (at + 1..=last).find(|&position| pieces.told(position))?;
    let mut block = Block::new(Kind::Test, at, last, headline);
    block.frames = stack::run(pieces.part(..=last), at + 1, 12).map(|run| run.frames).unwrap_or_default();
    block.test = Some(String::from_utf8_lossy(name).into_owned());
    Some(block)
}

/// Returns true if and only if nothing stands below an item but remarks: RSpec did not run the example and says why and
/// where it stands. Of a failure it says more.
fn pends(pieces: &[Piece<'_>], at: usize, last: usize) -> bool {
    let below = pieces.get(at + 1..=last).unwrap_or_default();
    let mut told = below.iter().filter(|piece| !piece.is_blank()).peekable();
    told.peek().is_some() && told.all(|piece| piece.text().trim_ascii_start().starts_with(b"# "))
}

/// Returns the name of a test that mocha writes with a line for each suite, the last one with a colon.
fn nested(pieces: &[Piece<'_>], at: usize, headline: usize) -> Option<String> {
    const MOST_SUITES: usize = 8;
    let lines = pieces.get(at + 1..headline)?.iter().take(MOST_SUITES).take_while(|piece| !piece.is_blank());
    let mut lines: Vec<String> = lines.take_while(|piece| piece.indent() > 4).map(Piece::trimmed).collect();
    let last = lines.iter().position(|line| line.ends_with(':'))?;
    lines.truncate(last + 1);
    lines.insert(0, pieces.trimmed(at).split_once(") ")?.1.to_owned());
    Some(lines.join(" ").trim_end_matches(':').to_owned())
}

/// A numbered item goes on over blank lines as long as indented or tell-tale lines follow.
fn continues(pieces: &[Piece<'_>], at: usize, position: usize) -> bool {
    let Some(piece) = pieces.get(position) else { return false };
    let blanks = pieces.part(at..position).iter().rev().take_while(|before| before.is_blank()).count();
    if piece.is_blank() {
        return blanks < 2;
    }
    piece.indent() > 0 || piece.looks(Shape::Frame) || piece.looks(Shape::FileLineStart) || blanks == 0
}

/// Returns the name of a test without the number that it has in the list of this run.
fn unnumbered(piece: &Piece<'_>) -> String {
    let named = test_line(piece.text()).filter(|test| test.stage.is_failure()).map(|test| test.id);
    let rest = |text: String| text.split_once(") ").map_or(text.clone(), |(_, name)| name.to_owned());
    named.unwrap_or_else(|| rest(piece.trimmed()))
}
