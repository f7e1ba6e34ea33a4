//! ndlog reads CI logs, finds what failed, groups the same failure across runs, ranks the likely
//! causes and hands over an experiment that makes the failure happen again.
//!
//! A log is opened as a [`sources::Source`], cut into [`lines::Line`]s, understood as
//! [`records::Record`]s, assembled into [`events::Event`]s, identified by a
//! [`signatures::Signature`], grouped into [`clusters::Cluster`]s, explained by
//! [`causes::Cause`]s and told as [`findings::Findings`]. `ARCHITECTURE.md` draws the map.
#![forbid(unsafe_op_in_unsafe_fn)]

pub mod durations;
pub mod error;
pub mod limits;
pub mod runners;
pub mod stats;
pub mod wordings;

pub mod causes;
pub mod clusters;
pub mod contrasts;
pub mod events;
pub mod failures;
pub mod findings;
pub mod lines;
pub mod patterns;
pub mod ranks;
pub mod records;
pub mod reports;
pub mod signatures;
pub mod sources;
pub mod stress;
#[cfg(feature = "tables")]
pub mod tables;
pub mod templates;
pub mod trials;

pub mod commands;
pub mod pipeline;
