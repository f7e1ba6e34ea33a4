//! Reports of sanitizers, the Go race detector and Valgrind.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::{Block, Frame, Kind, Passage, Piece, Report, Role, Shape};
use crate::text::lines::Line;

use super::{classes, stack};

/// Reads a report from its head to its summary or closing rule.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    if !pieces.looks(at, Shape::SanitizerHead) || pieces.holds(at, is_panic) {
        return None;
    }
    match mark(pieces.text(at)) {
        [] => report(pieces, at),
        mark => {
            let mut block = report(&behind(mark, pieces.part(at..)), 0)?;
            (block.first, block.last, block.headline) = (at, block.last + at, at);
            Some(block)
        }
    }
}

/// Bytes of a mark at the most, and lines that are looked at behind one.
const MARK: usize = 4;
const MARKED: usize = 400;

/// Returns what whoever shows a report puts in front of each of its lines: `= ` before `==7==ERROR`.
fn mark(text: &[u8]) -> &[u8] {
    static HEAD: OnceLock<Regex> = OnceLock::new();
    let head = super::regex(&HEAD, r"==\d+==");
    let before = head.find(text).and_then(|head| text.get(..head.start())).unwrap_or_default();
    let marks = before.len() <= MARK && before.iter().all(|byte| !byte.is_ascii_alphanumeric());
    let blank = before.trim_ascii().is_empty();
    if marks && !blank { before } else { &[] }
}

/// Returns the lines from the first on that stand behind the mark, without it.
fn behind<'a>(mark: &[u8], pieces: &[Piece<'a>]) -> Vec<Piece<'a>> {
    let Some(first) = pieces.first() else { return Vec::new() };
    let (piece_of, mark) = (first.sibling(), mark.trim_ascii_end());
    let inner = |piece: &Piece<'a>| {
        let rest = piece.line.bytes.strip_prefix(mark)?;
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        let start = piece.line.end() - rest.len() as u64;
        Some(piece_of(Line { start, bytes: rest, ..piece.line }))
    };
    pieces.iter().take(MARKED).map_while(inner).collect()
}

/// Reads a report whose lines have nothing in front.
fn report(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    pieces.get(at)?;
    let last = end(pieces, at);
    let class = class(pieces.part(at..=last));
    let mut block = Block::new(kind(&class), at, last, at);
    let leaked = leak(pieces.part(at..=last)).map_or(at, |leak| at + leak);
    block.frames = stacks(pieces, leaked + 1, last, block.kind == Kind::Race);
    block.report = if is_abort(&class) { Report::Signal } else { Report::Fault };
    // What only a leaked block points to leaked with it.
    if class == INDIRECT {
        block.role = Role::Cascade;
    }
    block.class = Some(class);
    Some(block)
}

/// Returns true if and only if a report begins here that tells only which signal was met.
pub fn only_signal(piece: &Piece<'_>) -> bool {
    piece.looks(Shape::SanitizerHead) && is_abort(&class(std::slice::from_ref(piece)))
}

/// Signals that a program sends itself, and the address to which WebKit writes for that.
fn is_abort(class: &str) -> bool {
    ["abrt", "ill", "illegal-instruction", "trap", "breakpoint", "deliberate crash"].contains(&class)
}

/// Classes of a leak's report, by whether anything is still known that pointed to the memory.
const DIRECT: &str = "direct leak";
const INDIRECT: &str = "indirect leak";

/// Returns the line over the first stack of a leak, those before that no other memory points to.
fn leak(pieces: &[Piece<'_>]) -> Option<usize> {
    let begins = |words: &'static [u8]| {
        pieces.iter().position(|piece| piece.text().trim_ascii_start().starts_with(words))
    };
    begins(b"Direct leak").or_else(|| begins(b"Indirect leak"))
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
    let captures = form.captures(pieces.text(0));
    let found = captures.and_then(|captures| {
        ["a", "b", "c", "d"]
            .iter()
            .find_map(|name| captures.name(name))
            .map(|part| String::from_utf8_lossy(part.as_bytes()).trim().to_lowercase())
    });
    let Some(found) = found else { return "sanitizer report".to_owned() };
    if let Some(leak) = leak(pieces) {
        let direct = pieces.text(leak).trim_ascii_start().starts_with(b"Direct");
        return if direct { DIRECT } else { INDIRECT }.to_owned();
    }
    let class = known_class(&found, pieces.text(0));
    let access = pieces.iter().skip(1).take(4).find_map(|piece| access(piece.text()));
    match access {
        Some(access) if class != "data race" && !is_abort(&class) => format!("{class} {access}"),
        _ => class,
    }
}

/// Returns the class by the name under which the sanitizers' manuals list it.
fn known_class(found: &str, head: &[u8]) -> String {
    let unmapped = ["segv", "access-violation", "unknown-crash", "bus"].contains(&found);
    match address(head) {
        Some(address) if unmapped && DELIBERATE.contains(&address) => return "deliberate crash".to_owned(),
        Some(address) if unmapped && address < PAGE => return "null-dereference".to_owned(),
        _ => {}
    }
    let known = classes::named(head);
    known.map_or_else(|| if found == "access-violation" { "segv" } else { found }.to_owned(), str::to_owned)
}

/// Where WebKit and its kin write when they end themselves.
const DELIBERATE: [u64; 2] = [0xbbad_beef, 0xfbad_beef];

/// Addresses in the first page: the pointer was null, or an offset from null.
const PAGE: u64 = 4096;

/// Returns the address that the head names.
fn address(text: &[u8]) -> Option<u64> {
    static ADDRESS: OnceLock<Regex> = OnceLock::new();
    let address = ADDRESS.get_or_init(|| {
        Regex::new(r"(?-u)unknown address 0x(?P<digits>[0-9a-fA-F]+)")
            .unwrap_or_else(|error| panic!("address: {error}"))
    });
    let digits =
        address.captures(text).and_then(|found| std::str::from_utf8(found.name("digits")?.as_bytes()).ok());
    digits.and_then(|digits| u64::from_str_radix(digits, 16).ok())
}

/// Bytes that one instruction reads or writes at the most: the size of a longer access depends on
/// the data.
const WORD: u64 = 16;

/// Returns `READ 4` or `WRITE`, the size where one instruction has it.
fn access(text: &[u8]) -> Option<String> {
    static FORM: OnceLock<Regex> = OnceLock::new();
    let form = FORM.get_or_init(|| {
        Regex::new(r"(?-u)^\s*(?P<a>READ|WRITE) of size (?P<size>\d+)|caused by a (?P<b>READ|WRITE)")
            .unwrap_or_else(|error| panic!("access: {error}"))
    });
    let captures = form.captures(text)?;
    let way = captures.name("a").or_else(|| captures.name("b"))?;
    let way = String::from_utf8_lossy(way.as_bytes()).into_owned();
    let size = captures.name("size").and_then(|size| std::str::from_utf8(size.as_bytes()).ok()?.parse().ok());
    Some(size.filter(|size: &u64| *size <= WORD).map_or(way.clone(), |size| format!("{way} {size}")))
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
        match stack::run(pieces.part(..=last), at, 12) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;

    #[test]
    fn a_report_behind_a_mark_is_read_like_the_report() {
        let plain = "==7==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000abc123 (pc 0x4 T0)\n\
                     ==7==The signal is caused by a WRITE memory access.\n    #0 0x4 in ring_pop /w/ring.c:31:9\n    \
                     #1 0x5 in main /w/main.c:9:2\nSUMMARY: AddressSanitizer: SEGV /w/ring.c:31:9 in ring_pop\n";
        for (mark, why) in [("", "alone"), ("= ", "in a frame"), ("| ", "in a table"), ("  ", "indented")] {
            let log: String = plain.lines().map(|line| format!("{mark}{line}\n")).collect();
            let events = events_in(&log);
            let found: Vec<_> =
                events.iter().map(|event| (event.kind, event.last_line, event.frames.len())).collect();
            assert_eq!(found, [(Kind::Sanitizer, 5, 2)], "{why}: {log}");
        }
    }

    #[test]
    fn only_a_mark_is_taken_off() {
        for (head, expected) in [
            ("= ==7==ERROR: AddressSanitizer: ", "= "),
            ("==7==ERROR: AddressSanitizer: ", ""),
            ("E   ==7==ERROR: AddressSanitizer: ", ""),
            ("ring: ==7==ERROR: AddressSanitizer: ", ""),
        ] {
            assert_eq!(mark(head.as_bytes()), expected.as_bytes(), "{head}");
        }
    }
}
