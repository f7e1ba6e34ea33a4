//! Causes: why a failure happened, as a ranked list with what speaks for and against each.
//!
//! Knows the causes of the contract, the families of evidence, their weights and how they add up to
//! probabilities. Must not know how findings are written down or shown.

mod alone;
mod clues;
mod collective;
mod compare;
mod concentration;
mod ear;
mod episodes;
mod evidence;
mod flake_rate;
mod headroom;
mod hear;
mod idle_time;
mod pairs;
mod polluters;
mod races;
mod rank;
mod run_environment;
mod run_trace;
mod said;
mod softmax;
mod stack_groups;
mod stall;
mod step_rate;
mod stops;
mod straggler;
mod strata;
mod test_order;
mod time_limits;
mod weights;

pub use alone::alone;
pub use collective::Stuck;
pub use compare::{Comparison, Group, compare};
pub use concentration::{Concentration, concentrations};
pub use evidence::{Evidence, Grade};
pub use flake_rate::{Constancy, Recurrence, recurrence};
pub use headroom::Allowance;
pub use hear::{Heard, Testimony, Told, hear};
pub use idle_time::Pace;
pub use polluters::{Order, Polluter, order};
pub use races::{Race, race};
pub use rank::{Cause, rank};
pub use run_environment::{Exposure, What};
pub use run_trace::{Moment, Run, Step};
pub use stack_groups::{Class, Folded, fold};
pub use straggler::Straggler;
pub use test_order::{Ran, roll};
pub use time_limits::Clock;
