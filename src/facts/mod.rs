//! Facts: what one source says, read once: its failures, its tests, its limits and how it ended.
//!
//! Must not know other sources, nor whether a failure is known, frequent or important.

pub mod failures;
pub mod limits;
pub mod runners;
