//! Evidence of order: what came before what, in failing runs and in passing ones.
//!
//! Knows steps of actors and the order of tests. Must not know how long anything took.

mod pairs;
mod polluters;
mod race;
mod test_order;

pub use polluters::{Order, order};
pub use race::{Race, RaceFinding, race};
