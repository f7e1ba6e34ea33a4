//! Every statement of an end in a log, wherever it stands.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::end::{End, Verdict};
use super::rule::{Rule, rules};
use super::{fronts, plan};
use crate::facts::chunks;
use crate::text::lines::{Index, Line, Literals};
use crate::text::records::{Reader, Record};

/// The statements of one log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// In the order of their lines; of several by one rule with one verdict on one subject the last.
    pub all: Vec<End>,
    /// Statements left out because those before them name too many subjects.
    pub left_out: u64,
}

/// Statements kept of one log, so that its memory is bounded.
pub const MOST: usize = 20_000;

/// Letters of a line that are kept.
const TEXT: usize = 300;

/// Lines below a line in which the verdict of a rule in two parts is looked for.
const BELOW: u64 = 4;

/// Strings of which every line that a rule reads holds one, derived from the rules.
static SOUGHT: LazyLock<Literals> = LazyLock::new(|| {
    let strings = rules().literals().unwrap_or_else(|faults| unreachable!("a test derives all: {faults}"));
    Literals::new(&strings.iter().map(String::as_str).collect::<Vec<_>>())
});

/// Returns every statement that something ended.
pub fn find(index: &Index<'_>, reader: &Reader) -> Ends {
    let (mut found, bytes) = (Found::default(), index.bytes());
    let look = |lines: Range<usize>| {
        let mut found = Found::default();
        for line in SOUGHT.lines(index, lines) {
            read(index, &reader.parse(line), reader, &mut |end| found.add(end));
        }
        found
    };
    chunks::each(bytes, look, |later| found.merge(later));
    if let Some(end) = plan::whole(index, reader) {
        found.add(end);
    }
    let mut all: Vec<End> = found.last.into_values().collect();
    all.sort_by(|a, b| (a.line, &a.rule).cmp(&(b.line, &b.rule)));
    Ends { all, left_out: found.left_out }
}

/// Statements by rule, verdict and subject.
#[derive(Default)]
struct Found {
    last: BTreeMap<(String, Verdict, Option<String>), End>,
    left_out: u64,
}

impl Found {
    fn add(&mut self, end: End) {
        let key = (end.rule.clone(), end.verdict, end.subject.clone());
        if let Some(held) = self.last.get_mut(&key) {
            *held = End { times: held.times + end.times, ..end };
        } else if self.last.len() < MOST {
            self.last.insert(key, end);
        } else {
            self.left_out += end.times;
        }
    }

    /// Adds what later lines state.
    fn merge(&mut self, later: Self) {
        self.left_out += later.left_out;
        later.last.into_values().for_each(|end| self.add(end));
    }
}

fn read(index: &Index<'_>, record: &Record<'_>, reader: &Reader, take: &mut dyn FnMut(End)) {
    // Behind a time of another form the mark is left to the words.
    let message = record.message.trim_ascii();
    let message = message.strip_prefix(b"##[error]").unwrap_or(message);
    if read_words(index, record, message, reader, take) {
        return;
    }
    let words =
        fronts::without_mark(message).or_else(|| fronts::behind_program(index, record.line.number, message));
    if let Some(words) = words {
        read_words(index, record, words, reader, take);
    }
}

/// Tries the rules on the words of a line; returns true if and only if one fits.
fn read_words(
    index: &Index<'_>,
    record: &Record<'_>,
    message: &[u8],
    reader: &Reader,
    take: &mut dyn FnMut(End),
) -> bool {
    let mut fits = false;
    for (at, rule, captures) in rules().firsts(message, record.line.bytes) {
        fits = true;
        if let Some(below) = rule.below() {
            take_below(index, reader, rule, below, record.line, take);
            continue;
        }
        let names = rules().groups(at);
        if let Some(read) = rule.read(&captures, names) {
            take(end(rule, read, record.line, message));
        }
    }
    fits
}

/// Reads the first of the next lines that says how it went.
fn take_below(
    index: &Index<'_>,
    reader: &Reader,
    rule: &Rule,
    below: &'static regex::bytes::Regex,
    line: Line<'_>,
    take: &mut dyn FnMut(End),
) {
    for line in index.range(line.number + 1, line.number + BELOW) {
        let record = reader.parse(line);
        let message = record.message.trim_ascii();
        if let Some(captures) = below.captures(message) {
            rule.read(&captures, below.capture_names())
                .into_iter()
                .for_each(|read| take(end(rule, read, line, message)));
            return;
        }
    }
}

fn end(rule: &Rule, read: super::rule::Read, line: Line<'_>, message: &[u8]) -> End {
    End {
        scope: rule.scope,
        verdict: read.verdict,
        line: line.number,
        text: String::from_utf8_lossy(message.get(..4 * TEXT).unwrap_or(message))
            .chars()
            .take(TEXT)
            .collect(),
        rule: rule.name.clone(),
        subject: read.subject,
        failed: read.failed,
        passed: read.passed,
        times: 1,
        closing: rule.closing,
    }
}
