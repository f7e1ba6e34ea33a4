//! Every statement of an end in a log, wherever it stands.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::end::{End, Scope, Verdict};
use super::rule::{Rule, rules};
use super::{counted, fronts, plan};
#[cfg(test)]
use crate::facts::scan;
use crate::text::lines::{Index, Line, split};
use crate::text::records::Reader;

/// The statements of one log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// In the order of their lines; of several by one rule with one verdict on one subject the last, but of a whole job
    /// or run the first ones, too.
    pub all: Vec<End>,
    /// Statements left out because those before them name too many subjects.
    pub left_out: u64,
}

/// Statements kept of one log, so that its memory is bounded.
pub const MOST: usize = 20_000;

/// Bytes at the end of a log in which a line must stand that counts only where the log ends with it: far more than are
/// looked at behind it, as `closing.rs` says, and than a report has.
const TAIL: usize = 1 << 20;

/// Bytes in which it must stand where next to nothing may follow: the longest report that has such a line, and some more. A
/// flood of errors asks the rules of last words no farther.
const LAST_WORDS: usize = 1 << 16;

/// Drops of some rules those that would not count, as the line that begins at `start` stands too far from the end of a log
/// of so many bytes.
pub fn drop_closing(rows: &mut Vec<usize>, start: usize, bytes: usize) {
    if start.saturating_add(LAST_WORDS) < bytes {
        rows.retain(|row| TAILS.get(*row).is_some_and(|tail| start.saturating_add(*tail) >= bytes));
    }
}

/// Returns true if and only if a rule counts however far it stands from the end of a log.
pub fn counts_anywhere(row: usize) -> bool {
    TAILS.get(row).is_some_and(|tail| *tail == usize::MAX)
}

/// Returns true if and only if before `place` of a log of so many bytes only rules count that count anywhere.
pub fn is_far_from_end(place: usize, bytes: usize) -> bool {
    place.saturating_add(TAIL) < bytes
}

/// For each rule how far from the end of a log it is asked.
static TAILS: LazyLock<Vec<usize>> = LazyLock::new(|| rules().rows().map(tail).collect());

/// Returns how far from the end of a log a rule is asked, in bytes.
fn tail(rule: &Rule) -> usize {
    match (rule.last_words, rule.closing) {
        (true, _) => LAST_WORDS,
        (false, true) => TAIL,
        (false, false) => usize::MAX,
    }
}

/// Letters of a line that are kept.
const TEXT: usize = 300;

/// Lines below a line in which the verdict of a rule in two parts is looked for.
const BELOW: usize = 4;

/// Returns every statement that something ended.
#[cfg(test)]
pub fn find(index: &Index<'_>, reader: &Reader) -> Ends {
    scan::scan(index.bytes(), reader, &|_| {}).1.ends.ends(index, reader)
}

/// Statements by rule, verdict and subject, and those that tell the runs of one log apart by their lines.
#[derive(Default)]
pub struct Found {
    last: BTreeMap<Key, End>,
    left_out: u64,
}

type Key = (String, Verdict, Option<String>, Option<u64>);

/// Statements that tell the runs of one log apart that are kept of one log.
const BORDERS: usize = 1000;

/// A line with the log that it stands in.
pub struct Place<'l, 'a> {
    pub line: Line<'a>,
    /// Its words.
    pub message: &'l [u8],
    pub reader: &'l Reader,
    /// The bytes of the log before the line, and those behind it.
    pub above: &'a [u8],
    pub below: &'a [u8],
}

impl Found {
    /// Takes what a line says by one of these rules, each named once.
    pub fn take(&mut self, rows: &[usize], place: &Place<'_, '_>) {
        // Behind a time of another form the mark is left to the words.
        let message = place.message.trim_ascii();
        let message = message.strip_prefix(b"##[error]").unwrap_or(message);
        if self.take_words(rows, place, message) {
            return;
        }
        let words = fronts::without_mark(message)
            .or_else(|| fronts::behind_program(place.below, message))
            .or_else(|| fronts::behind_caller(place.above, place.below, message));
        let Some(words) = words.filter(|words| !self.take_words(rows, place, words)) else { return };
        if let Some(words) = fronts::without_mark(words) {
            self.take_words(rows, place, words);
        }
    }

    /// Tries the rules on the words of a line; returns true if and only if one fits.
    fn take_words(&mut self, rows: &[usize], place: &Place<'_, '_>, words: &[u8]) -> bool {
        let (mut fits, line) = (false, place.line);
        for (at, rule, captures) in rules().firsts(rows.iter().copied(), words, line.bytes) {
            // What counts only as the last words is said more exactly by others, behind a mark perhaps.
            fits |= !rule.last_words;
            if let Some(below) = rule.below() {
                take_below(rule, below, place).into_iter().for_each(|end| self.add(end));
                continue;
            }
            let read = rule.read(&captures, rules().groups(at));
            read.into_iter().for_each(|read| self.add(end(rule, read, line.number, words)));
        }
        fits
    }

    fn add(&mut self, end: End) {
        let is_border = end.scope >= Scope::Job && end.verdict != Verdict::Fail;
        let line = Some(end.line).filter(|_| is_border && self.last.len() < BORDERS);
        let key = (end.rule.clone(), end.verdict, end.subject.clone(), line);
        if let Some(held) = self.last.get_mut(&key) {
            let times = held.times + end.times;
            // What a later part of the log states comes in no order.
            *held = if end.line < held.line { held.clone() } else { end };
            held.times = times;
        } else if self.last.len() < MOST {
            self.last.insert(key, end);
        } else {
            self.left_out += end.times;
        }
    }

    /// Adds what later lines state, which count from the line behind `before`.
    pub fn merge(&mut self, later: Self, before: u64) {
        self.left_out += later.left_out;
        let ends = later.last.into_values();
        ends.for_each(|end| self.add(End { line: before + end.line, ..end }));
    }

    /// Returns the statements, with that of a whole plan of tests and that of the counts at the end.
    pub fn ends(mut self, index: &Index<'_>, reader: &Reader) -> Ends {
        plan::whole(index, reader).into_iter().for_each(|end| self.add(end));
        counted::last(index, reader).into_iter().for_each(|end| self.add(end));
        let mut all: Vec<End> = self.last.into_values().collect();
        all.sort_by(|a, b| (a.line, &a.rule).cmp(&(b.line, &b.rule)));
        Ends { all, left_out: self.left_out }
    }
}

/// Reads the first of the next lines that says how it went.
fn take_below(rule: &Rule, below: &'static regex::bytes::Regex, place: &Place<'_, '_>) -> Option<End> {
    split(place.below).take(BELOW).find_map(|line| {
        let number = place.line.number + line.number;
        let message = place.reader.message(Line { number, ..line });
        let message = message.trim_ascii();
        let captures = below.captures(message)?;
        Some(rule.read(&captures, below.capture_names()).map(|read| end(rule, read, number, message)))
    })?
}

fn end(rule: &Rule, read: super::rule::Read, line: u64, message: &[u8]) -> End {
    End {
        scope: rule.scope,
        verdict: read.verdict,
        line,
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
        last_words: rule.last_words,
        loose: rule.loose,
    }
}
