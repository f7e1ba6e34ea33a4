//! Rust panics.

use std::sync::LazyLock;

use memchr::memmem::{self, Finder};

use crate::facts::failures::{Block, Kind, Passage, Piece, Shape};

use super::stack;

/// Reads `thread 'x' panicked at …`, its message and its backtrace. Rust 1.95 puts the number of
/// the thread behind its name.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let text = pieces.text(at);
    static HEAD: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b" panicked at"));
    // In a document of JSON the message stands behind it, not below.
    if HEAD.find(text).is_none() || text.starts_with(b"{") || memmem::find(text, b"thread '").is_none() {
        return None;
    }
    // Since 1.73 the message stands on the lines after the place.
    let says_here = memmem::find(text, b"panicked at '").is_some();
    let headline = if says_here { at } else { (at + 1).min(pieces.len() - 1) };
    let mut last = headline;
    while pieces.get(last + 1).is_some_and(|next| next.looks(Shape::Expectation) || next.looks(Shape::Diff)) {
        last += 1;
    }
    let mut block = Block::new(Kind::Exception, at, last, headline);
    if let Some(run) = stack::run(pieces, after_modules(pieces, last + 1), 3) {
        block.frames = run.frames;
        block.last = run.last;
    } else if pieces.get(last + 1).is_some_and(|next| memmem::find(next.text(), b"RUST_BACKTRACE").is_some())
    {
        block.last = last + 1;
    }
    let message = pieces.text(headline);
    if memmem::find(message, b"assertion").is_some() {
        block.kind = Kind::Assertion;
    }
    block.class = Some("panic".to_owned());
    block.test = thread_name(text);
    Some(block)
}

/// Returns the position behind the modules that a symboliser lists between the head of a backtrace and its frames, or `from`.
fn after_modules(pieces: &[Piece<'_>], from: usize) -> usize {
    let module = |piece: &Piece<'_>| piece.text().trim_ascii_start().starts_with(b"[[[ELF module ");
    let head = from + usize::from(pieces.holds(from, |piece| piece.looks(Shape::TraceHead)));
    (head..).find(|&position| !pieces.holds(position, module)).unwrap_or(from)
}

/// A test's thread carries the test's name.
fn thread_name(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let name = text.split_once("thread '")?.1.split_once('\'')?.0;
    (name.contains("::")).then(|| name.to_owned())
}
