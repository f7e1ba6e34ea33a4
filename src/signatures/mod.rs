//! Signatures: what a failure is called, whichever run it happens in.
//!
//! Knows placeholders, the number policy, frame rules, the catalog of known failures and the stable
//! id. Must not know other runs or how alike two signatures are.

mod catalog;
mod check;
mod entry;
mod files;
pub use frames::{is_runtime, telling};
