//! ndlog reads CI logs, finds what failed, groups the same failure across runs, ranks the likely
//! causes and hands over an experiment that makes the failure happen again.
//!
//! A log is opened as a [`input::Source`], cut into [`lines::Line`]s, understood as
//! [`records::Record`]s, assembled into [`failures::Event`]s, identified by a
//! [`signatures::Signature`], grouped into [`clusters::Cluster`]s, explained by
//! [`causes::Cause`]s and told as [`findings::Findings`]. `ARCHITECTURE.md` draws the map.
#![forbid(unsafe_op_in_unsafe_fn)]

pub mod durations;
pub mod error;
pub mod rules;
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
