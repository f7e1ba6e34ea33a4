//! pytest: a title between rules, and the traceback with its marks.

use std::sync::OnceLock;

use memchr::memmem::find;
use regex::bytes::Regex;

use crate::facts::failures::assemblers::{python, regex};
use crate::facts::failures::{Block, Frame, Kind, Passage, Piece, Shape};

/// Returns true if and only if the line is a test's title: on a narrow terminal with one mark or two at either side.
fn titles_test(piece: &Piece<'_>) -> bool {
    let text = piece.text().trim_ascii_end();
    // With such a rule tox heads what became of its environments.
    let is_test = || find(text, b"_ summary _").is_none();
    text.starts_with(b"___") && piece.looks(Shape::TitledRule) && is_test() || narrow_title(text).is_some()
}

/// Returns the title between one mark or two at either side.
fn narrow_title(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii_end();
    let between = |marks: &[u8]| text.strip_prefix(marks)?.strip_suffix(marks);
    let title = between(b"__").or_else(|| between(b"_"))?.strip_prefix(b" ")?.strip_suffix(b" ")?;
    let name = !title.contains(&b' ') && find(title, b"test").or_else(|| find(title, b"Test")).is_some();
    (name || title.starts_with(b"ERROR at ")).then_some(title)
}

/// `____ test_ring ____` up to the next rule.
pub fn pytest(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let text = pieces.text(at);
    pieces.holds(at, titles_test).then_some(())?;
    let closes = |piece: &Piece<'_>| {
        let rule = piece.looks(Shape::Rule) && !piece.text().starts_with(b"_ _");
        piece.looks(Shape::TitledRule) || rule || narrow_title(piece.text()).is_some()
    };
    let last = pieces.last_before(at, closes);
    let headline = (at..=last).find(|&position| pieces.looks(position, Shape::PytestError)).unwrap_or(at);
    let mut block = Block::new(Kind::Test, at, last, headline);
    let message = String::from_utf8_lossy(pieces.text(headline)).trim_start_matches("E ").trim().to_owned();
    block.class = python::exception_class(message.as_bytes());
    block.message = Some(message);
    block.test = Some(String::from_utf8_lossy(text).trim_matches(['_', ' ']).to_owned());
    block.frames = pytest_frames(pieces.part(at..=last));
    Some(block)
}

/// `path/test_ring.py:31: AssertionError`, innermost last.
fn pytest_frames(pieces: &[Piece<'_>]) -> Vec<Frame> {
    static PLACE: OnceLock<Regex> = OnceLock::new();
    let place =
        regex(&PLACE, r"^(?P<file>\S+\.py):(?P<line>\d+): (?:in (?P<function>\S+)|(?P<class>\w*)\s*$)");
    let mut frames: Vec<_> = pieces
        .iter()
        .filter_map(|piece| place.captures(piece.text()))
        .map(|captures| {
            let part =
                |name| captures.name(name).map(|part| String::from_utf8_lossy(part.as_bytes()).into_owned());
            Frame {
                function: part("function").unwrap_or_default(),
                file: part("file").unwrap_or_default(),
                line: part("line").and_then(|line| line.parse().ok()),
            }
        })
        .collect();
    frames.reverse();
    frames
}
