//! Evidence of time: limits that fired, and whether work went on until then.
//!
//! Knows limits, pauses and durations. Must not know what came before what.

mod headroom;
mod idle_time;
mod open_test;
mod stall;
mod stops;
pub mod time_limits;

pub use headroom::{Allowance, allowance};
pub use stall::{Pauses, pauses};
pub use stops::{Stops, stops};
