//! Templates: the constant text behind many lines, and the places where they vary.
//!
//! Knows what values look like (numbers, addresses, paths, times), which places of a line vary over
//! the lines given, and how templates are named. Must not know files, failures, or one program's
//! words: everything here holds for any log.
//!
//! Nothing depends on the order of the lines: the first pass turns each line into its masked form,
//! and the second looks only at the set of distinct forms.

mod template;

mod mine;

mod pieces;
mod values;

mod mask;

mod vocabulary;

mod shape;

mod collapse;

mod evidence;
mod places;
mod slots;

pub use mask::mask;
pub use mine::{Mined, MinedSource, Miner, mine};
pub use template::Template;

#[cfg(test)]
mod tests;
