//! The known failures, as a reading asks for them.
//!
//! Must not know the catalog, which a later room holds.

use std::borrow::Cow;

use super::failures::{Kind, Role};
use crate::text::lines::clean;
use crate::text::records::Record;

/// The failures that are known, as a reading asks for them.
pub trait Known: Sync {
    /// Returns what a cleaned line is known as.
    fn known_line(&self, line: &[u8]) -> Option<KnownFailure<'_>>;

    /// Returns false if `line`, in whole or in part, is not known; quicker than to ask as what it is.
    fn may_know(&self, line: &[u8]) -> bool;

    /// Calls `visit` with where those of some whole lines begin that may be known, in order; the lines stand in lower case.
    fn each_maybe_known(&self, lines: &[u8], visit: &mut dyn FnMut(usize));
}

/// A failure that is known.
#[derive(Clone, Copy, Debug)]
pub struct KnownFailure<'k> {
    pub id: &'k str,
    pub kind: Kind,
    pub role: Role,
    /// How much its line says of why, at the most.
    pub weight: f64,
}

impl dyn Known + '_ {
    /// Returns what a line is known as, with the prefix that its record leaves out or without it; that first which
    /// may be where it began.
    pub fn recognise(&self, record: &Record<'_>) -> Option<KnownFailure<'_>> {
        let is_as_stored = matches!(record.message, Cow::Borrowed(_));
        if is_as_stored && !self.may_know(&clean(record.line.bytes)) {
            return None;
        }
        self.recognise_likely(record)
    }

    /// Returns the same as [`Self::recognise`], without a glance first.
    pub fn recognise_likely(&self, record: &Record<'_>) -> Option<KnownFailure<'_>> {
        let is_root = |found: &KnownFailure<'_>| found.role == Role::Root;
        let stored = clean(record.line.bytes);
        let differs = stored.trim_ascii() != record.message.trim_ascii();
        let whole = differs.then(|| self.known_line(&stored)).flatten();
        if whole.as_ref().is_some_and(is_root) {
            return whole;
        }
        let message = self.known_line(&record.message);
        if message.as_ref().is_some_and(is_root) { message } else { whole.or(message) }
    }
}
