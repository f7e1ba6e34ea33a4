//! Patterns: what an experiment must know to make a failure happen again.
//!
//! Knows tests, commands, variables, limits, machines and which amplifier fits which cause. Must
//! not know how an experiment is run.

pub mod amplifiers;
mod knob;
mod oracle;
mod pattern;
mod subject;
mod surroundings;

mod said;
mod shell;
mod starting;
mod steps;

mod budget;
mod command;
mod delay_levels;
mod environment;
mod hardware;
mod knobs;
mod limits;
mod seeds;

mod recognise;
mod testimony;

mod concentration;
mod control_test;
mod derive;
mod identity;
mod merge;
mod open_questions;
mod race_window;
mod window;

mod markdown;
mod prompt;
pub mod render_markdown;

#[cfg(test)]
mod example;
mod verdicts;
mod wording;

pub use derive::{Case, derive};
pub use identity::{Comparison, Likeness};
pub use knob::{Advice, Expected, Knob, Quantiles, Reading, Step, Window};
pub use oracle::{MATCH_RULE, Oracle, Phase};
pub use pattern::{Budget, Logs, Missing, Pattern, Place, Rate, SCHEMA};
pub use prompt::{LEAST_TOKENS, Reader, prompt};
pub use said::Log;
pub use starting::{NotStarted, not_started};
pub use subject::{Command, Form, Limit, Order, Predecessor, Replay, Seed, Test, Variable};
pub use surroundings::{Concentration, Seen, Surroundings};
pub use testimony::Testimony;
