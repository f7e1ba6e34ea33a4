//! Parts: files that hold what logs say, to be brought together on one machine.
//!
//! Knows how facts stand in a file, and how to go on behind what is damaged. Must not know how logs are read.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, reason = "the bytes are hostile"))]

pub(super) mod frame;
mod input;
mod read;
mod rename;
mod write;

pub use frame::is_part;
pub use input::{Input, Scanned};
pub use read::{Packed, Part, read};
pub use rename::renamed;
pub use write::write;
