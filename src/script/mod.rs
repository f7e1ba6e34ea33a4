//! Stress: the amplifiers that make a failure come more often, and the test that turns them.
//!
//! Knows what each amplifier changes about a command and what a machine must have for it. Must not
//! know how runs are counted or judged; starts no process and touches no file.

mod machine;
mod target;
mod treatment;

mod amplifier;
mod amplifiers;
mod wrappers;

mod asked;
mod invocation;
mod narrow;
mod never_set;
mod python;
mod write;

#[cfg(test)]
mod write_tests;

pub use amplifier::{Amplifier, Dose};
pub use amplifiers::seeds::{DRAWN, VARIABLE as GENERATOR_SEED};
pub use amplifiers::{find, pauses::longest_literal};
pub use invocation::Invocation;
pub use machine::{Machine, SHIMS};
pub use target::Target;
pub use treatment::{Pulse, Treatment};
pub(crate) use wrappers::{in_cgroup, in_copy, looped, netem};
pub use write::{TestFile, is_hang, write};
