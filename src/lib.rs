//! ndlog reads CI logs, finds what failed, groups the same failure across runs, ranks the likely
//! causes and hands over an experiment that makes the failure happen again.
//!
//! Other programs use it through [`Analyzer`]: it reads each log once into [`Facts`], and what failed in all of them,
//! and why, is found from facts alone and returned as [`Findings`]. Facts can be written and read with serde, so logs
//! may be read on many machines and their facts brought together on one; the order changes nothing. What can go wrong
//! is an [`Error`]; what is damaged in a log is no error but a [`error::Problem`] among its facts.
//!
//! Within, a log is opened as a [`input::Source`], cut into [`text::lines::Line`]s, understood as
//! [`text::records::Record`]s and read by [`facts::extract()`]; each failure is identified by a
//! [`signatures::Signature`], grouped into [`clusters::Cluster`]s and explained by [`causes::Cause`]s.
//! `ARCHITECTURE.md` draws the map. These rooms are for ndlog's own programs, tests and benches: they change without
//! notice.
#![forbid(unsafe_op_in_unsafe_fn)]

pub mod durations;
pub mod error;
pub mod rules;
pub mod secrets;
pub mod stats;

pub mod causes;
pub mod clusters;
pub mod diff;
pub mod experiment;
pub mod facts;
pub mod findings;
pub mod folder;
pub mod input;
pub mod ranking;
pub mod reports;
pub mod runs;
pub mod script;
pub mod settings;
pub mod signatures;
pub mod store;
#[cfg(feature = "tables")]
pub mod tables;
pub mod templates;
pub mod text;
pub mod trials;

pub mod commands;
pub mod pipeline;

pub use facts::Facts;
pub use findings::Findings;
pub use pipeline::{Analyzer, AnalyzerBuilder, Error};
