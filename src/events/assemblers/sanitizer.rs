//! Reports of sanitizers, the Go race detector and Valgrind.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::events::block::Block;
use crate::events::event::{Frame, Kind, Role};
use crate::events::passage::Piece;
use crate::events::shapes::Shape;

use super::stack;

/// Reads a report from its head to its summary or closing rule.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    if !pieces[at].looks(Shape::SanitizerHead) || is_panic(&pieces[at]) {
        return None;
    }
    let last = end(pieces, at);
    let class = class(&pieces[at..=last]);
    let mut block = Block::new(kind(&class), at, last, at);
    block.frames = stacks(pieces, at + 1, last, block.kind == Kind::Race);
    // Go's runtime called abort, and said why before; or nobody can tell who did.
    let in_runtime = |frame: &Frame| frame.function.starts_with("runtime.");
    if class.starts_with("abrt") && block.frames.iter().all(in_runtime) {
        block.role = Role::Cascade;
    }
    block.class = Some(class);
    Some(block)
}

/// Go's panics speak of runtime errors too.
fn is_panic(piece: &Piece<'_>) -> bool {
    memchr::memmem::find(piece.text(), b"panic").is_some()
}

/// Lines of other kinds that a report may have between two that are plainly its own.
const GAP: usize = 5;

/// The report ends at its summary, at a rule, at the next head, or where its own lines end.
fn end(pieces: &[Piece<'_>], at: usize) -> usize {
    let mut last = at;
    for (position, piece) in pieces.iter().enumerate().skip(at + 1) {
        let text = piece.text().trim_ascii_start();
        if piece.looks(Shape::SanitizerHead)
            || (piece.looks(Shape::Rule) && position > at + 1)
            || position > last + GAP
        {
            break;
        }
        if text.starts_with(b"SUMMARY: ") {
            return position;
        }
        if piece.indent() > 0 || piece.looks(Shape::Frame) || is_own(text) {
            last = position;
        }
    }
    last
}

/// Returns true if and only if the line begins like one of a report.
fn is_own(text: &[u8]) -> bool {
    const STARTS: &[&[u8]] = &[
        b"==",
        b"#",
        b"Previous ",
        b"Goroutine ",
        b"Read ",
        b"Write ",
        b"READ ",
        b"WRITE ",
        b"SCARINESS",
        b"Direct leak",
        b"Indirect leak",
        b"Address ",
        b"0x",
        b"freed by",
        b"previously allocated",
        b"allocated by",
        b"Thread ",
        b"Hint: ",
        b"The signal",
        b"[failed to restore",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
}

/// Returns `heap-use-after-free`, `data race`, `Invalid read of size 8` or the like.
fn class(pieces: &[Piece<'_>]) -> String {
    static FORM: OnceLock<Regex> = OnceLock::new();
    let form = FORM.get_or_init(|| {
        Regex::new(r"(?-u)Sanitizer: (?P<a>[\w-]+(?: [a-z-]+){0,3}?)(?: \(| on | in |:|$| at |\s*$)|runtime error: (?P<b>[a-z -]+)|WARNING: (?P<c>DATA RACE)|^==\d+== ?(?P<d>Invalid \w+|Conditional jump|Possible data race|Process terminating)")
            .unwrap_or_else(|error| panic!("sanitizer class: {error}"))
    });
    let captures = form.captures(pieces[0].text());
    let found = captures.and_then(|captures| {
        ["a", "b", "c", "d"]
            .iter()
            .find_map(|name| captures.name(name))
            .map(|part| String::from_utf8_lossy(part.as_bytes()).trim().to_lowercase())
    });
    let access = pieces.iter().skip(1).take(3).find_map(|piece| access(piece.text()));
    match (found, access) {
        (Some(class), Some(access)) if class != "data race" => {
            let class = if near_null(pieces[0].text()) { "null-dereference" } else { class.as_str() };
            format!("{class} {access}")
        }
        (Some(class), _) => class,
        (None, _) => "sanitizer report".to_owned(),
    }
}

/// Addresses in the first page: the pointer was null, or an offset from null.
const PAGE: u64 = 4096;

fn near_null(text: &[u8]) -> bool {
    static ADDRESS: OnceLock<Regex> = OnceLock::new();
    let address = ADDRESS.get_or_init(|| {
        Regex::new(r"(?-u)unknown address 0x(?P<digits>[0-9a-fA-F]+)")
            .unwrap_or_else(|error| panic!("address: {error}"))
    });
    let digits =
        address.captures(text).and_then(|found| std::str::from_utf8(found.name("digits")?.as_bytes()).ok());
    digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).is_some_and(|address| address < PAGE)
}

fn access(text: &[u8]) -> Option<&'static str> {
    let text = text.trim_ascii_start();
    let says = |words: &[u8]| memchr::memmem::find(text, words).is_some();
    match () {
        () if text.starts_with(b"READ of size") || says(b"caused by a READ") => Some("READ"),
        () if text.starts_with(b"WRITE of size") || says(b"caused by a WRITE") => Some("WRITE"),
        () => None,
    }
}

fn kind(class: &str) -> Kind {
    if class.contains("race") { Kind::Race } else { Kind::Sanitizer }
}

/// Returns the first stack; for a race both sides, in an order that does not depend on which of
/// them was caught first.
fn stacks(pieces: &[Piece<'_>], from: usize, last: usize, both: bool) -> Vec<Frame> {
    let mut stacks = Vec::new();
    let mut at = from;
    while at <= last && stacks.len() < if both { 2 } else { 1 } {
        match stack::run(&pieces[..=last], at, 12) {
            Some(run) if !run.frames.is_empty() => {
                at = run.last + 1;
                stacks.push(run.frames);
            }
            _ => break,
        }
    }
    stacks.sort_by(|a, b| key(a).cmp(&key(b)));
    stacks.concat()
}

fn key(frames: &[Frame]) -> Vec<(&str, Option<u32>)> {
    frames.iter().map(|frame| (frame.function.as_str(), frame.line)).collect()
}
