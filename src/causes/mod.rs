//! Causes: why a failure happened, as a ranked list with what speaks for and against each.
//!
//! Knows the causes of the contract, the families of evidence, their weights and how they add up to
//! probabilities. Must not know how findings are written down or shown.

mod alone;
mod clues;
mod compare;
mod evidence;
mod hear;
mod pace;
mod races;
mod rank;
mod run;
mod said;
mod softmax;
mod straggler;
mod weights;

pub use alone::alone;
pub use compare::{Comparison, compare};
pub use evidence::{Evidence, Grade};
pub use hear::{Heard, Testimony, Told, hear};
pub use pace::Pace;
pub use races::{Race, race};
pub use rank::{Cause, rank};
pub use run::{Moment, Run, Step};
pub use straggler::Straggler;
