//! The first look at a log: which lines may matter, found by literals alone.

use std::sync::LazyLock;

use crate::text::lines::{Index, Line, Literals};

/// Case-sensitive pieces of words that every line worth a second look holds at least one of.
///
/// Each leaves out the first letter where both cases occur, and is long enough to be rare in healthy
/// output.
const WORDS: [&str; 93] = [
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
    "efus",
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
    "EXPECTED",
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
    "lost comm",
    "llegal",
    "ejected",
    "xceed",
    "orbid",
    "nresolved",
    "rong ",
    "roblem",
    "ncompatible",
    "nsupported",
    "uplicate",
    "ncorrect",
    "nterrupted",
    "tection fault",
    "CRASH",
    "nstable",
    "hung",
    "nbound",
    "nhealthy",
    "ninitiali",
    "MISSING",
    "\u{274c}",
    "rashed",
    "reempted",
    "o response",
    "ot enough",
    "nsufficient",
    "roken pipe",
    "xhausted",
    "ot authori",
];

/// Words that healthy runs hardly print, as many as one pass seeks: each stands in at most one of 600 lines of 64
/// passing CI logs, and together they stand in seven of ten failures that people marked in 468 failed ones.
const LOUD: [&str; 16] = [
    "Error:",
    "FAIL",
    "ailed",
    "raceback",
    "anic",
    "atal",
    "imed out",
    "o such",
    "not found",
    "exited with",
    "CRASH",
    "xpected",
    "nknown",
    "egmentation",
    "Sanitizer",
    "bort",
];

/// Marks with which a report may begin in a line without such words.
const MARKS: [&str; 33] = [
    "Crash reason:",
    "____",
    " stdout ----",
    "#0 ",
    "#00 ",
    "1) ",
    "2) ",
    "3) ",
    "4) ",
    "5) ",
    "6) ",
    "7) ",
    "8) ",
    "9) ",
    "0) ",
    "INFO: ",
    "WARNING: ",
    "BUG: ",
    "ernel panic",
    "kernel BUG at",
    "goroutine ",
    "protection fault",
    "stack segment",
    "detected stall",
    "eceived signal",
    "BUG DETECTED",
    "terminate called",
    "NEVER BE REACHED",
    "signal ",
    "stop reason",
    "Trusted App",
    "The command \"",
    "NVRM: The NVIDIA GPU",
];

static WORDS_SOUGHT: LazyLock<Literals> = LazyLock::new(|| Literals::new(&WORDS));
static LOUD_SOUGHT: LazyLock<Literals> = LazyLock::new(|| Literals::new(&LOUD));
static MARKS_SOUGHT: LazyLock<Literals> = LazyLock::new(|| Literals::new(&MARKS));

/// Returns true if and only if one of the words is in `line`.
pub fn is_hot(line: &[u8]) -> bool {
    WORDS_SOUGHT.are_in(line)
}

/// Returns true if and only if `line` holds words which healthy runs hardly print.
pub fn is_loud(line: &[u8]) -> bool {
    LOUD_SOUGHT.are_in(line)
}

/// Calls `visit` with where each line with one of the words begins and ends, in order. `bytes` are whole lines.
pub fn each_hot_place(bytes: &[u8], visit: impl FnMut(usize, usize)) {
    WORDS_SOUGHT.each_place(bytes, visit);
}

/// Returns those of some lines of a log, from the one to the other, that have a mark.
pub fn marked_lines<'i, 'a>(
    index: &'i Index<'a>,
    first: Line<'a>,
    last: Line<'a>,
) -> impl Iterator<Item = Line<'a>> + use<'i, 'a> {
    MARKS_SOUGHT.lines(index, first.start as usize..last.end() as usize)
}
