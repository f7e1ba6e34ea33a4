//! Sources: the bytes of every log, wherever they lie and however they are wrapped.
//!
//! Knows paths, standard input, magic bytes, compression, archives, the entry names of a GitHub
//! Actions archive and the limits on what may be expanded. Must not know what is in a log.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, reason = "the bytes are hostile"))]

mod entry;
mod files;
mod find;
mod github;
mod hash;

mod limits;
mod names;
mod open;
#[cfg(feature = "remote")]
mod remote;
#[cfg(not(feature = "remote"))]
#[path = "no_remote.rs"]
mod remote;
mod source;
mod unpack;
mod walk;
mod whole;

mod broken_zip;
mod budget;
mod expand;
mod format;
mod place;
mod tar;
mod zip;

mod bytes;
mod caret;
mod content;
mod json_lines;
mod mapping;
mod mojibake;
mod one_pass;
mod returns;
mod spool;
mod utf16;
mod xml;

#[cfg(test)]
mod tests;

pub use bytes::Bytes;
pub use entry::Input;
pub use find::{Request, find};
pub use hash::hash;
pub use limits::Limits;
pub use open::{open, open_bytes};
pub use source::{Source, SourceKind};
pub use whole::whole;
