//! What a file of verdicts says about one test.

use std::ops::Range;

use crate::facts::failures::compared::compared;
use crate::facts::failures::{Event, Kind, Role, TakenBy, assemble};
use crate::text::lines::Index;
use crate::text::records::{Level, Reader};

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Passed,
    /// An assertion did not hold.
    Failed,
    /// It broke before or beside its assertions: in setup, in teardown, by an exception.
    Errored,
    Skipped,
    /// It failed first and passed when run again.
    Flaky,
}

/// What a file of verdicts says about one test, or about one place where a check complains.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The test as its runner prints it, with parameters; `None` where no test is named.
    pub test: Option<String>,
    /// An annotation that is not of the level `failure` counts as passed.
    pub outcome: Outcome,
    /// The type of the error, as in `type="AssertionError"`.
    pub class: Option<String>,
    /// One line that says it best; empty where there is none.
    pub message: String,
    /// All that is told of the failure, or what the test printed where nothing else is told; the
    /// last 64 KiB of it.
    pub text: String,
    /// The file of the test or of the complaint.
    pub file: Option<String>,
    /// The 1-based line in `file`.
    pub line: Option<u64>,
    /// How long the test ran, in seconds.
    pub seconds: Option<f64>,
    /// The level of an annotation: notice, warning or failure.
    pub level: Option<Level>,
    /// Where it stands in the file of verdicts, as stored: the failure, or the whole test.
    pub bytes: Range<u64>,
    /// The 1-based lines of `bytes`, both inclusive.
    pub first_line: u64,
    pub last_line: u64,
}

impl Verdict {
    /// Returns what failed, as an event of its own. Where the file says only that it failed, what the test printed
    /// says how.
    pub fn into_event(self) -> Event {
        let printed = says_nothing(&self.message).then(|| printed(&self.text)).flatten();
        let (message, class, frames) = match printed {
            Some(event) => (event.message, event.class.or(self.class), event.frames),
            None => (self.message, self.class, Vec::new()),
        };
        let lines = self.first_line..=self.last_line;
        Event {
            class,
            frames,
            test: self.test,
            text: self.text.lines().map(str::to_owned).collect(),
            ..Event::new(Kind::Test, TakenBy::Verdict, lines, self.bytes, message)
        }
    }

    /// Returns true if and only if the test failed or errored in the end.
    pub fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Failed | Outcome::Errored)
    }
}

/// Returns true if and only if a message repeats the verdict, as CTest's does.
fn says_nothing(message: &str) -> bool {
    let words = message.trim().trim_end_matches(['.', '!']).to_ascii_lowercase();
    ["", "fail", "failed", "failure", "error", "errored", "test failed"].contains(&words.as_str())
}

/// Returns the first failure that a test printed.
fn printed(text: &str) -> Option<Event> {
    let reader = Reader::guess(text.as_bytes());
    let events = assemble(&Index::new(text.as_bytes()), &reader);
    events.into_iter().find(|event| event.role == Role::Root)
}

/// Returns the first line of `text` that says something, and what it announces; a bare place like
/// `ring.cpp:56`, as gtest writes before the words, only where nothing follows.
pub(super) fn first_words(text: &str) -> String {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default().trim();
    let words = if is_place(first) { lines.next().map_or(first, str::trim) } else { first };
    compared(words, lines)
}

fn is_place(line: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    !line.contains(' ') && line.rsplit_once(':').is_some_and(|(_, number)| digits(number))
}

/// Counts lines on the way through a file, forward only.
pub(super) struct LineCounter<'a> {
    bytes: &'a [u8],
    position: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0, line: 1 }
    }

    /// Returns the 1-based line that holds the byte at `position`, which is not before the last one.
    pub(super) fn line_at(&mut self, position: u64) -> u64 {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.bytes.len());
        let passed = self.bytes.get(self.position..position).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.position = self.position.max(position);
        self.line
    }
}
