//! A regex on bytes of the rules, made when it is first asked: most are never needed in one run.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex, RegexBuilder};
use regex_automata::meta::Regex as Matcher;
use serde::Deserialize;

use super::matcher::matcher;
use super::needs::Need;
use super::sketch::Sketch;

/// A regex as a file of rules has it; the tests of the rules make each.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub struct LazyRegex {
    text: String,
    need: OnceLock<Need>,
    /// Says yes or no, which is all that most texts need.
    matcher: OnceLock<Matcher>,
    made: OnceLock<Regex>,
}

impl From<String> for LazyRegex {
    fn from(text: String) -> Self {
        Self { text, need: OnceLock::new(), matcher: OnceLock::new(), made: OnceLock::new() }
    }
}

impl LazyRegex {
    /// Returns the regex as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns true if and only if it matches a part of `text`.
    pub fn is_match(&self, text: &[u8]) -> bool {
        let make = || matcher(&self.text, false).unwrap_or_else(|| unreachable!("a test makes all"));
        self.matcher.get_or_init(make).is_match(text)
    }

    /// Returns the regex with its captures.
    pub fn get(&self) -> &Regex {
        self.made.get_or_init(|| {
            let built = RegexBuilder::new(&self.text).unicode(false).build();
            built.unwrap_or_else(|error| unreachable!("a test makes all: {error}"))
        })
    }

    /// Returns false if it can match no part of a text, as something is missing.
    pub fn may_match(&self, text: &Sketch<'_>) -> bool {
        self.need.get_or_init(|| Need::of(&self.text)).holds(text)
    }

    /// Returns what its groups take of a text that it matches.
    pub fn captures<'t>(&self, sketch: &Sketch<'t>) -> Option<Captures<'t>> {
        let text = sketch.text();
        (self.may_match(sketch) && self.is_match(text)).then(|| self.get().captures(text))?
    }
}
