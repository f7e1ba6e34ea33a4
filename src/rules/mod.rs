//! Rules: know-how kept as data, a file of rows for each kind.
//!
//! Knows how a file of rows is read and tried on a line all at once, without which strings a regex cannot
//! match, and how often a string stands in logs. Must not know what a row says of a log.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, reason = "the bytes are hostile"))]

mod automaton;
mod byte_class;
mod derivation;
mod embedded;
#[cfg(test)]
mod examples;
mod frequency;
mod lazy_regex;
pub mod literals;
mod needs;
mod parts;
mod pattern;
mod sketch;
mod spellings;
mod table;

pub use automaton::Automaton;
pub use embedded::Embedded;
pub(crate) use embedded::table;
pub use frequency::of_trigrams;
pub use lazy_regex::{LazyRegex, Letters};
pub use literals::required as required_literals;
pub use pattern::Pattern;
pub use sketch::Sketch;
pub use table::{Wordings, captured};

#[cfg(test)]
pub use examples::{check_examples, check_lines};
