//! Records: what one line says beside its words: when, how bad, and who spoke.
//!
//! Knows timestamps, levels, actors and the wrappers that CI systems put round a line. Must not
//! know neighbouring lines, the wall clock or files.

mod actor;
#[cfg(test)]
mod cases;
mod gaps;
mod header;
mod layers;
mod level;
mod marker;
mod mentions;
mod pairs;
mod prefix;
mod reader;
mod record;
mod scan;
mod times;
mod wrappers;

pub use actor::Actor;
pub use gaps::longest_gap;
pub use layers::Layers;
pub use level::Level;
pub use marker::Marker;
pub use reader::Reader;
pub use record::{MOST_TEXT, Record, parse};
pub use times::{Basis, Dialect, Timestamp};
pub use wrappers::{BEGINS, Wrapper};
