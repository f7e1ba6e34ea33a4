//! Anything else that says something went wrong: a line and what is plainly attached to it.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::block::Block;
use crate::facts::failures::event::{Kind, Role};
use crate::facts::failures::harmless::is_harmless;
use crate::facts::failures::line_view::Piece;
use crate::facts::failures::set::Set;
use crate::facts::failures::shapes::Shape;
use crate::facts::failures::vocabulary::{WRONG, Word, skips};
use crate::text::records::Level;

use super::conclusions::{Conclusion, conclusion};
use super::regex;

/// Lines that one paragraph may have.
const LONGEST: usize = 30;

/// Reads a line with words of failure and the lines attached to it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let piece = &pieces[at];
    if piece.is_blank() || !telling(piece) {
        return None;
    }
    let mut last = at;
    for (position, next) in pieces.iter().enumerate().skip(at + 1).take(LONGEST) {
        let goes_on = attached(&pieces[at], next)
            || next.is_blank()
                && pieces.get(position + 1).is_some_and(|after| {
                    after.looks(Shape::Diff) || after.looks(Shape::Expectation) || after.looks(Shape::Caret)
                });
        if !goes_on {
            break;
        }
        last = position;
    }
    let last = (at..=last).rev().find(|&position| !pieces[position].is_blank()).unwrap_or(at);
    let mut block = Block::new(kind(piece), at, last, at);
    block.role = role(piece);
    Some(block)
}

/// Returns true if and only if the line says that something went wrong, or how a step ended.
pub fn telling(piece: &Piece<'_>) -> bool {
    alarming(piece) || piece.looks(Shape::Terminator) || piece.looks(Shape::StepPassed)
}

/// Returns true if and only if the words of the line say that something went wrong.
pub fn alarming(piece: &Piece<'_>) -> bool {
    let looks = |shape| piece.looks(shape);
    // The words come first: most lines are settled by them, and a shape costs more.
    let bad =
        piece.words().meets(BAD) || looks(Shape::Cross) || looks(Shape::CiError) || looks(Shape::ExitNonzero);
    bad && !is_quoted_source(piece)
        && !is_quiet(piece)
        && !is_command_line(piece)
        && !skips(piece.words())
        && !is_harmless(piece.text())
}

/// A line of source that a compiler shows below a message.
fn is_quoted_source(piece: &Piece<'_>) -> bool {
    let digits = piece.text().trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
    digits && piece.looks(Shape::Gutter) && !piece.looks(Shape::ErrorColon) || is_source_of_package(piece)
}

/// `ring-core  > 94 | push n = error "full"`: the same behind the name of the package that is built.
fn is_source_of_package(piece: &Piece<'_>) -> bool {
    static SOURCE: OnceLock<Regex> = OnceLock::new();
    regex(&SOURCE, r"^\S+ +> +\d+ \|").is_match(piece.text())
}

/// What a program says only to those who look for its own faults ends nothing.
fn is_quiet(piece: &Piece<'_>) -> bool {
    piece.record().level.is_some_and(|level| level <= Level::Debug) && !piece.looks(Shape::CiError)
}

/// `3 passed, 1 failed, 0 timeout`: words that are counted name no kind of failure.
fn counts(piece: &Piece<'_>) -> bool {
    static COUNTS: OnceLock<Regex> = OnceLock::new();
    let form = r"(?i)\b\d+ (?:tests? )?(?:passed|failed|skipped|errors?|failures?|timeouts?|ok)\b[^.]*, *\d+ (?:tests? )?\w+";
    piece.looks(Shape::CountBad) && regex(&COUNTS, form).is_match(piece.text())
}

/// Words that say that something went wrong, or that it ended so.
const BAD: Set = WRONG.with(Word::Conclusion as u32);

/// What a shell echoes, and a compiler's command line, name errors without meaning any.
fn is_command_line(piece: &Piece<'_>) -> bool {
    let echoed = piece.looks(Shape::Command) && piece.text().trim_ascii_start().starts_with(b"$");
    (echoed || piece.looks(Shape::Flags))
        && !piece.looks(Shape::ErrorColon)
        && !piece.looks(Shape::Terminator)
}

fn attached(head: &Piece<'_>, next: &Piece<'_>) -> bool {
    if next.is_blank() || next.looks(Shape::Command) || next.looks(Shape::Terminator) {
        return false;
    }
    // What the CI system marks in one go tells one failure, but for a list of places.
    if head.looks(Shape::CiError) && next.looks(Shape::CiError) {
        return !next.looks(Shape::FileLine) && !head.looks(Shape::Terminator);
    }
    let shaped = [
        Shape::Frame,
        Shape::Caret,
        Shape::Gutter,
        Shape::Diff,
        Shape::Expectation,
        Shape::PytestError,
        Shape::FileLineStart,
    ];
    // What is listed below a count are failures of their own.
    if counts(head) && alarming(next) {
        return false;
    }
    next.indent() > head.indent()
        || (next.indent() == head.indent()
            && shaped.iter().any(|shape| next.looks(*shape))
            && !alarming(next))
}

fn role(piece: &Piece<'_>) -> Role {
    match conclusion(piece.text()) {
        Some(Conclusion::SaysWhy) => Role::Root,
        _ if piece.looks(Shape::Terminator) => Role::Generic,
        Some(Conclusion::SumsUp) => Role::Context,
        None if piece.looks(Shape::StepPassed) => Role::Context,
        None => Role::Root,
    }
}

/// The kind that the words name, the most telling first.
fn kind(piece: &Piece<'_>) -> Kind {
    let says = |word| piece.says(word);
    let conclusion = conclusion(piece.text());
    match () {
        () if piece.looks(Shape::Terminator) && conclusion != Some(Conclusion::SaysWhy) => Kind::Command,
        () if counts(piece) || conclusion == Some(Conclusion::SumsUp) => Kind::Test,
        () if says(Word::Race) => Kind::Race,
        () if says(Word::Signal) || says(Word::Panic) => Kind::Crash,
        () if says(Word::Hang) => Kind::Timeout,
        () if says(Word::Kill) => Kind::Exhaustion,
        () if says(Word::Timeout) => Kind::Timeout,
        () if says(Word::Assertion) => Kind::Assertion,
        () if piece.looks(Shape::ExceptionHead) => Kind::Exception,
        () if says(Word::Denial) => Kind::Network,
        () if piece.looks(Shape::Cross) => Kind::Test,
        () => Kind::Error,
    }
}
