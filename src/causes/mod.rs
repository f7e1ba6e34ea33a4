//! Causes: why a failure happened, as a ranked list with what speaks for and against each.
//!
//! Knows the causes of the contract, the families of evidence, their weights and how they add up to
//! probabilities. Must not know how findings are written down or shown.

mod collective;
mod compare;
mod concentration;
mod episodes;
mod evidence;
mod headroom;
mod idle_time;
mod pairs;
mod polluters;
mod races;
mod rank;
mod said;
mod softmax;
mod stack_groups;
mod stall;
mod stops;
mod straggler;
mod strata;
mod test_order;
mod time_limits;
mod weights;

pub use compare::{Comparison, Group, compare};
pub use concentration::{Concentration, concentrations};
pub use evidence::{Evidence, Grade};
pub use headroom::Allowance;
pub use polluters::{Order, Polluter, order};
pub use races::{Race, race};
pub use rank::{Cause, rank};
pub use weights::clue_weight;
