//! Secrets: tokens, keys and passwords that a log printed, masked before anything of it leaves the machine.
//!
//! Knows the forms of secrets and what only looks like one. Must not know logs, reports or who asks.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, reason = "the bytes are hostile"))]

mod mask;
mod placeholder;
mod rule;
#[cfg(test)]
mod tests;
mod tree;

pub use mask::Mask;
pub use tree::mask_value;
