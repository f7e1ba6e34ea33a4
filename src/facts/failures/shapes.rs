//! How a line looks, whatever it says: a caret under a column, a rule, a numbered failure.

use std::cell::{Cell, OnceCell};
use std::sync::OnceLock;

use serde::Deserialize;

use super::forms::FORMS;
use super::gates::Gates;
use super::set::Set;

/// How a line may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Shape {
    Blank,
    Indented,
    Frame,
    TraceHead,
    ExceptionHead,
    FileLine,
    FileLineStart,
    ErrorStart,
    ErrorColon,
    CapsFail,
    Level,
    QuietLevel,
    Caret,
    Gutter,
    Rule,
    TitledRule,
    Punctuation,
    Numbered,
    Cross,
    Tick,
    PytestError,
    PytestPoint,
    Diff,
    Expectation,
    Command,
    Flags,
    Url,
    Percent,
    ColonMessage,
    Quoted,
    Code,
    ExitNonzero,
    CountBad,
    CountZero,
    Terminator,
    Json,
    Sentence,
    Elapsed,
    TestName,
    ThreadPanic,
    SanitizerHead,
    KernelHead,
    CiError,
    Retrying,
    StepPassed,
}

/// How many shapes there are.
pub const SHAPES: usize = Shape::StepPassed as usize + 1;

/// The names of the shapes, in the order of their bits.
pub fn shape_names() -> impl Iterator<Item = String> {
    FORMS.iter().map(|form| format!("{:?}", form.shape))
}

/// The longest part of a line that its shape is read from.
const LONGEST: usize = 600;

/// Returns the shapes that `text`, a cleaned line, has.
pub fn shapes(text: &[u8]) -> Set {
    Looks::default().all(text)
}

/// The shapes of one line, each looked for when somebody first asks.
#[derive(Clone, Debug, Default)]
pub struct Looks {
    /// The shapes that cannot be ruled out at a glance.
    possible: OnceCell<Set>,
    asked: Cell<Set>,
    found: Cell<Set>,
}

impl Looks {
    /// Returns true if and only if `text`, which is the same at each call, has this shape.
    pub fn have(&self, text: &[u8], shape: Shape) -> bool {
        let text = text.get(..LONGEST).unwrap_or(text);
        let member = shape as u32;
        if !self.possible.get_or_init(|| gates().open(text)).contains(member) {
            return false;
        }
        if !self.asked.get().contains(member) {
            self.asked.set(self.asked.get().with(member));
            if fits(member, text) {
                self.found.set(self.found.get().with(member));
            }
        }
        self.found.get().contains(member)
    }

    /// Returns all shapes of `text`, which is the same at each call.
    pub fn all(&self, text: &[u8]) -> Set {
        let text = text.get(..LONGEST).unwrap_or(text);
        let possible = *self.possible.get_or_init(|| gates().open(text));
        let fits = possible.without(self.asked.get()).iter().filter(|&member| fits(member, text));
        self.found.set(self.found.get().union(Set::of(fits)));
        self.asked.set(possible);
        self.found.get()
    }
}

/// Makes the search now.
pub fn prepare() {
    gates();
}

fn gates() -> &'static Gates {
    static GATES: OnceLock<Gates> = OnceLock::new();
    GATES.get_or_init(|| Gates::new(FORMS.iter().map(|form| &form.gate)))
}

/// Returns true if and only if `text` has the shape of this number.
fn fits(member: u32, text: &[u8]) -> bool {
    FORMS.get(member as usize).is_some_and(|form| form.fits(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pieces of the lines that the forms are about, so that random lines have many shapes.
    const PARTS: &[&str] = &[
        " ",
        "  ",
        "\t",
        "    at ",
        "#0 ",
        "File \"a.py\", line 3",
        "... 3 more",
        "from a:3:in `b'",
        "[C]: ",
        ": in function",
        "+0x1f/0x20",
        "(pop+0x1a)[0x5]",
        "--- ",
        "tt::ring::",
        "  3: ring",
        "ring.go:3 +0x1",
        "==12== at 0x1",
        "Traceback (most recent call last)",
        "Call Trace:",
        "goroutine 7 ",
        "acme.RingError: ",
        "ring.rs",
        ":12",
        "(12",
        ", line 4",
        "error",
        "Error: ",
        "error[E0463]: ",
        "FAILED",
        "| error |",
        "INFO ",
        "warn ",
        "^~~",
        "12 | ",
        "-->",
        "> 3 |",
        "= ",
        "=====",
        "== title ==",
        "1) ",
        "2. ",
        "\u{2717}",
        "\u{2713}",
        "not ok",
        "ok 3",
        "--- FAIL",
        "[-]",
        "[+]",
        "[ FAILED ]",
        " ...ERROR",
        ".. ERROR",
        "PASSED",
        "E   ",
        ">  ",
        "+ x",
        "-  y",
        "@@ ",
        "expected: ",
        "Got = ",
        "$ make",
        "+ ls",
        "[command]",
        " -a -b -c=3 -d",
        "https://x",
        "7%",
        "key: value",
        "'quoted'",
        "E0463",
        "ENOENT",
        "exit code 1",
        "returned 2",
        "3 errors",
        "failures: 2",
        "0 errors",
        "no problems",
        "make: *** ",
        "exited with 1",
        "npm ERR!",
        "BUILD FAILED",
        "{",
        "},",
        "The ring is stuck.",
        "12 ms",
        "3.5s",
        "test_ring",
        "RingTest",
        "it(",
        ".spec",
        "thread 'x' panicked",
        "panic: ",
        "WARNING: DATA RACE",
        "ERROR: AddressSanitizer: ",
        "runtime error: ",
        "BUG: ",
        "Oops",
        "INFO: task ",
        "##[error]",
        "::error",
        "retrying",
        "attempt 2",
        "exited with 0",
        "Job succeeded",
        "x",
        "-",
        "_",
        "7",
        ".",
    ];

    /// The shapes by the forms alone.
    fn ungated(text: &[u8]) -> Set {
        let text = text.get(..LONGEST).unwrap_or(text);
        Set::of(FORMS.iter().filter(|form| form.fits(text)).map(|form| form.shape as u32))
    }

    #[test]
    fn the_forms_stand_in_the_order_of_the_shapes() {
        assert!(FORMS.iter().enumerate().all(|(at, form)| form.shape as usize == at));
        assert_eq!(FORMS.len(), SHAPES);
    }

    proptest! {
        #[test]
        fn no_gate_is_shut_to_a_line_of_its_form(
            parts in prop::collection::vec(prop::sample::select(PARTS), 0..6),
            noise in prop::collection::vec(any::<u8>(), 0..3),
        ) {
            let text = [parts.concat().as_bytes(), &noise].concat();
            prop_assert_eq!(shapes(&text), ungated(&text));
        }

        #[test]
        fn what_was_asked_before_changes_no_shape(
            parts in prop::collection::vec(prop::sample::select(PARTS), 0..6),
            asked in prop::collection::vec(0..SHAPES, 0..4),
        ) {
            let text = parts.concat();
            let looks = Looks::default();
            for member in asked {
                let shape = FORMS[member].shape;
                prop_assert_eq!(looks.have(text.as_bytes(), shape), ungated(text.as_bytes()).contains(shape as u32));
            }
            prop_assert_eq!(looks.all(text.as_bytes()), ungated(text.as_bytes()));
        }
    }
}
