//! Causes: why a failure happened, as a ranked list with what speaks for and against each.
//!
//! Knows the causes of the contract, the families of evidence, their weights and how they add up to
//! probabilities. Must not know how findings are written down or shown.

mod allowance;
mod alone;
mod clocks;
mod clues;
mod collective;
mod compare;
mod concentration;
mod ear;
mod episodes;
mod evidence;
mod exposure;
mod fold;
mod hear;
mod pace;
mod pairs;
mod pauses;
mod polluters;
mod races;
mod rank;
mod recurrence;
mod roll;
mod run;
mod said;
mod softmax;
mod stops;
mod straggler;
mod strata;
mod tempo;
mod weights;

pub use allowance::Allowance;
pub use alone::alone;
pub use clocks::Clock;
pub use collective::Stuck;
pub use compare::{Comparison, Group, compare};
pub use concentration::{Concentration, concentrations};
pub use evidence::{Evidence, Grade};
pub use exposure::{Exposure, What};
pub use fold::{Class, Folded, fold};
pub use hear::{Heard, Testimony, Told, hear};
pub use pace::Pace;
pub use polluters::{Order, Polluter, order};
pub use races::{Race, race};
pub use rank::{Cause, rank};
pub use recurrence::{Constancy, Recurrence, recurrence};
pub use roll::{Ran, roll};
pub use run::{Moment, Run, Step};
pub use straggler::Straggler;
