//! A line template: what lines have in common, with `<*>` where they differ.

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

/// What is written in the place of a variable part.
pub(super) const PLACEHOLDER: &str = "<*>";

/// The text that a group of lines shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Template {
    /// 16 hex digits, the XXH3 hash of `text` and of nothing else: the same template has the same
    /// id in every run, whatever other lines were given.
    pub id: String,
    /// The constant text; each variable part is `<*>`.
    pub text: String,
    /// The lines that have it.
    pub lines: u64,
}

impl Template {
    /// Returns the template with this text, which so many lines have.
    pub(super) fn new(text: String, lines: u64) -> Self {
        Self { id: format!("{:016x}", xxh3_64(text.as_bytes())), text, lines }
    }
}
