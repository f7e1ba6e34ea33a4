//! One known failure, as a file in `signatures/` tells it.

use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};
use regex_automata::meta::Regex as Matcher;
use serde::Deserialize;

use crate::events::{Kind, Role};
use crate::signatures::literals;
use crate::signatures::matcher::matcher;
use crate::signatures::problem::CatalogError;

/// The causes that an entry may name: those of the contract.
pub const CAUSES: [&str; 19] = [
    "race",
    "deadlock",
    "timeout",
    "hang",
    "contention",
    "link",
    "hardware",
    "firmware",
    "out-of-memory",
    "exhaustion",
    "memory-corruption",
    "order-dependence",
    "test-defect",
    "randomness",
    "network",
    "infrastructure",
    "environment",
    "defect",
    "unknown",
];

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
    /// Captures that belong to the identity, such as the number of an Xid.
    pub key: Vec<String>,
    pub matches: Vec<Example>,
    pub misses: Vec<Example>,
}

/// How much a matching line speaks for one cause.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseWeight {
    /// One of [`CAUSES`].
    pub cause: String,
    /// Natural-log odds that the line adds, from -3 to 3.
    pub weight: f64,
    /// The part that the line plays if this is the cause: `root`, `cascade`, `teardown` or `context`.
    pub role: String,
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
    barred: OnceLock<Option<Matcher>>,
    capturing: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Returns the pattern, or what is wrong with its regexes, with the key that holds it.
    fn new(regex: String, unless: Option<String>) -> Result<Self, (&'static str, String)> {
        let literals = literals::required(&regex).map_err(|what| ("regex", what))?;
        let (matcher, barred, capturing) = Default::default();
        Ok(Self { regex, unless, literals, matcher, barred, capturing })
    }

    /// Returns the regex with its captures.
    pub(super) fn regex(&self) -> Option<&Regex> {
        let build = || RegexBuilder::new(&self.regex).unicode(false).build().ok();
        self.capturing.get_or_init(build).as_ref()
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

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    title: String,
    what: String,
    why: String,
    next: String,
    kind: String,
    role: String,
    causes: Vec<CauseWeight>,
    patterns: Vec<PatternText>,
    #[serde(default)]
    key: Vec<String>,
    #[serde(default)]
    matches: Vec<Example>,
    #[serde(default)]
    misses: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternText {
    regex: String,
    unless: Option<String>,
}

impl Entry {
    /// Reads an entry. `file` is its path, for messages; `id` that path below the catalog's folder without
    /// the ending.
    pub fn parse(file: &str, id: &str, text: &str) -> Result<Self, CatalogError> {
        let document: Document = toml::from_str(text)
            .map_err(|error| CatalogError::Syntax { file: file.to_owned(), what: error.to_string() })?;
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

/// A key of the file and what is wrong with its value.
type Fault = (String, String);

impl Document {
    fn entry(self, id: &str) -> Result<Entry, Fault> {
        let kind = named(&Kind::ALL, Kind::name, "kind", &self.kind)?;
        let role = named(&Role::ALL, Role::name, "role", &self.role)?;
        for (key, text) in
            [("title", &self.title), ("what", &self.what), ("why", &self.why), ("next", &self.next)]
        {
            if text.trim().is_empty() {
                return Err((key.to_owned(), "is empty: write a sentence".to_owned()));
            }
        }
        check_causes(&self.causes)?;
        let patterns = patterns(self.patterns)?;
        Ok(Entry {
            id: id.to_owned(),
            title: self.title,
            what: self.what,
            why: self.why,
            next: self.next,
            kind,
            role,
            causes: self.causes,
            patterns,
            key: self.key,
            matches: self.matches,
            misses: self.misses,
        })
    }
}

/// Returns the value whose name is `given`.
fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, key: &str, given: &str) -> Result<T, Fault> {
    all.iter().copied().find(|value| name(*value) == given).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|value| name(*value)).collect();
        (key.to_owned(), format!("`{given}` is not one of {}", names.join(", ")))
    })
}

fn check_causes(causes: &[CauseWeight]) -> Result<(), Fault> {
    for (index, entry) in causes.iter().enumerate() {
        let key = |name: &str| format!("causes[{index}].{name}");
        if !CAUSES.contains(&entry.cause.as_str()) {
            return Err((key("cause"), format!("`{}` is not one of {}", entry.cause, CAUSES.join(", "))));
        }
        if !(-3.0..=3.0).contains(&entry.weight) {
            return Err((key("weight"), format!("{} is not between -3 and 3", entry.weight)));
        }
        if !["root", "cascade", "teardown", "context"].contains(&entry.role.as_str()) {
            return Err((
                key("role"),
                format!("`{}` is not one of root, cascade, teardown, context", entry.role),
            ));
        }
    }
    Ok(())
}

fn patterns(texts: Vec<PatternText>) -> Result<Vec<Pattern>, Fault> {
    if texts.is_empty() {
        return Err(("patterns".to_owned(), "is empty: give at least one regex".to_owned()));
    }
    let numbered = texts.into_iter().enumerate();
    numbered
        .map(|(index, text)| {
            Pattern::new(text.regex, text.unless)
                .map_err(|(key, what)| (format!("patterns[{index}].{key}"), what))
        })
        .collect()
}

fn check_regexes(patterns: &[Pattern]) -> Result<(), Fault> {
    for (index, pattern) in patterns.iter().enumerate() {
        for (key, regex) in [("regex", Some(&pattern.regex)), ("unless", pattern.unless.as_ref())] {
            let parsed = regex.map(|regex| literals::parse(regex)).transpose();
            parsed.map_err(|what| (format!("patterns[{index}].{key}"), what))?;
        }
    }
    Ok(())
}

/// Checks that captures have known names and that every part of the key is captured somewhere.
fn check_captures(patterns: &[Pattern], key: &[String]) -> Result<(), Fault> {
    let mut captured = Vec::new();
    for (index, pattern) in patterns.iter().enumerate() {
        for name in literals::capture_names(&pattern.regex) {
            if !CAPTURES.contains(&name.as_str()) {
                let what = format!("the capture `{name}` is not one of {}", CAPTURES.join(", "));
                return Err((format!("patterns[{index}].regex"), what));
            }
            captured.push(name);
        }
    }
    match key.iter().find(|name| !captured.contains(name)) {
        Some(name) => Err(("key".to_owned(), format!("no pattern captures `{name}`"))),
        None => Ok(()),
    }
}
