//! Single words that say how something is. They are the rows of `verdict_words.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::rules::{Embedded, table};

const DATA: Embedded = table!("verdict_words");

/// The words, made when first asked for.
pub static WORDS: LazyLock<VerdictWords> = LazyLock::new(|| DATA.read());

#[derive(Deserialize)]
pub struct VerdictWords {
    pub good: Words,
    pub bad: Words,
    pub forgiven: Words,
    pub passed: Words,
    pub failed: Words,
    pub left_out: Words,
    pub all: Words,
    pub things: Words,
}

#[derive(Deserialize)]
pub struct Words(Vec<String>);

impl Words {
    /// Returns true if and only if this is one of them, in whatever case.
    pub fn hold(&self, word: &str) -> bool {
        self.0.iter().any(|known| word.eq_ignore_ascii_case(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_held_in_whatever_case_and_means_one_thing() {
        assert!(WORDS.good.hold("OK") && !WORDS.good.hold("okapi"), "whole words");
        for (one, other) in
            [(&WORDS.good, &WORDS.bad), (&WORDS.passed, &WORDS.failed), (&WORDS.left_out, &WORDS.failed)]
        {
            assert!(!one.0.iter().any(|word| other.hold(word)), "{:?} and {:?}", one.0, other.0);
        }
    }
}
