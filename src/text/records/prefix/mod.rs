//! Actors that stand before a message: a launcher, a test runner or a log header put them there.
//!
//! Knows one kind of writer a file. Must not know the actors that a message only names.

mod columns;
mod found;
mod launchers;
mod programs;

pub use found::{Before, Found, read};
