//! Causes: why a failure happened, as a ranked list with what speaks for and against each.
//!
//! Knows the causes of the contract, the families of evidence, their weights and how they add up to
//! probabilities. Must not know how findings are written down or shown.

mod alone;
mod clues;
mod evidence;
mod hear;
mod rank;
mod softmax;
mod weights;

pub use alone::alone;
pub use evidence::{Evidence, Grade};
pub use hear::{Heard, Testimony, Told, hear};
pub use rank::{Cause, rank};
