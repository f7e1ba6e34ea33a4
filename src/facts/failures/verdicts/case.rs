//! One test of a JUnit file while its elements stream by.

use std::ops::Range;

use quick_xml::events::BytesStart;

use super::element::{attribute, seconds, stated_outcome};
use super::measured::Measured;
use super::verdict::{LineCounter, first_words};
use super::{Outcome, Verdict};

/// How much of a text is kept, from its end.
const KEPT: usize = 64 << 10;

/// One test, or a suite that failed outside its tests.
#[derive(Default)]
pub(super) struct Case {
    test: Option<String>,
    file: Option<String>,
    line: Option<u64>,
    seconds: Option<f64>,
    stated: Option<Outcome>,
    start: u64,
    endings: Vec<Ending>,
    output: Part,
    measured: Measured,
}

/// One element that says how a test ended.
struct Ending {
    outcome: Outcome,
    class: Option<String>,
    message: String,
    text: Part,
}

/// Text, and where it stands in the file.
#[derive(Default)]
struct Part {
    text: String,
    span: Range<u64>,
}

impl Case {
    /// Returns the test that `element` begins at the byte `start`.
    pub(super) fn new(element: &BytesStart<'_>, suite: &str, start: u64) -> Self {
        let time = attribute(element, "time").or_else(|| attribute(element, "duration"));
        Self {
            test: test_name(element, suite).map(|test| cut(test, NAME)),
            file: attribute(element, "file")
                .or_else(|| attribute(element, "filepath"))
                .map(|file| cut(file, NAME)),
            line: attribute(element, "line").and_then(|line| line.parse().ok()),
            seconds: time.and_then(|text| seconds(&text)),
            stated: stated_outcome(element),
            ..Self::of_suite(None, start)
        }
    }

    /// Returns a case for what a suite says outside its tests.
    pub(super) fn of_suite(suite: Option<String>, start: u64) -> Self {
        Self { test: suite, start, ..Self::default() }
    }

    /// Takes the name of a test that has it as a child.
    pub(super) fn add_name(&mut self, name: &str) {
        self.test.get_or_insert_with(|| cut(name.trim().to_owned(), NAME));
    }

    pub(super) fn measured(&mut self) -> &mut Measured {
        &mut self.measured
    }

    pub(super) fn begin_ending(&mut self, outcome: Outcome, element: &BytesStart<'_>, start: u64) {
        let class = attribute(element, "type").or_else(|| attribute(element, "exception-type"));
        // Visual Studio tells why a test was not run where others tell why it failed.
        let outcome = self.stated.filter(|stated| *stated == Outcome::Skipped).unwrap_or(outcome);
        self.endings.push(Ending {
            outcome,
            class: class.map(|class| cut(class, NAME)),
            message: cut(attribute(element, "message").unwrap_or_default(), KEPT),
            text: Part { text: String::new(), span: start..start },
        });
    }

    pub(super) fn end_ending(&mut self, end: u64) {
        if let Some(ending) = self.endings.last_mut() {
            ending.text.span.end = end;
        }
    }

    pub(super) fn add_message(&mut self, text: &str) {
        if let Some(ending) = self.endings.last_mut() {
            push(&mut ending.message, text);
        }
    }

    pub(super) fn add_trace(&mut self, text: &str) {
        if let Some(ending) = self.endings.last_mut() {
            push(&mut ending.text.text, text);
        }
    }

    pub(super) fn add_output(&mut self, text: &str, span: Range<u64>) {
        if self.output.text.is_empty() {
            self.output.span.start = span.start;
        }
        self.output.span.end = span.end;
        push(&mut self.output.text, text);
    }

    /// Returns true if and only if something was said of how it ended.
    pub(super) fn has_ending(&self) -> bool {
        !self.endings.is_empty()
    }

    /// Returns the verdict of a case that ends at the byte `end`.
    pub(super) fn finish(mut self, end: u64, lines: &mut LineCounter<'_>) -> Verdict {
        let outcome = self.outcome();
        self.take_measured();
        let whole = self.start..end;
        let joined = self.endings.into_iter().filter(|ending| ending.outcome == outcome).reduce(join);
        let (class, mut message, mut part) = match joined {
            Some(ending) => (ending.class, ending.message, ending.text),
            None => (None, String::new(), Part { text: String::new(), span: whole }),
        };
        let failed = !matches!(outcome, Outcome::Passed | Outcome::Skipped);
        if failed && part.text.trim().is_empty() && !self.output.text.is_empty() {
            part.text = self.output.text;
            part.span.end = part.span.end.max(self.output.span.end);
        }
        if message.trim().is_empty() {
            message.clone_from(&part.text);
        }
        let span = part.span.start..part.span.end.clamp(part.span.start, end.max(part.span.start));
        Verdict {
            test: self.test,
            outcome,
            class,
            message: first_words(&message),
            text: part.text.trim_matches('\n').to_owned(),
            file: self.file,
            line: self.line,
            seconds: self.seconds,
            level: None,
            first_line: lines.line_at(span.start),
            last_line: lines.line_at(span.end.saturating_sub(1).max(span.start)),
            bytes: span,
        }
    }

    fn take_measured(&mut self) {
        self.seconds = self.seconds.or(self.measured.seconds);
        if let Some((text, span)) = std::mem::take(&mut self.measured).printed() {
            self.add_output(&text, span);
        }
    }

    /// A failure in the end outweighs everything; a failure before success makes it flaky.
    fn outcome(&self) -> Outcome {
        let order = [Outcome::Failed, Outcome::Errored, Outcome::Flaky, Outcome::Skipped];
        let has_ended = |outcome: &Outcome| self.endings.iter().any(|ending| ending.outcome == *outcome);
        order.into_iter().find(has_ended).or(self.stated).unwrap_or(Outcome::Passed)
    }
}

/// Bytes of a name that are kept; no runner writes a longer one.
const NAME: usize = 4 << 10;

/// Returns no more than the first bytes of an attribute.
fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
    }
    text
}

/// Puts two endings of one outcome together, as gtest writes one for each expectation.
fn join(mut first: Ending, second: Ending) -> Ending {
    first.text.span.end = second.text.span.end;
    push(&mut first.text.text, "\n");
    push(&mut first.text.text, &second.text.text);
    first
}

/// Appends, and forgets the beginning of what grows too long.
pub(super) fn push(text: &mut String, more: &str) {
    text.push_str(more);
    if text.len() > 2 * KEPT {
        text.drain(..text.ceil_char_boundary(text.len() - KEPT));
    }
}

/// Returns the test as its runner prints it in the log.
fn test_name(element: &BytesStart<'_>, suite: &str) -> Option<String> {
    // NUnit states it whole.
    let name = ["fullname", "name", "testName"].iter().find_map(|name| attribute(element, name))?;
    let Some(class) = attribute(element, "classname") else { return Some(name) };
    let is_whole = name.starts_with(&class) || name.contains("::");
    Some(match () {
        () if is_whole => name,
        () if suite == "pytest" => format!("{}::{name}", pytest_path(&class)),
        () => format!("{class}.{name}"),
    })
}

/// Returns `tests/unit/test_ring.py::TestRing` for `tests.unit.test_ring.TestRing`: a class begins
/// with a capital letter, a module does not.
fn pytest_path(class: &str) -> String {
    let parts: Vec<&str> = class.split('.').collect();
    let is_class = |part: &&str| part.starts_with(char::is_uppercase);
    let modules = parts.iter().position(is_class).unwrap_or(parts.len()).max(1);
    let (modules, classes) = parts.split_at(modules.min(parts.len()));
    let classes: String = classes.iter().map(|class| format!("::{class}")).collect();
    format!("{}.py{classes}", modules.join("/"))
}
