//! What varies between two runs that say the same, replaced by placeholders.

mod lists;
mod mask;

pub use mask::mask;
