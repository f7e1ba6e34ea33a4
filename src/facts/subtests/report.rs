//! What a log prints of one test and its parts.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::lines::{STEP, failed, indent, is_check, is_part, marked};
use crate::facts::failures::Event;
use crate::facts::runners::test_line;
use crate::facts::test_results::TestResults;
use crate::text::lines::{Index, Line};
use crate::text::records::Reader;

/// Lines of one test, before its verdict and below it, that are looked at.
const LONGEST: u64 = 5_000;

/// Lines within which what belongs together is shown together: a part's verdict and words, the first part and the whole.
const NEAR: u64 = 30;

/// Bytes of a line, and lines, that are kept.
const WIDEST: usize = 2_000;
const SHOWN: u64 = 200;

/// What is printed of a test and its parts.
#[derive(Default)]
pub struct Report {
    /// The failed parts as their verdicts stand below that on the whole, with the lines of these.
    verdicts: Vec<(String, u64)>,
    /// For each test, and each part, the lines that it printed as a check of its own.
    words: BTreeMap<String, RangeInclusive<u64>>,
}

impl Report {
    /// Returns the failed parts that have no failed parts, or words of their own.
    pub fn parts(&self) -> impl Iterator<Item = (&str, u64)> {
        let own = |(name, _): &&(String, u64)| self.has_words(name) || !self.has_parts(name);
        self.verdicts.iter().filter(own).map(|(name, line)| (name.as_str(), *line))
    }

    /// Returns the others.
    pub fn wholes(&self) -> impl Iterator<Item = &str> {
        let own = |(name, _): &&(String, u64)| !self.has_words(name) && self.has_parts(name);
        self.verdicts.iter().filter(own).map(|(name, _)| name.as_str())
    }

    /// Returns true if parts of a test failed.
    pub fn has_parts(&self, whole: &str) -> bool {
        self.verdicts.iter().any(|(name, _)| is_part(name, whole))
    }

    /// Returns true if a check of the test itself printed something.
    pub fn has_words(&self, test: &str) -> bool {
        self.words.contains_key(test)
    }

    fn add_words(&mut self, test: &str, line: u64) {
        let words = self.words.entry(test.to_owned()).or_insert(line..=line);
        *words = (*words.start()).min(line)..=(*words.end()).max(line);
    }
}

pub struct Log<'l> {
    pub index: &'l Index<'l>,
    pub reader: &'l Reader,
}

impl Log<'_> {
    fn lines(&self, first: u64, last: u64) -> impl Iterator<Item = (u64, String)> {
        let text = |line: Line<'_>| {
            let words = self.reader.message(line);
            String::from_utf8_lossy(words.get(..WIDEST).unwrap_or(&words)).into_owned()
        };
        self.index.range(first, last).map(move |line| (line.number, text(line)))
    }

    /// Reads the verdicts on parts below that on the test, and what each printed. `None` if the failure is told by no
    /// verdict on the test.
    pub fn report(&self, event: &Event, test: &str) -> Option<Report> {
        let mut report = Report::default();
        let mut lines = self.lines(event.headline, event.headline + LONGEST);
        let (_, head) = lines.next().filter(|(_, head)| failed(head).as_deref() == Some(test))?;
        // The verdicts round the line, the innermost last, with how far each is indented.
        let mut open = vec![(test.to_owned(), indent(&head))];
        let below = lines.filter(|(_, text)| !text.trim().is_empty());
        for (number, text) in below.take_while(|(_, text)| indent(text) > indent(&head)) {
            let own = indent(&text);
            let ended = test_line(text.as_bytes()).filter(|part| is_part(&part.id, test));
            open.retain(|(_, outer)| *outer < own);
            let owner = open.last().map(|(name, outer)| (name.clone(), own - outer));
            match (ended, owner) {
                (Some(part), _) => {
                    if part.stage.is_failure() {
                        report.verdicts.push((part.id.clone(), number));
                    }
                    open.push((part.id, own));
                }
                (None, Some((owner, STEP))) if is_check(&text) => report.add_words(&owner, number),
                _ => {}
            }
        }
        Some(report)
    }

    /// Returns the failure of a test in the words of its last check, if it printed one near its verdict.
    pub fn in_words(&self, mut event: Event, test: &str, report: &Report) -> Event {
        let Some((first, headline)) = report.words.get(test).cloned().map(RangeInclusive::into_inner) else {
            return event;
        };
        let says = self.lines(headline, headline).next().map(|(_, text)| text.trim().to_owned());
        let Some(says) = says.filter(|text| !text.ends_with(':')) else { return event };
        let (first, last) = (event.first_line.min(first), event.last_line.max(headline));
        if last - first <= NEAR {
            event.message = says;
            event.headline = headline;
            self.put(&mut event, first, last);
        }
        event
    }

    /// Reads what the test and its parts printed while they ran, where the log shows them begin.
    pub fn printed_before(&self, tests: &TestResults, event: &Event, test: &str, report: &mut Report) {
        let began = tests.ran.iter().rev().find(|ran| ran.name == test && ran.line < event.headline);
        let Some(began) = began else { return };
        let first = began.line.max(event.headline.saturating_sub(LONGEST));
        let mut running = None;
        for (number, text) in self.lines(first, event.headline - 1) {
            if let Some(name) = marked(&text) {
                running = Some(name.to_owned()).filter(|name| name == test || is_part(name, test));
            } else if let Some(running) = running.as_deref().filter(|_| is_check(&text)) {
                report.add_words(running, number);
            }
        }
    }

    /// Returns the failure of a part, whose verdict stands in a line.
    pub fn failure(&self, whole: &Event, part: &str, report: &Report, verdict: u64) -> Event {
        let words = report.words.get(part).cloned().unwrap_or(verdict..=verdict);
        // What a test says last before it ends tells why; what it only noted stands before that.
        let (first, headline) = words.into_inner();
        let above = first.checked_sub(verdict).is_some_and(|lines| lines <= NEAR);
        let says = self.lines(headline, headline).next().map(|(_, text)| text.trim().to_owned());
        let says = says.filter(|text| headline != verdict && !text.ends_with(':'));
        let mut event = Event {
            headline,
            message: says.unwrap_or_else(|| format!("{part} failed")),
            test: Some(part.to_owned()),
            stored: String::new(),
            ..whole.clone()
        };
        self.put(&mut event, if above { verdict } else { first }, headline);
        event
    }

    /// Shows the lines of the whole with its first part, if they are near.
    pub fn take_over(&self, part: &mut Event, whole: &Event) {
        let (first, last) = (part.first_line.min(whole.first_line), part.last_line.max(whole.last_line));
        if last - first <= NEAR {
            self.put(part, first, last);
        }
    }

    /// Says in which lines an event stands.
    fn put(&self, event: &mut Event, first: u64, last: u64) {
        (event.first_line, event.last_line) = (first, last);
        event.byte_start = self.index.line(first).map_or(event.byte_start, |line| line.start);
        event.byte_end = self.index.line(last).map_or(event.byte_end, |line| line.end());
        event.text = self.lines(first, last.min(first + SHOWN - 1)).map(|(_, text)| text).collect();
    }
}
