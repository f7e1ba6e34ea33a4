//! Anything else that says something went wrong: a line and what is plainly attached to it.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::asides::{is_aside, is_harmless};
use crate::facts::failures::{Block, Kind, Passage, Piece, Role, Set, Shape, WRONG, Word, skips};
use crate::text::records::Level;

use super::barred::is_of_warning;
use super::conclusions::{Conclusion, conclusion};
use super::regex;

/// Lines that one paragraph may have.
const LONGEST: usize = 30;

/// Reads a line with words of failure and the lines attached to it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let piece = pieces.get(at)?;
    if piece.is_blank() || !telling(piece) || is_of_warning(pieces, at) || is_pending(pieces, at) {
        return None;
    }
    let mut last = at;
    for (position, next) in pieces.iter().enumerate().skip(at + 1).take(LONGEST) {
        let goes_on = attached(piece, next)
            || leads_to_cause(piece, next)
            || next.is_blank() && pieces.get(position + 1).is_some_and(|after| over_blank(piece, after));
        if !goes_on {
            break;
        }
        last = position;
    }
    let last = pieces.last_told(at, last);
    let first = list_head(pieces, at).unwrap_or(at);
    let conclusion = conclusion(piece.text());
    let mut block = Block::new(kind(piece, conclusion), first, last, at);
    block.role = role(piece, conclusion);
    Some(block)
}

/// Returns true if and only if the line is the numbered title of a test that did not run: below it stands a remark and no
/// failure.
fn is_pending(pieces: &[Piece<'_>], at: usize) -> bool {
    let remarks = |next: &Piece<'_>| next.text().trim_ascii_start().starts_with(b"# ");
    pieces.looks(at, Shape::Numbered) && pieces.holds(at + 1, remarks)
}

/// Entries of one file that a checker lists at the most above the one at hand.
const ENTRIES: usize = 40;

/// Returns the line of a file's name above `  28:14  error …`, which leaves it out.
fn list_head(pieces: &[Piece<'_>], at: usize) -> Option<usize> {
    static ENTRY: OnceLock<Regex> = OnceLock::new();
    let entry = |piece: &Piece<'_>| regex(&ENTRY, r"^\s+\d+:\d+\s").is_match(piece.text());
    pieces.holds(at, entry).then_some(())?;
    let above = (at.saturating_sub(ENTRIES)..at).rev().find(|&above| !pieces.holds(above, entry))?;
    let name = pieces.text(above).trim_ascii_end();
    let is_name = memchr::memchr2(b'/', b'.', name).is_some() && !name.contains(&b' ');
    (is_name && pieces.indent(above) == 0).then_some(above)
}

/// Returns true if and only if what a head tells goes on below a blank line.
fn over_blank(head: &Piece<'_>, after: &Piece<'_>) -> bool {
    let compares = [Shape::Diff, Shape::Expectation, Shape::Caret].iter().any(|shape| after.looks(*shape));
    // A title has its text below it, further in.
    let titles = head.looks(Shape::Cross)
        || head.text().trim_ascii_end().ends_with(b":")
        || is_numbered_heading(after.text());
    compares
        || leads_to_cause(head, after)
        || titles && after.indent() > head.indent() && !is_aside(after.text())
}

/// Returns true if and only if the line heads the first of several parts: `Problem 1`.
fn is_numbered_heading(text: &[u8]) -> bool {
    let mut words = text.trim_ascii().splitn(2, |byte| *byte == b' ');
    let is_word =
        words.next().is_some_and(|word| !word.is_empty() && word.iter().all(u8::is_ascii_alphabetic));
    is_word && words.next() == Some(b"1")
}

/// Returns true if and only if what stands further in below the line says why the head came to be: `Caused by:`.
fn leads_to_cause(head: &Piece<'_>, next: &Piece<'_>) -> bool {
    next.indent() == head.indent() && next.text().trim_ascii() == b"Caused by:"
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
    let any = |shapes: &[Shape]| shapes.iter().any(|shape| next.looks(*shape));
    // These tell more of whatever stands above them, in words of failure or not.
    let part = [Shape::Frame, Shape::Caret, Shape::Gutter, Shape::Diff, Shape::Expectation];
    // What is listed below a count are failures of their own.
    if counts(head) && alarming(next) {
        return false;
    }
    next.indent() > head.indent()
        || next.indent() == head.indent()
            && (any(&part) && !heads(next)
                || any(&[Shape::FileLineStart, Shape::PytestError]) && !alarming(next))
}

/// Returns true if and only if the line begins a failure of its own, whatever it compares.
fn heads(piece: &Piece<'_>) -> bool {
    [Shape::Cross, Shape::ErrorStart, Shape::ErrorColon, Shape::CapsFail]
        .iter()
        .any(|shape| piece.looks(*shape))
}

fn role(piece: &Piece<'_>, conclusion: Option<Conclusion>) -> Role {
    match conclusion {
        Some(Conclusion::SaysWhy) => Role::Root,
        _ if piece.looks(Shape::Terminator) => Role::Generic,
        Some(Conclusion::SumsUp) => Role::Context,
        None if piece.looks(Shape::StepPassed) => Role::Context,
        None => Role::Root,
    }
}

/// The kind that the words name, the most telling first.
fn kind(piece: &Piece<'_>, conclusion: Option<Conclusion>) -> Kind {
    let says = |word| piece.says(word);
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

#[cfg(test)]
mod tests {
    use crate::facts::failures::events_in;

    /// The lines of a log's failures.
    fn lines(log: &str) -> Vec<(u64, u64)> {
        let events = events_in(log);
        events.iter().map(|event| (event.first_line, event.last_line)).collect()
    }

    #[test]
    fn a_failure_has_the_lines_that_tell_it_and_no_others() {
        for (log, expected, why) in [
            (
                "fine\n\nsrc/ring.js\n  3:14  error  Missing brace  brace-style\n  9:1  error  Unused  no-unused\n",
                vec![(3, 5), (5, 5)],
                "a checker names the file above its places",
            ),
            (
                "-- Looking\nRing Error at ring.make:3 (message):\n  No rope.\n\n  Ropes looked for: 3\n\nnext\n",
                vec![(2, 5)],
                "paragraphs below a heading",
            ),
            (
                "[-] pops -> expected more, values differ!\nExpected: 3\nActual: 4\nat Verify-Ring, ring.ps1:16\nat <Block>, a.ps1:3\n\n",
                vec![(1, 5)],
                "what is compared, and where",
            ),
            (
                "The ropes could not be resolved.\n\n  Problem 1\n    - ring needs rope 3\n\nend\n",
                vec![(1, 4)],
                "its problems are numbered",
            ),
            (
                "loading\nerror: failed to fetch `ring`\n\nCaused by:\n  cannot reach ring.example\n\nCaused by:\n  [35] link error\n\nend\n",
                vec![(2, 8)],
                "a chain of causes",
            ),
            (
                "loading\nerror: failed to fetch `ring`\n\nCaused by a torn link:\n  [35] link error\n",
                vec![(2, 2), (5, 5)],
                "a sentence is no heading",
            ),
            ("ring_SUITE:pops failed on line 3\nReason: torn\n- - - - -\n\n", vec![(1, 2)], "a rule ends it"),
            ("text/line    FAIL\ntext/page    PASS\n\n", vec![(1, 1)], "what passed is no part of it"),
        ] {
            assert_eq!(lines(log), expected, "{why}: {log}");
        }
    }
}
