//! Native crashes: a run of `#0 …` frames and the words before it.

use crate::facts::failures::{Block, Kind, Passage, Piece, Word};

use super::stack;

/// How far before the first frame the words may stand.
const HEAD: usize = 6;

/// Reads a stack whose first frame is number 0, with the nearest words before it that say why.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    if !starts_stack(pieces.text(at)) {
        return None;
    }
    let run = stack::run(pieces, at, 0).filter(|run| run.frames.len() >= 2)?;
    let before = (at.saturating_sub(HEAD)..at).rev().filter(|&position| pieces.told(position));
    let headline = before
        .clone()
        .find(|&position| pieces.holds(position, tells))
        .or_else(|| before.clone().next())
        .unwrap_or(at);
    let mut block = Block::new(Kind::Crash, headline.min(at), run.last, headline);
    if pieces.holds(headline, |piece| piece.says(Word::Assertion)) {
        block.kind = Kind::Assertion;
    }
    block.frames = run.frames;
    Some(block)
}

fn starts_stack(text: &[u8]) -> bool {
    text.trim_ascii_start()
        .strip_prefix(b"#0")
        .is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_whitespace))
}

fn tells(piece: &Piece<'_>) -> bool {
    [
        Word::Signal,
        Word::Fatal,
        Word::Assertion,
        Word::Abort,
        Word::Error,
        Word::Failure,
        Word::Exception,
        Word::Panic,
    ]
    .iter()
    .any(|word| piece.says(*word))
}
