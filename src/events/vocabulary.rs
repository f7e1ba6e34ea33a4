//! The classes of words in a line, found in one pass.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::dfa::DFA;
use serde::Deserialize;

use super::automaton::each_hit;
use super::set::Set;

const DATA: &str = include_str!("vocabulary.toml");

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
    each_hit(&vocabulary.automaton, text, |form, end| {
        let entry = &vocabulary.entries[form];
        if entry.fits(text, end - entry.length, end) {
            found.insert(entry.word as u32);
        }
    });
    found
}

struct Vocabulary {
    entries: Vec<Entry>,
    automaton: DFA,
}

struct Entry {
    word: Word,
    length: usize,
    open_left: bool,
    open_right: bool,
}

impl Entry {
    fn fits(&self, text: &[u8], start: usize, end: usize) -> bool {
        let edge =
            |byte: Option<&u8>| !byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let left = self.open_left || start.checked_sub(1).is_none_or(|before| edge(text.get(before)));
        left && (self.open_right || edge(text.get(end)) || !is_word(text.get(end - 1)))
    }
}

fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_alphanumeric)
}

fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| build(DATA).unwrap_or_else(|error| panic!("vocabulary.toml: {error}")))
}

fn build(data: &str) -> anyhow::Result<Vocabulary> {
    let table: BTreeMap<String, Vec<String>> = toml::from_str(data)?;
    let mut entries = Vec::new();
    let mut patterns = Vec::new();
    for (class, list) in table {
        let word = Word::deserialize(toml::Value::String(class))?;
        for form in list {
            let word_form = form.trim_matches('*').to_owned();
            let (open_left, open_right) = (form.starts_with('*'), form.ends_with('*'));
            entries.push(Entry { word, length: word_form.len(), open_left, open_right });
            patterns.push(word_form);
        }
    }
    let automaton = DFA::builder().ascii_case_insensitive(true).build(patterns)?;
    Ok(Vocabulary { entries, automaton })
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
}
