//! The classes of words in a line, found in one pass.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::set::Set;
use crate::rules::{Automaton, Embedded, table};

const DATA: Embedded = table!("vocabulary");

/// A class of words in `vocabulary.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Word {
    Error,
    Exception,
    Failure,
    Fatal,
    Panic,
    Abort,
    Trace,
    Signal,
    Kill,
    Timeout,
    Hang,
    Assertion,
    Inability,
    Absence,
    Denial,
    Expectation,
    Invalidity,
    Excess,
    Warning,
    Deprecation,
    Success,
    Done,
    Skip,
    Detail,
    Advice,
    Exit,
    Retry,
    Progress,
    Test,
    Summary,
    Race,
    Hardware,
    Cause,
    Conclusion,
}

const WORDS: [Word; 34] = [
    Word::Error,
    Word::Exception,
    Word::Failure,
    Word::Fatal,
    Word::Panic,
    Word::Abort,
    Word::Trace,
    Word::Signal,
    Word::Kill,
    Word::Timeout,
    Word::Hang,
    Word::Assertion,
    Word::Inability,
    Word::Absence,
    Word::Denial,
    Word::Expectation,
    Word::Invalidity,
    Word::Excess,
    Word::Warning,
    Word::Deprecation,
    Word::Success,
    Word::Done,
    Word::Skip,
    Word::Detail,
    Word::Advice,
    Word::Exit,
    Word::Retry,
    Word::Progress,
    Word::Test,
    Word::Summary,
    Word::Race,
    Word::Hardware,
    Word::Cause,
    Word::Conclusion,
];

/// The classes that say that something went wrong, whatever the line is about.
pub const WRONG: Set = Set::EMPTY
    .with(Word::Error as u32)
    .with(Word::Exception as u32)
    .with(Word::Failure as u32)
    .with(Word::Fatal as u32)
    .with(Word::Panic as u32)
    .with(Word::Abort as u32)
    .with(Word::Trace as u32)
    .with(Word::Signal as u32)
    .with(Word::Kill as u32)
    .with(Word::Timeout as u32)
    .with(Word::Hang as u32)
    .with(Word::Assertion as u32)
    .with(Word::Inability as u32)
    .with(Word::Absence as u32)
    .with(Word::Denial as u32)
    .with(Word::Expectation as u32)
    .with(Word::Invalidity as u32)
    .with(Word::Excess as u32)
    .with(Word::Race as u32);

/// Classes of words in which reasons are told.
const REASONS: Set = Set::EMPTY
    .with(Word::Inability as u32)
    .with(Word::Absence as u32)
    .with(Word::Expectation as u32)
    .with(Word::Invalidity as u32)
    .with(Word::Excess as u32);

/// Returns true if and only if words of these classes say why a test was skipped, and so nothing that went wrong
/// in this run.
pub fn skips(words: Set) -> bool {
    words.contains(Word::Skip as u32)
        && words.contains(Word::Test as u32)
        && !words.meets(WRONG.without(REASONS))
}

/// How many classes there are.
pub const WORD_CLASSES: usize = WORDS.len();

/// The names of the classes, in the order of their bits.
pub fn word_names() -> impl Iterator<Item = String> {
    WORDS.iter().map(|word| format!("{word:?}"))
}

/// Returns the classes of words that `text` holds.
pub fn classes(text: &[u8]) -> Set {
    let vocabulary = vocabulary();
    let mut found = Set::default();
    vocabulary.automaton.each_hit(text, |form, end| {
        let entry = vocabulary.entries.get(form);
        if let Some(entry) = entry.filter(|entry| entry.fits(text, end - entry.length, end)) {
            found.insert(entry.word as u32);
        }
    });
    found
}

struct Vocabulary {
    entries: Vec<Entry>,
    automaton: Automaton,
}

struct Entry {
    word: Word,
    length: usize,
    open_left: bool,
    open_right: bool,
    /// True for a single word of letters, which may be part of a name.
    single: bool,
}

impl Entry {
    fn fits(&self, text: &[u8], start: usize, end: usize) -> bool {
        let edge =
            |byte: Option<&u8>| !byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let before = start.checked_sub(1).and_then(|before| text.get(before));
        // `ParseError` and `parse_error` are errors, `thiserror` is a name.
        let inner =
            self.open_left && (text.get(start).is_some_and(u8::is_ascii_uppercase) || before == Some(&b'_'));
        let left = edge(before) || inner;
        let whole = left && (self.open_right || edge(text.get(end)) || !is_word(text.get(end - 1)));
        whole && !(self.single && in_name(text, start, end))
    }
}

/// Returns true if and only if the word is part of a path, of a dotted or hyphened name, or quoted
/// alone: `src/errors/mod.rs`, `fail-fast`, `--fail`, `unused variable 'error'`. Capitals begin the classes of
/// errors and the marks of tools: `java.lang.Error`, `TEST-UNEXPECTED-FAIL`.
fn in_name(text: &[u8], start: usize, end: usize) -> bool {
    let capital = text.get(start).is_some_and(u8::is_ascii_uppercase);
    let joins = |byte: u8| matches!(byte, b'/' | b'\\') || matches!(byte, b'.' | b'-') && !capital;
    let at = |place: Option<usize>| place.and_then(|place| text.get(place)).copied();
    let (before, after) = (at(start.checked_sub(1)), at(Some(end)));
    let joined_left = before.is_some_and(joins)
        && at(start.checked_sub(2)).is_some_and(|byte| byte.is_ascii_alphanumeric());
    let joined_right =
        after.is_some_and(joins) && at(Some(end + 1)).is_some_and(|byte| byte.is_ascii_alphanumeric());
    let quoted = before == after && matches!(before, Some(b'\'' | b'`'));
    let option =
        before == Some(b'-') && !capital && matches!(at(start.checked_sub(2)), None | Some(b'-' | b' '));
    joined_left || joined_right || quoted || option || is_choice(text, start, end)
}

/// Returns true if and only if the word is one of those that a usage offers: `{warn|fatal|quiet}`.
fn is_choice(text: &[u8], start: usize, end: usize) -> bool {
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'|' | b'-' | b'_');
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    let (left, right) = (before.iter().rev().take_while(part).count(), after.iter().take_while(part).count());
    let beside = before.last() == Some(&b'|') || after.first() == Some(&b'|');
    let opened = before.len().checked_sub(left + 1).and_then(|at| before.get(at));
    let framed = matches!(
        (opened, after.get(right)),
        (Some(b'{'), Some(b'}'))
            | (Some(b'['), Some(b']'))
            | (Some(b'('), Some(b')'))
            | (Some(b'<'), Some(b'>'))
    );
    beside && framed
}

fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_alphanumeric)
}

/// Makes the search now.
pub fn prepare() {
    vocabulary();
}

fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| build().unwrap_or_else(|error| panic!("vocabulary.toml: {error}")))
}

fn build() -> anyhow::Result<Vocabulary> {
    let table: BTreeMap<String, Vec<String>> = DATA.read();
    let mut entries = Vec::new();
    let mut patterns = Vec::new();
    for (class, list) in table {
        let word = Word::deserialize(serde_json::Value::String(class))?;
        for form in list {
            let word_form = form.trim_matches('*').to_owned();
            entries.push(Entry {
                word,
                length: word_form.len(),
                open_left: form.starts_with('*'),
                open_right: form.ends_with('*'),
                single: word_form.bytes().all(|byte| byte.is_ascii_alphabetic()),
            });
            patterns.push(word_form);
        }
    }
    Ok(Vocabulary { entries, automaton: Automaton::new(&patterns) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Word]) {
        let found: Vec<Word> = classes(text.as_bytes()).iter().map(|bit| WORDS[bit as usize]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_count_whole_unless_the_file_leaves_an_end_open() {
        check("available email detail", &[]);
        check("java.lang.NullPointerException", &[Word::Exception, Word::Signal]);
        check("make: *** [all] Error 2", &[Word::Error, Word::Exception, Word::Conclusion]);
        check("Test PASSED", &[Word::Success, Word::Test]);
        check("connection timed out", &[Word::Timeout, Word::Denial]);
    }

    #[test]
    fn a_reason_for_a_skip_is_no_failure() {
        let is_skip = |text: &str| skips(classes(text.as_bytes()));
        assert!(is_skip("SKIPPED [8] tests/test_ring.py:21: PCC mismatch, not supported"));
        assert!(!is_skip("SKIPPED [8] tests/test_ring.py:21: failed to import ring"));
        assert!(!is_skip("tests/test_ring.py:21: PCC mismatch, not supported"));
    }

    #[test]
    fn parts_of_names_say_nothing() {
        check("src/errors/mod.rs and docs/error.md, thiserror, --no-fail-fast", &[]);
        check("warning: unused variable 'error'", &[Word::Invalidity, Word::Warning]);
        check("+ ring wait --timeout=300s -fatal", &[]);
        check("[--strictness {warn|fatal|quiet}] [error|panic]", &[]);
        check("12:00|error|ring 3", &[Word::Error, Word::Exception]);
        check("TEST-UNEXPECTED-FAIL | a", &[Word::Failure, Word::Invalidity, Word::Test]);
        check("heap-buffer-overflow on address", &[Word::Signal]);
        check("Got an error.", &[Word::Error, Word::Exception]);
    }
}
