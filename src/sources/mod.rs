//! Sources: the bytes of every log, wherever they lie and however they are wrapped.
//!
//! Knows paths, standard input, magic bytes, compression, archives, the entry names of a GitHub
//! Actions archive and the limits on what may be expanded. Must not know what is in a log.

mod bytes;
mod content;
mod find;
mod input;
mod limits;
mod open;
mod source;
mod spool;
#[cfg(test)]
mod tests;

pub use bytes::Bytes;
pub use find::{Found, Request, find};
pub use input::Input;
pub use limits::Limits;
pub use open::open;
pub use source::{Source, SourceKind};
