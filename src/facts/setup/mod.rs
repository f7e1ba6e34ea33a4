//! Setup: how a run was started, as far as its log shows: commands, variables, limits, seeds, and the machine.
//!
//! Knows how CI systems, shells and programs print them. Must not know which failure they matter to.

mod commands;
mod document;
mod machine;
mod plain;
mod seeds;
mod shell;
mod starting;
mod step_heads;
mod variables;

pub use commands::{Command, Form};
pub(in crate::facts) use document::Log;
pub use document::{FailureLines, Setup, tells_a_step};
pub use machine::List;
pub(in crate::facts) use plain::plain;
pub use seeds::Seed;
pub use starting::{NotStarted, not_started};
pub use variables::Variable;
