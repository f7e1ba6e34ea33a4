//! Reports of kernels: oopses, warnings, lock checks, hung tasks, stalls.
//!
//! Knows what `kernel.toml` says of their heads and of frames that are nobody's fault.

mod forms;
mod place;
mod report;
mod trace;

pub use report::{assemble, is_head};
