//! A regex on bytes of the rules, made when it is first asked: most are never needed in one run.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex, RegexBuilder};
use serde::Deserialize;

use super::needs::Need;

/// A regex as a file of rules has it; the tests of the rules make each.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub struct LazyRegex {
    text: String,
    need: OnceLock<Need>,
    made: OnceLock<Regex>,
}

impl From<String> for LazyRegex {
    fn from(text: String) -> Self {
        Self { text, need: OnceLock::new(), made: OnceLock::new() }
    }
}

impl LazyRegex {
    /// Returns the regex as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the regex.
    pub fn get(&self) -> &Regex {
        self.made.get_or_init(|| {
            let built = RegexBuilder::new(&self.text).unicode(false).build();
            built.unwrap_or_else(|error| unreachable!("a test makes all: {error}"))
        })
    }

    /// Returns false if it can match no part of `text`, as a string is missing.
    pub fn may_match(&self, text: &[u8]) -> bool {
        self.need.get_or_init(|| Need::of(&self.text)).holds(text)
    }

    /// Returns what its groups take of a text that it matches.
    pub fn captures<'t>(&self, text: &'t [u8]) -> Option<Captures<'t>> {
        // Most texts do not match, and to say so without captures costs a tenth.
        (self.may_match(text) && self.get().is_match(text)).then(|| self.get().captures(text))?
    }
}
