//! A line of a log that is a known failure.

use crate::facts::{Known, KnownFailure};
use crate::signatures::catalog::{Catalog, Match};
use crate::signatures::entry::Entry;

/// One line that an entry matches.
#[derive(Debug)]
pub struct KnownLine<'c> {
    /// The 1-based number.
    pub line: u64,
    /// The words, cleaned.
    pub message: String,
    pub found: Match<'c>,
}

impl Known for Catalog {
    fn known_line(&self, line: &[u8]) -> Option<KnownFailure<'_>> {
        let Entry { id, kind, role, causes, .. } = self.entry_of(line)?;
        let weight = causes.iter().map(|cause| cause.weight).fold(0.0, f64::max);
        Some(KnownFailure { id, kind: *kind, role: *role, weight })
    }

    fn may_know(&self, line: &[u8]) -> bool {
        self.may_find(line)
    }

    fn each_maybe_known(&self, lines: &[u8], visit: &mut dyn FnMut(usize)) {
        self.each_that_may_be_found(lines, visit);
    }
}
