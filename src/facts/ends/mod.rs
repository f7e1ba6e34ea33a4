//! Ends: what a log states about how something ended, and what follows for the log as a whole.
//!
//! Knows the statements in `rules/ends` and which of them outweighs which. Must not know words of failure:
//! without a statement the outcome is unknown.

mod closing;
mod counted;
mod end;
mod epilogue;
mod find;
mod fronts;
mod no_failures;
mod outcome;
mod passes;
mod plan;
mod rule;
mod tests_failed;
mod verdict_list;
mod verdict_words;

pub use end::{End, Scope, Verdict};
pub use find::{Ends, Found, MOST, Place, counts_anywhere, drop_closing, is_far_from_end};
pub use outcome::{Conclusion, conclude};
pub use rule::rules;
pub use verdict_list::odd_one;

#[cfg(test)]
mod tests;
