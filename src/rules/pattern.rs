//! What a text must be, and must not be, to be what a rule is about.

use super::lazy_regex::{LazyRegex, Letters};
use super::sketch::Sketch;

/// A regex, and one for the texts that it does not read after all.
#[derive(Debug)]
pub struct Pattern {
    pub regex: LazyRegex,
    pub unless: Option<LazyRegex>,
}

impl Pattern {
    pub fn new(regex: String, unless: Option<String>, letters: Letters) -> Self {
        let lazy = |text| LazyRegex::new(text, letters);
        Self { regex: lazy(regex), unless: unless.map(lazy) }
    }

    /// Returns true if and only if the text is what the rule is about.
    pub fn reads(&self, text: &[u8]) -> bool {
        self.regex.is_match(text) && !self.unless.as_ref().is_some_and(|unless| unless.is_match(text))
    }

    /// Returns false if it reads no part of a text, as something is missing.
    pub fn may_read(&self, text: &Sketch<'_>) -> bool {
        self.regex.may_match(text)
    }

    /// Returns true if and only if the engine takes both regexes.
    #[cfg(test)]
    pub fn can_be_made(&self) -> bool {
        self.regex.get().is_some() && self.unless.as_ref().is_none_or(|unless| unless.get().is_some())
    }
}
