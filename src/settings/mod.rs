//! Settings: the file `.ndlog.toml` of a project.
//!
//! Knows its keys, where it lies and how to change it without losing a comment. Must not know what its keys are used
//! for.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, reason = "the bytes are hostile"))]

mod edit;
mod keys;
mod reader;
mod template;
mod values;

pub use edit::{Change, add_known, remove_known};
pub use keys::{KEYS, Key};
pub use reader::read;
pub use template::{TEMPLATE, with_store};
pub use values::{FILE, KnownIssue, MaskSettings, OwnerRule, Settings};
