//! The classes of words in a line, found in one pass.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::set::Set;

const DATA: &str = include_str!("vocabulary.toml");

/// The names of the classes, in the order of their bits.
pub fn class_names() -> &'static [String] {
    &vocabulary().classes
}

/// Returns the bit of a class named in `vocabulary.toml`.
///
/// # Panics
/// On a name that the file does not have, which only a change of the source can cause.
pub fn class(name: &str) -> u32 {
    let position = vocabulary().classes.iter().position(|class| class == name);
    position.unwrap_or_else(|| panic!("no class {name:?} in vocabulary.toml")) as u32
}

/// Returns the classes of words that `text` holds.
pub fn classes(text: &[u8]) -> Set {
    let vocabulary = vocabulary();
    let mut found = Set::default();
    for hit in vocabulary.automaton.find_overlapping_iter(text) {
        let word = &vocabulary.words[hit.pattern().as_usize()];
        if word.fits(text, hit.start(), hit.end()) {
            found.insert(word.class);
        }
    }
    found
}

struct Vocabulary {
    classes: Vec<String>,
    words: Vec<Word>,
    automaton: AhoCorasick,
}

struct Word {
    class: u32,
    open_left: bool,
    open_right: bool,
}

impl Word {
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
    let table: toml::Table = data.parse()?;
    let mut classes = Vec::new();
    let mut words = Vec::new();
    let mut patterns = Vec::new();
    for (class, list) in table {
        let list: Vec<String> = list.try_into()?;
        for word in list {
            words.push(Word {
                class: classes.len() as u32,
                open_left: word.starts_with('*'),
                open_right: word.ends_with('*'),
            });
            patterns.push(word.trim_matches('*').to_owned());
        }
        classes.push(class);
    }
    anyhow::ensure!(classes.len() <= Set::CAPACITY, "more classes than a set holds");
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .start_kind(aho_corasick::StartKind::Unanchored)
        .kind(Some(AhoCorasickKind::DFA))
        .build(patterns)?;
    Ok(Vocabulary { classes, words, automaton })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> =
            classes(text.as_bytes()).iter().map(|bit| class_names()[bit as usize].as_str()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_count_whole_unless_the_file_leaves_an_end_open() {
        check("available email detail", &[]);
        check("java.lang.NullPointerException", &["exception", "signal"]);
        check("make: *** [all] Error 2", &["error", "exception", "conclusion"]);
        check("Test PASSED", &["success", "test"]);
        check("connection timed out", &["timeout", "denial"]);
    }
}
