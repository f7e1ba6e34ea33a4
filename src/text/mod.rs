//! Text: the lines of a log, and what one line says beside its words.
//!
//! Knows newlines, escapes, byte spans, the search for given strings, time stamps, levels, actors and the wrappers
//! that CI systems put round a line. Must not know neighbouring lines, the wall clock or files.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, reason = "the bytes are hostile"))]

pub mod lines;
pub mod masks;
pub mod records;
pub mod work;
