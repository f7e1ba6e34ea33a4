//! The XML of JUnit, xUnit.net, NUnit, CTest and Visual Studio, read as a stream: huge and broken files too.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::Verdict;
use super::case::Case;
use super::element::{CASES, Element, attribute};
use super::verdict::LineCounter;
use crate::error::Problem;

/// Elements in one another that are kept in mind: no runner nests so deep, and each end tag looks through them.
const DEEPEST: usize = 200;

/// How often reading starts again behind broken XML.
const RESTARTS: usize = 100;

/// Returns the verdicts of every test in `bytes`. Behind XML that is broken, reading goes on at the
/// next test.
pub(super) fn read(source: &str, bytes: &[u8]) -> (Vec<Verdict>, Vec<Problem>) {
    let text = same_length_text(bytes);
    let mut stream = Stream::new(source, &text);
    let mut position = 0;
    for _ in 0..RESTARTS {
        let Err((broken, error)) = stream.read_from(position) else { break };
        stream.broken(broken as u64, &error);
        let behind = text.get(broken + 1..).unwrap_or_default();
        let begins = |at: &usize| {
            CASES.iter().any(|case| behind.get(*at..).is_some_and(|rest| rest.starts_with(case)))
        };
        let Some(next) = memchr::memchr_iter(b'<', behind.as_bytes()).find(begins) else { break };
        position = broken + 1 + next;
    }
    stream.finish()
}

/// Returns the bytes as text of the same length: a byte that is not UTF-8 becomes a question mark,
/// so that every offset stays true.
fn same_length_text(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    Cow::Owned(text)
}

struct Stream<'a> {
    source: &'a str,
    text: &'a str,
    lines: LineCounter<'a>,
    verdicts: Vec<Verdict>,
    problems: Vec<Problem>,
    open: Vec<Element>,
    suites: Vec<Suite>,
    case: Option<Case>,
}

/// A suite whose tests are being read.
struct Suite {
    name: String,
    /// True if the suite failed because its tests did, or because the suite around it did: it tells nothing of its own.
    is_echo: bool,
}

impl Suite {
    fn of(element: &BytesStart<'_>) -> Self {
        // NUnit says where a suite failed.
        let site = attribute(element, "site");
        let is_echo = site.is_some_and(|site| matches!(site.as_str(), "Child" | "Parent"));
        Self { name: attribute(element, "name").unwrap_or_default(), is_echo }
    }
}

impl<'a> Stream<'a> {
    fn new(source: &'a str, text: &'a str) -> Self {
        let lines = LineCounter::new(text.as_bytes());
        let (verdicts, problems, open, suites) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { source, text, lines, verdicts, problems, open, suites, case: None }
    }

    /// Reads from the byte `base` to the end, or to the byte where the XML is broken.
    fn read_from(&mut self, base: usize) -> Result<(), (usize, Error)> {
        let mut reader = Reader::from_str(self.text.get(base..).unwrap_or_default());
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        loop {
            let start = base as u64 + reader.buffer_position();
            let event = reader.read_event();
            let end = base as u64 + reader.buffer_position();
            match event {
                Ok(Event::Eof) => return Ok(()),
                Ok(event) => self.event(&event, start, end),
                Err(error) => return Err((base + reader.error_position() as usize, error)),
            }
        }
    }

    fn event(&mut self, event: &Event<'_>, start: u64, end: u64) {
        match event {
            Event::Start(element) => self.begin(element, start),
            Event::Empty(element) => {
                self.begin(element, start);
                self.end(Element::of(element.local_name().as_ref()), end);
            }
            Event::End(element) => self.end(Element::of(element.local_name().as_ref()), end),
            Event::Text(text) => self.words(text, start, end),
            Event::CData(text) => self.words(text, start, end),
            Event::GeneralRef(reference) => self.words(&resolve(reference), start, end),
            _ => {}
        }
    }

    fn begin(&mut self, element: &BytesStart<'_>, start: u64) {
        let kind = Element::of(element.local_name().as_ref());
        match kind {
            Element::Case if is_listed(element) => return,
            Element::Case => {
                self.close_case(start);
                let suite = self.suites.last().map_or("", |suite| suite.name.as_str());
                self.case = Some(Case::new(element, suite, start));
            }
            Element::Suite if self.suites.len() < DEEPEST => {
                self.suites.push(Suite::of(element));
            }
            Element::Measurement | Element::Value => {
                let Some(case) = &mut self.case else { return };
                match kind {
                    Element::Value => case.measured().begin_value(element),
                    _ => case.measured().begin(element),
                }
            }
            Element::Ending(_)
                if self.case.is_none() && self.suites.last().is_some_and(|suite| suite.is_echo) => {}
            Element::Ending(outcome) => {
                let suite = self.suites.last().map(|suite| suite.name.clone());
                let case = self.case.get_or_insert_with(|| Case::of_suite(suite, start));
                case.begin_ending(outcome, element, start);
            }
            _ => {}
        }
        if self.open.len() < DEEPEST {
            self.open.push(kind);
        }
    }

    fn end(&mut self, kind: Element, end: u64) {
        let Some(depth) = self.open.iter().rposition(|open| *open == kind) else { return };
        self.open.truncate(depth);
        match kind {
            Element::Case => self.close_case(end),
            Element::Suite => {
                self.close_case(end);
                self.suites.pop();
            }
            Element::Ending(_) => {
                if let Some(case) = &mut self.case {
                    case.end_ending(end);
                }
                if !self.open.contains(&Element::Case) {
                    self.close_case(end);
                }
            }
            _ => {}
        }
    }

    fn words(&mut self, words: &str, start: u64, end: u64) {
        let Some(case) = &mut self.case else { return };
        let in_ending = self.open.iter().any(|open| matches!(open, Element::Ending(_)));
        match self.open.last() {
            Some(Element::Ending(_) | Element::Trace) => case.add_trace(words),
            Some(Element::Message) if in_ending => case.add_message(words),
            Some(Element::Output) if !in_ending => case.add_output(words, start..end),
            Some(Element::Value) => case.measured().add(words, start..end),
            Some(Element::Name) if self.open.iter().rev().nth(1) == Some(&Element::Case) => {
                case.add_name(words)
            }
            _ => {}
        }
    }

    fn close_case(&mut self, end: u64) {
        if let Some(case) = self.case.take() {
            self.verdicts.push(case.finish(end, &mut self.lines));
        }
    }

    /// Notes where the XML is broken. A test cut there counts only if its failure was told.
    fn broken(&mut self, position: u64, error: &Error) {
        let end = self.text.len() as u64;
        match self.case.take() {
            Some(case) if case.has_ending() => {
                self.verdicts.push(case.finish(end.min(position), &mut self.lines))
            }
            _ => {}
        }
        self.open.clear();
        let line = LineCounter::new(self.text.as_bytes()).line_at(position);
        let what = format!(
            "the XML is broken at byte {position} ({error}); read on at the next test, write it again"
        );
        self.problems.push(Problem { line: Some(line), ..Problem::incomplete(self.source, what) });
    }

    fn finish(mut self) -> (Vec<Verdict>, Vec<Problem>) {
        let end = self.text.len() as u64;
        let is_cut = self.problems.is_empty() && (self.case.is_some() || self.open.contains(&Element::Suite));
        if let Some(case) = self.case.take().filter(Case::has_ending) {
            self.verdicts.push(case.finish(end, &mut self.lines));
        }
        if is_cut {
            let what = format!(
                "the XML ends before its last element does; the {} tests before byte {end} are read, fetch it again for the rest",
                self.verdicts.len()
            );
            let line = Some(self.lines.line_at(end));
            self.problems.push(Problem { line, ..Problem::incomplete(self.source, what) });
        }
        (self.verdicts, self.problems)
    }
}

/// Returns true for a name in CTest's list of tests, which is of the same element as a test.
fn is_listed(element: &BytesStart<'_>) -> bool {
    element.local_name().as_ref() == "Test" && element.attributes_raw().trim().is_empty()
}

/// Returns what `&name;` stands for, or itself where that is unknown.
fn resolve(reference: &BytesRef<'_>) -> Cow<'static, str> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Cow::Owned(character.to_string());
    }
    match resolve_predefined_entity(reference) {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(format!("&{};", &**reference)),
    }
}
