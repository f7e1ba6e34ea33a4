//! From the head of a kernel's report to its last line.

use std::sync::LazyLock;

use memchr::memmem::{self, Finder};

use super::forms::{Head, Place, head};
use super::place::place;
use super::trace::trace;
use crate::facts::failures::{Block, Passage, Piece, Role, Shape};

/// Lines that a report may have between two that are plainly its own.
const GAP: usize = 24;

/// Reads a report from its first line to its last frame or its end mark. What the kernel prints
/// after it without a pause (further reports, the panic that ends it all) belongs to it.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    let head = pieces.get(at).and_then(recognise)?;
    let last = end(pieces, at);
    let own = pieces.part(at..=own_end(pieces, at, last, &head));
    let read = trace(own);
    let function = place(head.form, head.group("function"), own, &read);
    let class = head.class(access(own));
    let mut block = Block::new(head.kind(), at, last, at);
    block.message =
        pieces.get(at).and_then(leveled).map(|text| String::from_utf8_lossy(text).trim().to_owned());
    block.identity = Some(std::iter::once(class.clone()).chain(function).collect());
    block.class = Some(class);
    block.frames = read;
    block.role = if head.form.follows { Role::Cascade } else { Role::Root };
    Some(block)
}

/// Returns true if and only if a report of a kernel begins here.
pub fn is_head(piece: &Piece<'_>) -> bool {
    recognise(piece).is_some()
}

fn recognise<'a>(piece: &'a Piece<'_>) -> Option<Head<'a>> {
    let levelled = leveled(piece);
    if levelled.is_some() || piece.looks(Shape::KernelHead) {
        head(levelled.unwrap_or(piece.text()))
    } else {
        None
    }
}

/// Returns the message with the `WARNING: ` or `Kernel panic - ` before it, which the kernel means
/// as part of the words and readers of headers take for a level.
fn leveled<'a>(piece: &'a Piece<'_>) -> Option<&'a [u8]> {
    static LEVELS: LazyLock<[Finder<'_>; 4]> = LazyLock::new(|| {
        ["WARNING: ", "INFO: ", "PANIC: ", "Kernel panic - "].map(|level| Finder::new(level.as_bytes()))
    });
    piece.record().level?;
    let raw = piece.record().line.bytes;
    let mut levels = LEVELS.iter().filter(|level| level.find(raw).is_some()).map(Finder::needle).peekable();
    levels.peek()?;
    let start = memmem::find(raw, piece.text()).filter(|_| !piece.is_blank())?;
    let before = raw.get(..start)?;
    let level = levels.find(|level| before.ends_with(level))?;
    raw.get(start - level.len()..)
}

fn end(pieces: &[Piece<'_>], at: usize) -> usize {
    let mut last = at;
    for (position, piece) in pieces.iter().enumerate().skip(at + 1) {
        if position > last + GAP || begins_another(piece) {
            break;
        }
        if belongs(piece) {
            last = position;
        }
        if ends(piece) {
            return position;
        }
    }
    last
}

/// Returns the last line before the next report of another form; a task that hangs or a lock that
/// is held is told in one report for each.
fn own_end(pieces: &[Piece<'_>], at: usize, last: usize, first: &Head<'_>) -> usize {
    let again = |position: &usize| {
        pieces.get(*position).and_then(recognise).is_some_and(|head| {
            // A report of one line may be printed in the middle of another one's stack.
            let own = !head.form.follows && !head.form.continues && head.form.place != Place::Nowhere;
            own && (!std::ptr::eq(head.form, first.form) || head.form.place == Place::Hang)
        })
    };
    (at + 2..=last).find(again).map_or(last, |next| next - 1)
}

fn access(pieces: &[Piece<'_>]) -> &'static str {
    let says = |words: &[u8]| pieces.iter().take(4).any(|piece| memmem::find(piece.text(), words).is_some());
    match () {
        () if says(b"Read of size") || says(b"Read at addr") => "Read",
        () if says(b"Write of size") || says(b"Write at addr") => "Write",
        () => "",
    }
}

/// Returns true if and only if a program's own stack begins here: a kernel prints none in this form.
fn begins_another(piece: &Piece<'_>) -> bool {
    memmem::find(piece.text(), b"Traceback (most recent call last)").is_some()
}

fn ends(piece: &Piece<'_>) -> bool {
    let text = piece.text();
    [&b"Rebooting in"[..], b"Kernel Offset:"].iter().any(|mark| memmem::find(text, mark).is_some())
}

fn belongs(piece: &Piece<'_>) -> bool {
    const STARTS: &[&[u8]] = &[
        b"CPU: ",
        b"Hardware name",
        b"RIP: ",
        b"Call Trace",
        b"Call trace",
        b"Workqueue",
        b"Modules linked",
        b"Code: ",
        b"<TASK>",
        b"R1",
        b"RAX",
        b"RSP",
        b"Read of size",
        b"Write of size",
        b"Allocated by",
        b"Freed by",
        b"pc : ",
        b"backtrace:",
        b"Backtrace",
        b"RDX",
        b"RBP",
        b"CR2",
        b"DR",
        b"FS:",
        b"CS:",
    ];
    let text = piece.text().trim_ascii_start();
    piece.looks(Shape::KernelHead)
        || piece.looks(Shape::Frame)
        || STARTS.iter().any(|start| text.starts_with(start))
        || memmem::find(text, b"---[ end ").is_some()
}
