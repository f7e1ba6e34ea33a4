//! From the words with which a program ends itself to the stack that shows where.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex};

use super::forms::{Form, head};
use crate::facts::failures::assemblers::{python, sanitizer, stack};
use crate::facts::failures::{Block, Frame, Piece, Report, Shape};
use crate::rules::{LazyRegex, Sketch};

/// Lines in which what failed is looked for below the head.
const BELOW: usize = 10;
/// Lines that may stand before the first frame.
const NEAR: usize = 20;
/// Lines after which a signal no longer comes from the words before it.
const FAR: usize = 150;

/// Reads last words, and the stack below them.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let words = read(pieces, at)?;
    let run = below(pieces, own_stack(pieces, words.form, words.last));
    if words.form.native && run.is_none() {
        return None;
    }
    let mut block = Block::new(words.form.kind, at, words.last, at);
    block.report = if words.form.signal { Report::Signal } else { Report::Fault };
    block.message = words.message();
    block.class = Some(words.class);
    if let Some((run, own)) = run {
        block.last = if own { run.last } else { block.last };
        block.frames = run.frames;
    }
    Some(block)
}

/// Returns true if and only if a program's last words begin here.
pub fn is_head(piece: &Piece<'_>) -> bool {
    head(piece.text()).is_some() || raw_head(piece).is_some()
}

/// Returns true if and only if the line tells only how the process ended.
fn is_signal(piece: &Piece<'_>) -> bool {
    head(piece.text()).is_some_and(|(form, _)| form.signal)
}

/// What the words said.
struct LastWords {
    form: &'static Form,
    class: String,
    what: String,
    /// The source file's own name; empty where unknown.
    file: String,
    /// The last line of the words.
    last: usize,
}

impl LastWords {
    fn message(&self) -> Option<String> {
        let what = cleaned(&self.what);
        match (what.is_empty(), self.file.is_empty()) {
            (true, true) => None,
            (true, false) => Some(format!("{} in {}", self.class, self.file)),
            (false, true) => Some(what.to_owned()),
            (false, false) => Some(format!("{what} in {}", self.file)),
        }
    }
}

/// A header reader may have taken the beginning of the words for a level or a time.
fn raw_head<'a>(piece: &'a Piece<'_>) -> Option<(&'static Form, Captures<'a>)> {
    let raw = piece.line.bytes;
    (raw.len() > piece.text().len()).then(|| head(raw)).flatten()
}

/// Returns the form of a head, what its groups took, and what stands before it.
fn recognise<'a>(piece: &'a Piece<'_>) -> Option<(&'static Form, Captures<'a>, &'a [u8])> {
    let (text, (form, captures)) = match head(piece.text()) {
        Some(head) => (piece.text(), head),
        None => (piece.line.bytes, raw_head(piece)?),
    };
    let before = captures.get(0).and_then(|words| text.get(..words.start())).unwrap_or_default();
    Some((form, captures, before))
}

fn read(pieces: &[Piece<'_>], at: usize) -> Option<LastWords> {
    let piece = pieces.get(at)?;
    let (form, captures, before) = recognise(piece)?;
    let mut words = LastWords {
        form,
        class: form.class.replace("{type}", &group(&captures, "type")),
        what: group(&captures, "what"),
        file: group(&captures, "file"),
        last: at,
    };
    if let Some((last, more)) = form.below.as_ref().and_then(|below| lower(pieces, at, BELOW, below)) {
        words.last = last;
        words.what = Some(group(&more, "what")).filter(|what| !what.is_empty()).unwrap_or(words.what);
        words.file = Some(group(&more, "file")).filter(|file| !file.is_empty()).unwrap_or(words.file);
    }
    if words.file.is_empty() {
        words.file = file_before(piece, before);
    }
    words.file = words.file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    Some(words)
}

/// Returns the first of so many lines below that the wording fits, and what its groups took.
fn lower<'a>(
    pieces: &'a [Piece<'_>],
    at: usize,
    lines: usize,
    form: &LazyRegex,
) -> Option<(usize, Captures<'a>)> {
    let next = pieces.iter().enumerate().skip(at + 1).take(lines);
    let captures = |piece: &'a Piece<'_>| form.captures(&Sketch::of(piece.text(), 1));
    let mut found = next.filter_map(|(position, piece)| Some((position, captures(piece)?)));
    found.next()
}

fn group(captures: &Captures<'_>, name: &str) -> String {
    let taken = captures.name(name).map(|group| String::from_utf8_lossy(group.as_bytes()));
    taken.map(|taken| taken.trim().to_owned()).unwrap_or_default()
}

/// Returns the last source file that stands with a line number before the words.
fn file_before(piece: &Piece<'_>, before: &[u8]) -> String {
    static FILE: OnceLock<Regex> = OnceLock::new();
    let form = FILE.get_or_init(|| {
        let form = r"(?-u)(?P<file>[\w.+-]+\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|m|mm|inc|rs|java|kt))[:(]\d+";
        Regex::new(form).unwrap_or_else(|error| panic!("source file: {error}"))
    });
    let raw = piece.line.bytes;
    let header = memchr::memmem::find(raw, piece.text()).and_then(|text| raw.get(..text)).unwrap_or_default();
    let last = |text| form.captures_iter(text).last().map(|found| group(&found, "file"));
    last(before).or_else(|| last(header)).unwrap_or_default()
}

/// Cuts the values that were compared: `a < b (3 vs. 2)`.
fn cleaned(what: &str) -> &str {
    let values = what.find(" vs. ").and_then(|values| what[..values].rfind(" ("));
    let check = values.map_or(what, |values| &what[..values]);
    check.trim_end_matches(|last: char| matches!(last, '.' | '\'' | '"') || last.is_whitespace())
}

/// Returns the line above the stack of the thread that failed, or else that of the words.
fn own_stack(pieces: &[Piece<'_>], form: &Form, from: usize) -> usize {
    let above = form.stack.as_ref().and_then(|above| lower(pieces, from, FAR - 1, above));
    above.map_or(from, |(position, _)| position)
}

/// Returns the first stack below the words, and whether it is their own: else it is that of
/// whatever saw the signal.
fn below(pieces: &[Piece<'_>], from: usize) -> Option<(stack::Run, bool)> {
    let (mut reach, mut own, mut read) = (from + NEAR, true, from);
    for position in from + 1..pieces.len().min(from + FAR) {
        let piece = pieces.get(position)?;
        if sanitizer::only_signal(piece) || is_signal(piece) {
            (reach, own) = (position + NEAR, false);
        } else if begins_other_report(piece) {
            return None;
        }
        if position <= reach && position > read && piece.looks(Shape::Frame) && piece.frame().is_some() {
            let run = stack::run(pieces, position, 0)?;
            read = run.last;
            if run.frames.iter().any(is_named) {
                return Some((run, own));
            }
        }
    }
    None
}

/// Returns true if and only if the stack below this line is that of another report.
fn begins_other_report(piece: &Piece<'_>) -> bool {
    piece.looks(Shape::SanitizerHead) || python::is_trace_head(piece.text()) || is_head(piece)
}

/// A bare address names nothing.
fn is_named(frame: &Frame) -> bool {
    let function = frame.function.as_str();
    !function.is_empty() && !function.starts_with('<') && !function.starts_with("0x")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::super::forms::DATA;
    use super::*;
    use crate::facts::failures::line_cache::Known;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    #[derive(Deserialize)]
    struct File {
        row: Vec<Entry>,
    }

    #[derive(Deserialize)]
    struct Entry {
        pattern: String,
        examples: Vec<Example>,
    }

    #[derive(Deserialize)]
    struct Example {
        log: String,
        is: String,
    }

    /// The first report of a log.
    fn first(log: &str) -> Option<Block> {
        let index = Index::new(log.as_bytes());
        let reader = Reader::guess(log.as_bytes());
        let known = Known::default();
        let pieces: Vec<Piece<'_>> =
            index.range(1, index.lines()).map(|line| Piece::new(line, &reader, &known, true)).collect();
        (0..pieces.len()).find_map(|at| assemble(&pieces, at))
    }

    fn reading(log: &str) -> Option<String> {
        let block = first(log)?;
        let class = block.class.unwrap_or_default();
        let message = block.message.unwrap_or_default().replace(&format!("{class} in"), "in");
        Some(format!("{class} | {message}").trim_end().to_owned())
    }

    #[test]
    fn each_form_reads_its_examples() {
        let file: File = DATA.read();
        for entry in &file.row {
            for example in &entry.examples {
                assert_eq!(reading(&example.log).as_deref(), Some(example.is.as_str()), "{}", entry.pattern);
            }
        }
    }

    #[test]
    fn of_several_stacks_that_of_the_thread_that_failed_counts() {
        let log = "Fatal Python error: Aborted\n\nThread 0x1 (most recent call first):\n  File \"t.py\", line 3 in wait\n\n\
                   Current thread 0x2 (most recent call first):\n  File \"ring.py\", line 9 in push\n  File \"t.py\", line 7 in run\n";
        let frames = first(log).expect("a report").frames;
        let functions: Vec<&str> = frames.iter().map(|frame| frame.function.as_str()).collect();
        assert_eq!(functions, ["push", "run"]);
    }

    #[test]
    fn the_stack_of_another_report_is_left_to_it() {
        for (log, last, why) in [
            (
                "TT_FATAL: ring full\nbacktrace:\n --- ring::push(int)\n --- ring::run()\n",
                3,
                "a stack of its own",
            ),
            (
                "TT_FATAL: ring full\nTraceback (most recent call last):\n  File \"ring.py\", line 9, in push\n    push()\n\
                 RuntimeError: ring full\n",
                0,
                "a traceback says what was raised",
            ),
        ] {
            let block = first(log).expect("a report");
            assert_eq!((block.last, block.frames.is_empty()), (last, last == 0), "{why}");
        }
    }

    #[test]
    fn common_words_need_a_native_stack() {
        for log in ["Assertion failed: expected 3 to be 4\n", "panic: no\n", "all assertions passed\n"] {
            assert_eq!(reading(log), None, "{log}");
        }
    }

    #[test]
    fn values_that_were_compared_are_no_identity() {
        assert_eq!(cleaned("size > 0 (-1 vs. 0)"), "size > 0");
        assert_eq!(cleaned("head != tail."), "head != tail");
    }
}
