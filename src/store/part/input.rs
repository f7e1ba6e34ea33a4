//! One input as it was scanned: its name, what it is, and the facts of its sources.

use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::facts::{Facts, Outcome};

/// Something that was opened to be read: a file, an archive, standard input.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    /// True if somebody gave it as the log of a passing run. Inputs stand in this order: those first that are not.
    pub baseline: bool,
    /// The path as given; `-` for standard input.
    pub name: String,
    /// 32 hex digits of its bytes as stored; absent where they could be read only once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// An id of the passing runs with which it was compared line by line; absent where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
}

/// An input with what was read in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scanned {
    pub input: Input,
    /// In the order in which they stand in it.
    pub facts: Vec<Facts>,
    /// What was skipped.
    pub problems: Vec<Problem>,
}

/// What a file says of an input.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InputRecord {
    /// Its place in the file, by which its sources name it.
    pub(super) number: u64,
    #[serde(flatten)]
    pub(super) input: Input,
    /// How many sources follow.
    pub(super) sources: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) problems: Vec<Problem>,
    /// What a query may ask of its sources without reading all that they say.
    #[serde(default)]
    pub(super) columns: Vec<Columns>,
}

/// The columns of one source.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Columns {
    pub(super) source: String,
    pub(super) outcome: Outcome,
    pub(super) bytes: u64,
    pub(super) lines: u64,
    pub(super) failures: u64,
}

impl Columns {
    pub(super) fn of(facts: &Facts) -> Self {
        Self {
            source: facts.source.name.clone(),
            outcome: facts.outcome,
            bytes: facts.source.bytes,
            lines: facts.source.lines,
            failures: facts.failures.len() as u64,
        }
    }
}
