//! Signatures: what a failure is called, whichever run it happens in.
//!
//! Knows placeholders, the number policy, frame rules, the catalog of known failures and the stable
//! id. Must not know other runs or how alike two signatures are.

mod catalog;
mod cause;
mod check;
mod document;
mod entry;
mod files;
mod frames;
mod known;
mod problem;
mod sign;
mod signature;
#[cfg(test)]
mod tests;

pub use catalog::Catalog;
pub use cause::Cause;
pub use check::faults;
pub use entry::Entry;
pub use frames::telling;
pub use known::KnownLine;
pub use problem::CatalogError;
pub use sign::sign;
#[cfg(test)]
pub use signature::Near;
pub use signature::{Form, Signature};
