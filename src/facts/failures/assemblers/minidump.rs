//! What `minidump-stackwalk` and Breakpad's `minidump_stackwalk` print of a crash, with the line in which the
//! harnesses of Firefox and its kin say so.

use std::sync::OnceLock;

use regex::bytes::Regex;

use crate::facts::failures::frames::read;
use crate::facts::failures::{Block, Frame, Kind, Passage, Piece, Report, Word};

use super::regex;

/// Lines between the beginning of a report and the stack of the thread that crashed.
const HEAD: usize = 60;
/// Frames whose lines are shown; more are read.
const SHOWN: usize = 8;

/// Reads a report from the line that says so, or else from its reason, to the frames of the thread that crashed.
pub fn assemble(pieces: &[Piece<'_>], at: usize) -> Option<Block> {
    if !pieces.holds(at, is_head) && !pieces.holds(at, crashed) {
        return None;
    }
    let report = pieces.part(at..pieces.len().min(at + HEAD));
    let title = report.iter().position(crashed);
    let (frames, last) = title.map_or((Vec::new(), at), |title| stack(pieces, at + title));
    let mut block = Block::new(Kind::Crash, at, last, at);
    block.report = Report::Signal;
    block.class = report.iter().take(title.unwrap_or(0)).find_map(reason).and_then(|reason| class(&reason));
    block.frames = frames;
    block.test = report.first().and_then(test);
    Some(block)
}

/// Returns true if and only if a report begins with this line.
pub fn is_head(piece: &Piece<'_>) -> bool {
    reason(piece).is_some() || test(piece).is_some()
}

fn reason(piece: &Piece<'_>) -> Option<String> {
    let reason = piece.text().trim_ascii().strip_prefix(b"Crash reason:")?.trim_ascii();
    Some(String::from_utf8_lossy(reason).into_owned())
}

/// Returns the test of a line `PROCESS-CRASH | application crashed [@ place] | test`, in either order; a reason may stand in
/// place of the words.
fn test(piece: &Piece<'_>) -> Option<String> {
    static FORM: OnceLock<Regex> = OnceLock::new();
    let form = regex(&FORM, r"\bPROCESS-CRASH \| (?P<one>.+?) \| (?P<other>.+?)\s*$");
    let begins = piece.text().trim_ascii_start().starts_with(b"PROCESS-CRASH | ");
    let captures = form.captures(Some(piece.text()).filter(|_| begins || piece.says(Word::Signal))?)?;
    let crashed = memchr::memmem::find(&captures["one"], b" [@ ").is_some();
    Some(String::from_utf8_lossy(&captures[if crashed { "other" } else { "one" }]).into_owned())
}

/// `Thread 0 MainThread (crashed)`.
fn crashed(piece: &Piece<'_>) -> bool {
    let text = piece.text().trim_ascii_start();
    text.starts_with(b"Thread ") && memchr::memmem::find(text, b" (crashed)").is_some()
}

/// Reads the frames below a thread's title, and where the first few of them end.
fn stack(pieces: &[Piece<'_>], title: usize) -> (Vec<Frame>, usize) {
    static FORM: OnceLock<Regex> = OnceLock::new();
    let form = regex(
        &FORM,
        r"^\s*\d+  [^\s!]+!(?P<function>.+?)(?: \[(?P<file>[^\]:]+)[^\]]*? : (?P<line>\d+)[^\]]*\])?(?: \+ 0x[0-9a-f]+)?\s*$",
    );
    let (mut frames, mut last) = (Vec::new(), title);
    let belongs =
        |piece: &&Piece<'_>| !piece.is_blank() && !piece.text().trim_ascii_start().starts_with(b"Thread ");
    for (position, piece) in pieces.part(title + 1..).iter().take_while(belongs).enumerate() {
        let Some(captures) = form.captures(piece.text()) else { continue };
        if frames.len() < SHOWN {
            last = title + 1 + position;
        }
        frames.push(read(&captures));
    }
    (frames, last)
}

/// Returns the signal of `EXC_CRASH / SIGABRT` and `SIGSEGV /SEGV_MAPERR`, else the first word of the reason.
fn class(reason: &str) -> Option<String> {
    let mut words = reason.split(['/', ' ', ',']).filter(|word| !word.is_empty()).peekable();
    let first = words.peek().map(|word| (*word).to_owned());
    words.find(|word| word.starts_with("SIG")).map(str::to_owned).or(first)
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::{Event, Kind, events_in};

    const DUMP: &str = "Operating system: Linux\nCPU: amd64\nCrash reason:  SIGSEGV / SEGV_MAPERR\n\
                        Crash address: 0x10\nProcess uptime: 3 seconds\n\nThread 7 RingPush (crashed) - tid: 19\n \
                        0  libring.so!ring::Ring::pop(int) [ring.cpp:1f2e : 31 + 0x5]\n     rax = 0x0    rdx = 0x1\n    \
                        Found by: given as instruction pointer in context\n \
                        1  libring.so!drain(ring::Ring&) [ring.cpp : 58 + 0xb]\n    Found by: call frame info\n \
                        2  libc.so.6 + 0x29d90\n\nThread 1\n 0  libc.so.6!poll + 0x3\n";

    fn crash(log: &str) -> Event {
        let events = events_in(log);
        events
            .into_iter()
            .find(|event| event.kind == Kind::Crash)
            .unwrap_or_else(|| panic!("no crash in {log}"))
    }

    #[test]
    fn a_report_is_known_by_its_signal_and_its_stack() {
        let event = crash(DUMP);
        let functions: Vec<&str> = event.frames.iter().map(|frame| frame.function.as_str()).collect();
        assert_eq!((event.class.as_deref(), functions), (Some("SIGSEGV"), vec!["ring::Ring::pop", "drain"]));
        assert_eq!((event.frames[0].file.as_str(), event.frames[0].line), ("ring.cpp", Some(31)));
        assert_eq!((event.first_line, event.last_line), (3, 13), "with the end of its paragraph");
    }

    #[test]
    fn the_line_of_a_harness_begins_it_and_names_the_test() {
        for line in [
            "PROCESS-CRASH | ring/test_a.js | application crashed [@ pop]",
            "PROCESS-CRASH | application crashed [@ pop] | ring/test_a.js",
            "PROCESS-CRASH | RING_ASSERT(!torn) (mend the ring first) [@ pop] | ring/test_a.js",
        ] {
            let event = crash(&format!("{line}\n{DUMP}"));
            assert_eq!((event.first_line, event.test.as_deref()), (1, Some("ring/test_a.js")), "{line}");
            assert_eq!(event.frames.len(), 2, "{line}");
            assert_eq!(
                crash(&format!("{line}\nring: no dump\n")).test.as_deref(),
                Some("ring/test_a.js"),
                "{line}"
            );
        }
    }
}
