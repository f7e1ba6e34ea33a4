//! The first look at a log: which lines may matter, found by literals alone.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, Input, MatchKind};
use memchr::{memchr, memchr_iter, memrchr};

/// Case-sensitive pieces of words that every line worth a second look holds at least one of.
///
/// At most 64: that many run at memory speed (Teddy), a few more at a tenth of it. Each leaves
/// out the first letter where both cases occur, and is long enough to be rare in healthy output.
const LITERALS: [&str; 64] = [
    "rror",
    "RROR",
    "xception",
    "fail",
    "Fail",
    "FAIL",
    "atal",
    "FATAL",
    "anic",
    "bort",
    "ABORT",
    "raceback",
    "imeout",
    "imed out",
    "TIMEOUT",
    "illed",
    "ssert",
    "ASSERT",
    "egmentation",
    "SIG",
    "Sanitizer",
    "annot ",
    "n't ",
    "not found",
    "ot exist",
    "o such",
    "issing",
    "ndefined",
    "nknown",
    "nable to",
    "ould not",
    "enied",
    "efused",
    "xpected",
    "ismatch",
    "nvalid",
    "orrupt",
    "onflict",
    "exited with",
    "xit code",
    "npm ERR",
    "***",
    "not ok",
    "Call Trace",
    "Caused by",
    "goroutine ",
    "BUG: ",
    "WARNING: ",
    "Xid",
    "eadlock",
    "tuck",
    "nrecoverable",
    "memory",
    "No space",
    "\u{2717}",
    "\u{2716}",
    "\u{2718}",
    "\u{d7}",
    "##[err",
    "nreachable",
    "verflow",
    "iolation",
    "anceled",
    "lost",
];

/// One line that a literal was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hot {
    /// The 1-based number, within the bytes scanned.
    pub number: u64,
    /// The offset of the first byte, within the bytes scanned.
    pub start: usize,
    /// The offset of the newline or of the end.
    pub end: usize,
}

/// What a scan of whole lines found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scan {
    pub hot: Vec<Hot>,
    pub lines: u64,
}

/// Finds the lines of `bytes` that hold a trigger and counts all lines, in one pass.
pub fn scan(bytes: &[u8]) -> Scan {
    let mut found = Scan::default();
    let mut position = 0;
    let mut counted = 0;
    while let Some(hit) = automaton().find(Input::new(bytes).range(position..)) {
        let start =
            memrchr(b'\n', &bytes[counted..hit.start()]).map_or(counted, |newline| counted + newline + 1);
        let end = memchr(b'\n', &bytes[hit.end()..]).map_or(bytes.len(), |length| hit.end() + length);
        found.lines += memchr_iter(b'\n', &bytes[counted..start]).count() as u64;
        found.hot.push(Hot { number: found.lines + 1, start, end });
        counted = start;
        position = end;
    }
    found.lines += memchr_iter(b'\n', &bytes[counted..]).count() as u64;
    found.lines += u64::from(bytes.last().is_some_and(|&last| last != b'\n'));
    found
}

fn automaton() -> &'static AhoCorasick {
    static AUTOMATON: OnceLock<AhoCorasick> = OnceLock::new();
    AUTOMATON.get_or_init(|| {
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(LITERALS)
            .unwrap_or_else(|error| panic!("trigger literals: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hot_lines_carry_their_numbers_and_bounds() {
        let found = scan(b"fine\nan error here\n\nFAILED\nlast");
        assert_eq!(found.lines, 5);
        let expected = [Hot { number: 2, start: 5, end: 18 }, Hot { number: 4, start: 20, end: 26 }];
        assert_eq!(found.hot, expected);
    }

    #[test]
    fn a_line_is_hot_once_and_the_last_needs_no_newline() {
        assert_eq!(scan(b"error error\nfail").hot.len(), 2);
        assert_eq!(scan(b"").lines, 0);
    }
}
