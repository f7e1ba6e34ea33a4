//! Stress: the amplifiers that make a failure come more often, and the test that turns them.
//!
//! Knows what each amplifier changes about a command and what a machine must have for it. Must not
//! know how runs are counted or judged; starts no process and touches no file.

mod amplifier;
mod amplifiers;
mod machine;
mod order;
mod target;
mod treatment;
mod wrappers;

pub use amplifier::{Amplifier, Dose};
pub use amplifiers::{all, find};
pub use machine::{Machine, SHIMS};
pub use target::Target;
pub use treatment::{Pulse, Treatment};
pub(crate) use wrappers::{in_cgroup, looped, netem};
