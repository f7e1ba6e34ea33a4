//! Records: what one line says beside its words: when, how bad, and who spoke.
//!
//! Knows timestamps, levels, actors and the wrappers that CI systems put round a line. Must not
//! know neighbouring lines, the wall clock or files.

mod actor;
mod record;

pub use actor::Actor;
pub use record::{Level, Marker, Record, parse};
