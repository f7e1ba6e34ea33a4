//! unittest: the verdict with the test, a rule, and the traceback.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::assemblers::{python, regex};
use crate::facts::failures::{Block, Passage, Piece, Shape};

/// Returns the test of `FAIL: test_ring (suite.Case)` and of `ERROR [0.108s]: test_ring (suite.Case)`. The word may
/// have been taken for a level.
fn unittest_name(pieces: &[Piece<'_>], at: usize) -> Option<String> {
    static NAME: OnceLock<Regex> = OnceLock::new();
    let form = r"^(?:(?:FAIL|ERROR)(?: ?\[[\d.]+s\])?: |\[[\d.]+s\]: )(?P<test>\S.*)$";
    let found = regex(&NAME, form).captures(pieces.text(at))?;
    Some(String::from_utf8_lossy(&found["test"]).trim().to_owned())
}

/// The same from the traceback on, where the title has no word of failure left.
pub fn unittest_below(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let title = at.checked_sub(2).filter(|title| pieces.looks(title + 1, Shape::Rule))?;
    let test = unittest_name(pieces, title)?;
    let trace = python::assemble(pieces, at)?;
    Some(Block { first: title, test: Some(test), ..trace })
}

/// `FAIL: test_ring (suite.Case)`, a rule, and the traceback.
pub fn unittest(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let test = unittest_name(pieces, at)?;
    pieces.get(at + 1).filter(|next| next.looks(Shape::Rule))?;
    let trace = (at + 2..pieces.len()).take(2).find_map(|position| python::assemble(pieces, position))?;
    Some(Block { first: at, test: Some(test), ..trace })
}
