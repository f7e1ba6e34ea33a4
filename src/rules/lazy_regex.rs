//! A regex on bytes of the rules, made when it is first asked: most are never needed in one run.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex, RegexBuilder};
use regex_automata::meta::{Config, Regex as Matcher};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;
use serde::Deserialize;

use super::derivation::Case;
use super::needs::Need;
use super::sketch::Sketch;

/// The size of a regex that the `regex` crate allows, in bytes.
const LARGEST: usize = 10 << 20;

/// A regex as a file of rules has it. Where the engine refuses one that parses, for its size, it never matches; the tests
/// of the rules make each that is part of the program.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub struct LazyRegex {
    text: String,
    letters: Letters,
    need: OnceLock<Need>,
    /// Says yes or no, which is all that most texts need.
    matcher: OnceLock<Option<Matcher>>,
    made: OnceLock<Option<Regex>>,
}

/// How a regex is asked, as to capitals and small letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    AsWritten,
    /// As they are written, but [`LazyRegex::may_match`] is asked of the text in lower case.
    SoughtInLowerCase,
    /// In any case, and [`LazyRegex::may_match`] is asked of the text in lower case.
    AnyCase,
}

impl From<String> for LazyRegex {
    fn from(text: String) -> Self {
        Self::new(text, Letters::AsWritten)
    }
}

impl LazyRegex {
    pub fn new(text: String, letters: Letters) -> Self {
        Self { text, letters, need: OnceLock::new(), matcher: OnceLock::new(), made: OnceLock::new() }
    }

    /// Returns the regex as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns true if and only if it matches a part of `text`.
    pub fn is_match(&self, text: &[u8]) -> bool {
        let make = || matcher(&self.text, self.letters == Letters::AnyCase);
        self.matcher.get_or_init(make).as_ref().is_some_and(|matcher| matcher.is_match(text))
    }

    /// Returns the regex with its captures; `None` if the engine refuses it.
    pub fn get(&self) -> Option<&Regex> {
        let any_case = self.letters == Letters::AnyCase;
        let make = || RegexBuilder::new(&self.text).unicode(false).case_insensitive(any_case).build().ok();
        self.made.get_or_init(make).as_ref()
    }

    /// Returns false if it can match no part of a text, as something is missing.
    pub fn may_match(&self, text: &Sketch<'_>) -> bool {
        let case = if self.letters == Letters::AsWritten { Case::Kept } else { Case::Folded };
        self.need.get_or_init(|| Need::of(&self.text, case)).holds(text)
    }

    /// Returns what its groups take of a text that it matches.
    pub fn captures<'t>(&self, sketch: &Sketch<'t>) -> Option<Captures<'t>> {
        let text = sketch.text();
        (self.may_match(sketch) && self.is_match(text)).then(|| self.get()?.captures(text))?
    }
}

/// Makes a regex on bytes that only says yes or no; `None` if it does not parse or grows too large.
///
/// It costs a third of one of the `regex` crate, as it does not look for literals of its own to search
/// for: whoever asks it has found them already.
fn matcher(regex: &str, any_case: bool) -> Option<Matcher> {
    let syntax = syntax::Config::new().unicode(false).utf8(false).case_insensitive(any_case);
    let engines = Config::new()
        .auto_prefilter(false)
        .which_captures(WhichCaptures::None)
        .nfa_size_limit(Some(LARGEST))
        .utf8_empty(false);
    Matcher::builder().syntax(syntax).configure(engines).build(regex).ok()
}
