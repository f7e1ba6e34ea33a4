//! What Windows' debuggers, cdb and WinDbg, tell of an exception: `!analyze -v` and stacks.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::{Block, Frame, Kind, Passage, Piece, Report};

use super::regex;

/// Lines between two that are plainly of one analysis.
const GAP: usize = 60;

/// Reads an analysis from the address of the exception to the last frame.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    if !pieces.holds(at, is_head) {
        return None;
    }
    let (frames, last) = stack(pieces, at);
    let mut block = Block::new(Kind::Crash, at, last, at);
    block.report = Report::Fault;
    let class = class(pieces.part(at..=last));
    block.message = Some(class.clone());
    block.class = Some(class);
    block.frames = frames;
    Some(block)
}

/// Returns true if and only if an exception is analysed from here on.
pub fn is_head(piece: &Piece<'_>) -> bool {
    piece.text().starts_with(b"ExceptionAddress: ")
}

/// Returns `Access violation read` or the like; else the bucket under which the debugger files it.
fn class(pieces: &[Piece<'_>]) -> String {
    static CODE: OnceLock<Regex> = OnceLock::new();
    static BUCKET: OnceLock<Regex> = OnceLock::new();
    static ACCESS: OnceLock<Regex> = OnceLock::new();
    let code = regex(&CODE, r"^\s*ExceptionCode: (?P<code>[0-9a-f]+)(?: \((?P<name>[^)]+)\))?");
    let bucket = regex(&BUCKET, r"^DEFAULT_BUCKET_ID:\s*(?P<name>\w+)");
    let access = regex(&ACCESS, r"^Attempt to (?P<name>read|write|execute)");
    let first = |form: &Regex, group: &str| {
        let found = pieces.iter().find_map(|piece| form.captures(piece.text())?.name(group));
        found.map(|name| String::from_utf8_lossy(name.as_bytes()).trim().to_owned())
    };
    let named = first(code, "name").or_else(|| first(bucket, "name")).or_else(|| first(code, "code"));
    let words = [named, first(access, "name")];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Reads the last stack, which is that of the command `k` where somebody gave it: the one of the
/// analysis may begin with what the debugger made up.
fn stack(pieces: &[Piece<'_>], at: usize) -> (Vec<Frame>, usize) {
    let (mut frames, mut last, mut open) = (Vec::new(), at, false);
    for (position, piece) in pieces.iter().enumerate().skip(at + 1) {
        if position > last + GAP || is_head(piece) {
            break;
        }
        let Some(frame) = frame(piece.text()) else {
            open = open && !begins_stack(piece.text());
            continue;
        };
        if !open {
            frames.clear();
        }
        (open, last) = (true, position);
        frames.push(frame);
    }
    (frames, last)
}

fn begins_stack(text: &[u8]) -> bool {
    [&b"STACK_TEXT:"[..], b"ChildEBP", b"# ChildEBP", b"Child-SP", b" # Child-SP", b"RetAddr"]
        .iter()
        .any(|title| text.starts_with(title))
}

/// Reads `002df7e4 00fd1423 ring!pop+0x1e`, with or without arguments and a number before it.
fn frame(text: &[u8]) -> Option<Frame> {
    static FORM: OnceLock<Regex> = OnceLock::new();
    let form = regex(
        &FORM,
        r"^(?:[0-9a-f]{2,3} )?[0-9a-f]{8}[0-9a-f`]* +[0-9a-f]{8}[0-9a-f`]*\b.*?(?:^| )(?P<module>\w+)!(?P<function>.+?)(?:\+0x[0-9a-f]+)?(?: \[.*\])?\s*$",
    );
    let captures = form.captures(text)?;
    let part = |name: &str| String::from_utf8_lossy(&captures[name]).into_owned();
    Some(Frame { function: part("function"), file: part("module"), line: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::line_cache::Known;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    #[test]
    fn an_analysis_is_named_by_its_exception_and_its_first_stack() {
        let log = "FAULTING_IP:\nring!Ring::Pop+1e\nEXCEPTION_RECORD:  ffffffff -- (.exr 0xffffffff)\nExceptionAddress: 00fd13de (ring!Ring::Pop+0x0000001e)\n   ExceptionCode: c0000005 (Access violation)\n  ExceptionFlags: 00000000\nAttempt to write to address 00000010\nDEFAULT_BUCKET_ID:  NULL_POINTER_WRITE\nSTACK_TEXT:\n002df7e4 00fd1423 00fd1078 00fd1078 7f956000 heap_corruption!heap_corruption+0x0\n\nFOLLOWUP_NAME:  MachineOwner\nChildEBP RetAddr\n002df7e4 00fd1423 ring!Ring::Pop+0x1e [d:\\ring.cpp @ 31]\n002df8c4 00fd1463 ring!drain+0x23\n";
        let reader = Reader::guess(log.as_bytes());
        let known = Known::default();
        let index = Index::new(log.as_bytes());
        let pieces: Vec<Piece<'_>> =
            index.range(1, index.lines()).map(|line| Piece::new(line, &reader, &known, true)).collect();
        let block = (0..pieces.len()).find_map(|at| assemble(&pieces, at)).expect("a block");
        assert_eq!(block.class.as_deref(), Some("Access violation write"));
        let functions: Vec<&str> = block.frames.iter().map(|frame| frame.function.as_str()).collect();
        assert_eq!(functions, ["Ring::Pop", "drain"]);
        assert_eq!((block.first, block.last), (3, pieces.len() - 1));
    }
}
