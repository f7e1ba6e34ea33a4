//! Experiments: what must be known to make a failure happen again, from the facts of the runs.
//!
//! Knows which of the facts matter to one failure, and which amplifier fits which cause. Must not know lines of
//! logs, nor how an experiment is run.

pub mod amplifiers;
mod knob;
mod oracle;
mod pattern;
mod subject;
mod surroundings;

mod assertion;
mod command;
mod failing_run;
mod line_regex;
mod named_test;
mod recognise;
mod seeds;

mod budget;
mod control_test;
mod delay_levels;
mod derive;
mod identity;
mod knobs;
mod merge;
mod open_questions;
mod output;
mod race_window;

mod markdown;
mod prompt;
pub mod render_markdown;

#[cfg(test)]
mod example;
mod wording;

pub use crate::facts::Place;
pub use crate::facts::limits::Limit;
pub use crate::facts::setup::{Command, Form, NotStarted, Seed, Variable, not_started};
pub use derive::{Case, derive};
pub use failing_run::FailingRun;
pub use identity::{Comparison, Likeness};
pub use knob::{Expected, Knob};
pub use oracle::Oracle;
pub use output::Output;
pub use pattern::{Pattern, Rate, SCHEMA};
pub use prompt::{LEAST_TOKENS, Reader, prompt};
pub use subject::{Replay, Test};
