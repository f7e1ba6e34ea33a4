//! Reports of the Linux kernel: oopses, warnings, lock checks, hung tasks.

use crate::events::block::Block;
use crate::events::event::{Frame, Kind};
use crate::events::frames::frame;
use crate::events::passage::Piece;
use crate::events::shapes::Shape;

/// Lines that a report may have between two that are plainly its own.
const GAP: usize = 12;

/// Reads a report from its first line to its last frame or its end mark.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    if !pieces[at].looks(Shape::KernelHead) {
        return None;
    }
    let mut last = at;
    let mut frames = Vec::new();
    for (position, piece) in pieces.iter().enumerate().skip(at + 1) {
        if position > last + GAP || ends(piece) {
            break;
        }
        if let Some(frame) = kernel_frame(piece) {
            frames.push(frame);
            last = position;
        } else if belongs(piece) {
            last = position;
        }
    }
    let mut block = Block::new(kind(pieces[at].text()), at, last, at);
    block.frames = frames;
    Some(block)
}

fn kernel_frame(piece: &Piece<'_>) -> Option<Frame> {
    let text = piece.text();
    let text = text.strip_prefix(b"RIP: ").map_or(text, |rest| rest.split_once_byte(b':'));
    if memchr::memmem::find(text, b"+0x").is_none() {
        return None;
    }
    frame(text)
}

/// Cuts after the first of a byte, where there is one.
trait SplitOnce {
    fn split_once_byte(&self, byte: u8) -> &[u8];
}

impl SplitOnce for [u8] {
    fn split_once_byte(&self, byte: u8) -> &[u8] {
        memchr::memchr(byte, self).map_or(self, |position| &self[position + 1..])
    }
}

fn ends(piece: &Piece<'_>) -> bool {
    let text = piece.text();
    [&b"---[ end "[..], b"Rebooting in", b"Kernel Offset:"]
        .iter()
        .any(|mark| memchr::memmem::find(text, mark).is_some())
}

fn belongs(piece: &Piece<'_>) -> bool {
    let text = piece.text().trim_ascii_start();
    [
        &b"CPU: "[..],
        b"Hardware name",
        b"RIP: ",
        b"Call Trace",
        b"Workqueue",
        b"Modules linked",
        b"Code: ",
        b"<TASK>",
        b"R1",
        b"RAX",
        b"RSP",
    ]
    .iter()
    .any(|mark| text.starts_with(mark))
}

fn kind(text: &[u8]) -> Kind {
    let says = |words: &str| memchr::memmem::find(text, words.as_bytes()).is_some();
    match () {
        () if says("lock")
            && (says("recursive") || says("circular") || says("deadlock") || says("inconsistent")) =>
        {
            Kind::Deadlock
        }
        () if says("KASAN") || says("KMSAN") || says("UBSAN") => Kind::Sanitizer,
        () if says("KCSAN") => Kind::Race,
        () if says("hung") || says("blocked for") || says("stall") || says("soft lockup") => Kind::Timeout,
        () if says("Out of memory") => Kind::Exhaustion,
        () => Kind::Crash,
    }
}
