//! Statistics that several rooms share: intervals, exact tests, sequences that may be watched.
//!
//! A leaf: knows counts and numbers, must not know logs, runs or failures. Every function is pure;
//! [`Random`] is seeded by its caller, so equal input gives equal output.

mod evidence;
mod exact;
mod intervals;
mod lift;
mod multiple;
mod planning;
mod quantiles;
mod random;
mod relabelling;
mod sequence;
mod survival;

pub use evidence::rate_above;
pub use exact::{fisher_greater, fisher_less};
pub use intervals::{Interval, never_seen, poisson, wilson};
pub use lift::lift;
pub use multiple::holm;
pub use planning::{chance_of_one, runs_for};
pub use quantiles::{median, quantile};
pub use random::Random;
pub use relabelling::Relabelling;
pub use sequence::confidence_sequence;
pub use survival::{Lifetime, median_survival};
