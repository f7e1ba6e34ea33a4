//! Python tracebacks, with the exceptions that were raised while handling others.

use std::sync::LazyLock;

use memchr::memmem::{self, Finder};

use crate::facts::failures::{Block, Kind, Passage, Piece, Shape};

use super::stack;

/// Bytes behind the head of a traceback that is a line of its own: a colon and what colours end with.
const QUOTED: usize = 8;

/// Reads a traceback and the ones chained to it as one block whose words are those of the first:
/// both "direct cause" and "during handling" print the exception that began it first.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    if !is_trace_head(pieces.text(at)) && !heads_syntax_error(pieces, at) {
        return None;
    }
    let (mut last, headline) = one(pieces, at)?;
    let mut block = Block::new(Kind::Exception, at, last, headline);
    while let Some(next) = chained(pieces, last) {
        let Some((end, _)) = one(pieces, next) else { break };
        last = end;
    }
    block.last = last;
    block.class = exception_class(pieces.text(headline));
    block.frames = match flat(pieces, at) {
        Some(_) => pieces.part(at + 1..headline).iter().filter_map(Piece::frame).collect(),
        None => stack::run(pieces, at + 1, 1).map(|run| run.frames).unwrap_or_default(),
    };
    if block.frames.is_empty() && block.class.is_none() {
        // All but its head was lost.
        return None;
    }
    block.frames.reverse();
    if block.class.as_deref().is_some_and(|class| class.contains("Assertion")) {
        block.kind = Kind::Assertion;
    }
    Some(block)
}

/// Returns true if and only if a traceback's head is the end of the line: what goes on in it is quoted, with its newlines escaped.
pub fn is_trace_head(text: &[u8]) -> bool {
    static HEAD: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"Traceback (most recent call last)"));
    HEAD.find(text).is_some_and(|at| text.len() - at - HEAD.needle().len() <= QUOTED)
}

/// Lines from what was compiled to the name of its error at the most.
const SYNTAX_ERROR: usize = 6;

/// Returns true if and only if a line of other words heads the one frame of a source that cannot be compiled.
fn heads_syntax_error(pieces: &[Piece<'_>], at: usize) -> bool {
    let is_frame = |piece: &Piece<'_>| piece.text().trim_ascii_start().starts_with(b"File \"");
    pieces.told(at)
        && !pieces.holds(at, is_frame)
        && pieces.holds(at + 1, |frame| is_frame(frame) && frame.indent() > pieces.indent(at))
        && one(pieces, at).is_some_and(|(_, headline)| {
            let class = exception_class(pieces.text(headline));
            headline - at <= SYNTAX_ERROR && class.is_some_and(|class| class.ends_with("Error"))
        })
}

/// Returns the last line of the traceback that begins at `at`, and the line that names the exception.
fn one(pieces: &[Piece<'_>], at: usize) -> Option<(usize, usize)> {
    if let Some(told) = flat(pieces, at) {
        return Some(told);
    }
    let base = pieces.indent(at);
    let inside = |piece: &Piece<'_>| piece.is_blank() || piece.indent() > base;
    let outside = |&position: &usize| !pieces.holds(position, inside) && !is_stray(pieces, position, base);
    let headline = (at + 1..pieces.len()).find(outside)?;
    let mut last = headline;
    while pieces.get(last + 1).is_some_and(|next| belongs_to_message(next, base)) {
        last += 1;
    }
    Some((last, headline))
}

/// Reads a traceback whose indents somebody cut off: each frame is followed by a line of source at the most.
fn flat(pieces: &[Piece<'_>], at: usize) -> Option<(usize, usize)> {
    let base = pieces.indent(at);
    let is_frame = |position: usize| {
        pieces.get(position).is_some_and(|piece| {
            piece.indent() == base && piece.text().trim_ascii_start().starts_with(b"File \"")
        })
    };
    let names = |piece: &Piece<'_>| {
        exception_class(piece.text()).is_some_and(|class| class.starts_with(char::is_uppercase))
    };
    let mut next = at + 1;
    while is_frame(next) {
        let source = !is_frame(next + 1)
            && pieces.get(next + 1).is_some_and(|piece| is_frame(next + 2) || !names(piece));
        next += if source { 2 } else { 1 };
    }
    let headline = (next > at + 1).then_some(next)?;
    pieces.get(headline).filter(|piece| names(piece)).map(|_| (headline, headline))
}

/// Lines of another stream that may come between the head of a traceback and its frames, or
/// between two frames.
const STRAYS: usize = 4;

/// Returns true if and only if the traceback goes on after this line of another stream.
fn is_stray(pieces: &[Piece<'_>], position: usize, base: usize) -> bool {
    let begins = |piece: &&Piece<'_>| piece.looks(Shape::TraceHead) || piece.is_blank();
    let rest = pieces.part(position..).iter().take(STRAYS + 1).take_while(|piece| !begins(piece));
    let mut frames = rest.skip(1).filter(|piece| piece.text().trim_ascii_start().starts_with(b"File \""));
    frames.any(|piece| piece.indent() > base)
}

/// A message of several lines goes on until a blank line or another kind of line.
fn belongs_to_message(piece: &Piece<'_>, base: usize) -> bool {
    !piece.is_blank() && piece.indent() > base && !piece.looks(Shape::TraceHead)
}

/// Returns where the next traceback of the chain begins.
fn chained(pieces: &[Piece<'_>], last: usize) -> Option<usize> {
    let link = (last + 1..pieces.len().min(last + 4)).find(|&position| pieces.told(position))?;
    let text = pieces.text(link);
    let says = |words: &[u8]| memmem::find(text, words).is_some();
    if !says(b"During handling of the above") && !says(b"direct cause of the following") {
        return None;
    }
    (link + 1..pieces.len().min(link + 4))
        .find(|&position| memmem::find(pieces.text(position), b"Traceback").is_some())
}

/// Returns `pkg.Error` of `pkg.Error: words`.
pub fn exception_class(text: &[u8]) -> Option<String> {
    let text = text.trim_ascii();
    let end = memchr::memchr(b':', text).unwrap_or(text.len());
    let class = std::str::from_utf8(text.get(..end)?).ok()?;
    let plain = !class.is_empty() && class.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    plain.then(|| class.rsplit('.').next().unwrap_or(class).to_owned())
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::{Event, TakenBy, events_in};

    const TRACE: &str = "Traceback (most recent call last):\n  File \"ring.py\", line 31, in drain\n    pop(\n  \
                         File \"ring.py\", line 9, in pop\n    raise RingError(\nRingError: torn at 7\nring: closed\n";

    fn traceback(log: &str) -> Event {
        let events = events_in(log);
        events
            .into_iter()
            .find(|event| event.taken_by == TakenBy::Python)
            .unwrap_or_else(|| panic!("none in {log}"))
    }

    #[test]
    fn a_source_that_cannot_be_compiled_has_a_head_of_other_words() {
        let log = "*** Error compiling 'ring.py'...\n  File \"ring.py\", line 1\n    def f(:\n          ^\nSyntaxError: torn\n";
        let event = traceback(log);
        assert_eq!((event.first_line, event.last_line, event.message.as_str()), (1, 5, "SyntaxError: torn"));
    }

    #[test]
    fn a_quoted_traceback_is_part_of_its_line() {
        let log = format!("Error: {}\n... [7 lines omitted] ...\n", TRACE.replace('\n', "\\n"));
        let events = events_in(log);
        assert_eq!(
            events.iter().map(|event| (event.taken_by, event.headline)).collect::<Vec<_>>(),
            [(TakenBy::Paragraph, 1)]
        );
    }

    #[test]
    fn a_traceback_of_which_all_but_its_head_was_lost_is_none() {
        let log = "Traceback (most recent call last):\n\n... [121 lines omitted] ...\nring: done\n";
        let events = events_in(log);
        assert!(
            events.iter().all(|event| event.taken_by != TakenBy::Python && event.headline != 3),
            "{events:?}"
        );
    }

    #[test]
    fn indents_that_were_cut_off_are_not_missed() {
        let flat: String = TRACE.lines().map(|line| format!("{}\n", line.trim_start())).collect();
        let without_sources: String = flat
            .lines()
            .filter(|line| !["pop(", "raise RingError("].contains(line))
            .map(|line| format!("{line}\n"))
            .collect();
        for log in [TRACE, &flat, &without_sources] {
            let event = traceback(log);
            let functions: Vec<&str> = event.frames.iter().map(|frame| frame.function.as_str()).collect();
            let told = (event.message.as_str(), event.class.as_deref(), functions);
            assert_eq!(told, ("RingError: torn at 7", Some("RingError"), vec!["pop", "drain"]), "{log}");
        }
    }
}
