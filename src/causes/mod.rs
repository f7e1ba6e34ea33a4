//! Causes: why a failure happened, as a ranked list with what speaks for and against each.
//!
//! Knows the causes of the contract, the families of evidence, their weights and how they add up to
//! probabilities. Must not know how findings are written down or shown.

mod clue_evidence;
mod compare;
mod evidence;
mod families;
mod ordering;
mod places;
mod rank;
mod softmax;
mod stacks;
mod strata;
mod timing;
mod weights;

pub use compare::{Comparison, Group, compare};
pub use evidence::{Evidence, Grade};
pub use families::Candidate;
pub use ordering::{Race, RaceFinding, race};
pub use places::concentrations;
pub use rank::rank;
pub use timing::Allowance;
pub use weights::clue_weight;
