//! Clues: what the lines of a failure, and those round it, say of why.
//!
//! Knows wordings, limits that fired, silences, who fell behind, collectives and stacks. Must not know what any of
//! them weighs, nor which cause it speaks for.

mod alone;
mod chosen;
mod clue_reader;
mod collective;
mod failure_clues;
mod family;
mod idle_time;
mod nearby;
mod open_test;
mod stack_groups;
mod straggler;
mod table;
mod telling_line;
mod time_limits;
mod window;

pub use alone::alone;
pub use chosen::{MOST, chosen};
#[cfg(test)]
pub use collective::Collectives;
pub use collective::{Differing, Stuck};
pub use failure_clues::{ClueLine, FailureClues, Recognised, failure_clues};
pub use family::Family;
pub use idle_time::{FILLS, Pace, Silence};
pub use open_test::{OpenTest, open_test};
pub use stack_groups::{Class, Folded, fold};
pub use straggler::Straggler;
pub use table::{Clue, Clues, Stands};
pub use time_limits::{Clock, Hugged};
pub use window::{SearchedLines, prepare};
