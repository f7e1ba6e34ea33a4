//! One known failure, as a file in `signatures/` tells it.

use serde::Deserialize;

use crate::facts::failures::{Kind, Role};
use crate::rules::{Letters, Pattern, literals};
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
    pub wordings: Vec<Wording>,
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
pub struct Wording {
    /// For one cleaned line. Where the engine refuses a regex, `ndlog signatures check` finds that examples fail.
    pub pattern: Pattern,
    /// Lower-case strings of which every matching line holds at least one.
    pub literals: Vec<Vec<u8>>,
}

impl Wording {
    /// Returns the wording, or what is wrong with its regex.
    pub(super) fn new(regex: String, unless: Option<String>) -> Result<Self, String> {
        let literals = literals::required(&regex)?;
        Ok(Self { pattern: Pattern::new(regex, unless, Letters::SoughtInLowerCase), literals })
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
        let checked = check_regexes(&self.wordings).and_then(|()| check_captures(&self.wordings, &self.key));
        checked.map_err(|(key, what)| CatalogError::Value { file: file.to_owned(), key, what })
    }

    /// Returns true if and only if one of its patterns reads `line`.
    pub fn reads(&self, line: &[u8]) -> bool {
        self.wordings.iter().any(|wording| wording.pattern.reads(line))
    }
}
