//! One known failure, as a file in `signatures/` tells it.

use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};
use regex_automata::meta::Regex as Matcher;
use serde::Deserialize;

use crate::facts::failures::{Kind, Role};
use crate::rules::{Need, Sketch, literals, matcher};
use crate::signatures::cause::Cause;
use crate::signatures::document::{Document, check_captures, check_regexes};
use crate::signatures::problem::CatalogError;

/// The names that a capture of a pattern may have.
pub const CAPTURES: [&str; 22] = [
    "bdf", "chip", "code", "core", "device", "errno", "file", "host", "limit", "line", "link", "lock",
    "path", "pid", "port", "rank", "signal", "status", "task", "test", "what", "xid",
];

/// A known failure.
#[derive(Debug)]
pub struct Entry {
    /// The path below `signatures/` without `.toml`, such as `tt-metal/device-timeout`.
    pub id: String,
    /// What a person calls it, in one line.
    pub title: String,
    /// What the line says has happened.
    pub what: String,
    /// Why it happens, rival explanations included.
    pub why: String,
    /// What to look at next.
    pub next: String,
    pub kind: Kind,
    /// The part that the matching line plays among the other lines of its log.
    pub role: Role,
    pub causes: Vec<CauseWeight>,
    pub patterns: Vec<Pattern>,
    /// True for the words in which a language or a test runner tells any failure: it says how a failure looks and names
    /// none.
    pub form: bool,
    /// Captures that belong to the identity, such as the number of an Xid.
    pub key: Vec<String>,
    pub matches: Vec<Example>,
    pub misses: Vec<Example>,
}

/// How much a matching line speaks for one cause.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseWeight {
    pub cause: Cause,
    /// Natural-log odds that the line adds, from -3 to 3.
    pub weight: f64,
    /// The part that the line plays if this is the cause.
    pub role: Role,
}

/// A line that an entry must match, or must not.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub line: String,
    /// Why a reader could think otherwise.
    pub why: Option<String>,
}

/// One way in which the failure is worded.
#[derive(Debug)]
pub struct Pattern {
    /// In the syntax of the `regex` crate, on bytes, for one cleaned line.
    pub regex: String,
    /// A line that matches this too is not the failure.
    pub unless: Option<String>,
    /// Lower-case strings of which every matching line holds at least one.
    pub literals: Vec<Vec<u8>>,
    /// Made when first needed, as most are needed in no run; `None` where the engine refuses one that
    /// parses, for its size: it never matches, and `ndlog signatures check` finds that its examples fail.
    matcher: OnceLock<Option<Matcher>>,
    need: OnceLock<Need>,
    barred: OnceLock<Option<Matcher>>,
    capturing: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Returns the pattern, or what is wrong with its regexes, with the key that holds it.
    pub(super) fn new(regex: String, unless: Option<String>) -> Result<Self, (&'static str, String)> {
        let literals = literals::required(&regex).map_err(|what| ("regex", what))?;
        let (matcher, need, barred, capturing) = Default::default();
        Ok(Self { regex, unless, literals, matcher, need, barred, capturing })
    }

    /// Returns the regex with its captures.
    pub(super) fn regex(&self) -> Option<&Regex> {
        let build = || RegexBuilder::new(&self.regex).unicode(false).build().ok();
        self.capturing.get_or_init(build).as_ref()
    }

    /// Returns false if a line, which stands in lower case, is not this failure, as a part is missing.
    pub fn may_match(&self, lower: &Sketch<'_>) -> bool {
        self.need.get_or_init(|| Need::folded(&self.regex)).holds(lower)
    }

    /// Returns true if and only if `line` is this failure.
    pub fn is_match(&self, line: &[u8]) -> bool {
        let fits = |made: &OnceLock<Option<Matcher>>, regex: &str| {
            made.get_or_init(|| matcher(regex, false)).as_ref().is_some_and(|made| made.is_match(line))
        };
        fits(&self.matcher, &self.regex)
            && !self.unless.as_ref().is_some_and(|unless| fits(&self.barred, unless))
    }
}

impl Entry {
    /// Reads an entry. `file` is its path, for messages; `id` that path below the catalog's folder without
    /// the ending.
    pub fn parse(file: &str, id: &str, text: &str) -> Result<Self, CatalogError> {
        let document: Document = toml::from_str(text)
            .map_err(|error| CatalogError::Syntax { file: file.to_owned(), what: error.to_string() })?;
        Self::of(file, id, document)
    }

    /// Returns the entry that a file tells.
    pub(super) fn of(file: &str, id: &str, document: Document) -> Result<Self, CatalogError> {
        document.entry(id).map_err(|(key, what)| CatalogError::Value { file: file.to_owned(), key, what })
    }

    /// Checks what a search does not need, and what is therefore not looked at when the program starts:
    /// what the regexes mean, the names of the captures, the key.
    pub fn verify(&self, file: &str) -> Result<(), CatalogError> {
        let checked = check_regexes(&self.patterns).and_then(|()| check_captures(&self.patterns, &self.key));
        checked.map_err(|(key, what)| CatalogError::Value { file: file.to_owned(), key, what })
    }

    /// Returns the pattern that matches `line`, if one does.
    pub fn pattern_for(&self, line: &[u8]) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| pattern.is_match(line))
    }
}
