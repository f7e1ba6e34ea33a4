//! Exceptions of languages whose trace follows the message: Java, JavaScript, C#, Ruby, PHP, Lua.

use crate::facts::failures::{Block, Kind, Passage, Piece, Shape, Word, is_aside};

use super::stack;

/// Lines that a message may take before its first frame.
const MESSAGE: usize = 6;

/// The title over a stack whose innermost frame stands last.
const OUTERMOST_FIRST: &[u8] = b"Traceback (most recent call last)";

/// Reads a message, its frames and the causes chained to it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let piece = pieces.get(at)?;
    if piece.is_blank()
        || piece.looks(Shape::Frame)
        || !(piece.looks(Shape::ExceptionHead) || followed_by_frame(pieces, at))
        || is_aside(piece.text())
    {
        return None;
    }
    let run = stack::run(pieces, at + 1, MESSAGE)?;
    if between(pieces, at, &run) {
        return None;
    }
    let above = at.checked_sub(1).filter(|&above| heads_stack(Some(piece)) && pieces.told(above));
    let at = above.unwrap_or(at);
    let (mut last, mut headline) = (run.last, at);
    while let Some((cause, end)) = chained(pieces, last) {
        last = end;
        headline = cause;
    }
    let mut block = Block::new(Kind::Exception, at, last, headline);
    block.frames = stack::run(pieces, headline + 1, MESSAGE).map(|run| run.frames).unwrap_or_default();
    if pieces.get(at + 1).is_some_and(|next| next.text().trim_ascii_start().starts_with(OUTERMOST_FIRST)) {
        block.frames.reverse();
    }
    block.class = class(&pieces.trimmed(headline));
    if block.class.as_deref().is_some_and(|class| class.contains("Assert")) || piece.says(Word::Assertion) {
        block.kind = Kind::Assertion;
    }
    Some(block)
}

/// Returns true if and only if a title of a stack stands there that says nothing itself, Lua's or PyTorch's: what went
/// wrong stands above it.
fn heads_stack(piece: Option<&Piece<'_>>) -> bool {
    let heads = |text: &[u8]| {
        text == b"stack traceback:"
            || text.starts_with(b"Exception raised from ") && text.ends_with(b"(most recent call first):")
    };
    piece.is_some_and(|piece| heads(piece.text().trim_ascii()))
}

/// A line of any words heads a run of two frames; over a single frame it needs words of failure.
fn followed_by_frame(pieces: &[Piece<'_>], at: usize) -> bool {
    let bad = [
        Word::Error,
        Word::Exception,
        Word::Failure,
        Word::Fatal,
        Word::Trace,
        Word::Assertion,
        Word::Abort,
        Word::Expectation,
        Word::Absence,
    ];
    let below = pieces.part(at + 1..).iter().skip(usize::from(heads_stack(pieces.get(at + 1))));
    let frames = below.take(2).take_while(|next| next.looks(Shape::Frame)).count();
    frames == 2 || frames == 1 && bad.iter().any(|word| pieces.holds(at, |piece| piece.says(*word)))
}

/// Returns true if and only if another message begins between the head and its first frame.
fn between(pieces: &[Piece<'_>], at: usize, run: &stack::Run) -> bool {
    let first_frame =
        (at + 1..=run.last).find(|&position| pieces.looks(position, Shape::Frame)).unwrap_or(run.last);
    pieces.part(at + 1..first_frame).iter().filter(|piece| piece.looks(Shape::ExceptionHead)).count() > 0
}

/// Returns the line of the next cause and where its frames end.
fn chained(pieces: &[Piece<'_>], last: usize) -> Option<(usize, usize)> {
    let cause = (last + 1..pieces.len().min(last + 3)).find(|&position| {
        let text = pieces.text(position).trim_ascii_start();
        text.starts_with(b"Caused by")
            || text.starts_with(b"[cause]")
            || text.starts_with(b"--- End of inner exception")
    })?;
    let end = stack::run(pieces, cause + 1, MESSAGE).map_or(cause, |run| run.last);
    Some((cause, end))
}

/// Returns the type's last name in `Caused by: org.acme.RingError: words`.
fn class(text: &str) -> Option<String> {
    let text = text
        .trim_start_matches("Caused by: ")
        .trim_start_matches("Uncaught ")
        .trim_start_matches("Unhandled exception. ");
    let word = text.split([':', ' ', '(']).next()?;
    let name = word.rsplit(['.', '\\', '/']).next()?;
    let typed = ["Error", "Exception", "Failure", "Fault"].iter().any(|end| name.ends_with(end));
    typed.then(|| name.to_owned())
}
