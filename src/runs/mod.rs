//! Runs: the sources of one attempt of a job, joined, with what is known of it and how it ended.
//!
//! Knows names of files and archives, ids, jobs, which runs may be compared, and rates. Must not know lines, log
//! formats or how failures are grouped.

#![cfg_attr(not(test), deny(clippy::indexing_slicing, reason = "the bytes are hostile"))]

mod attach;
mod entries;
mod from_facts;
mod group;
mod identity;
mod job;
mod job_names;
mod join;
mod outcome;
mod part;
mod path;
mod rate;
mod run;
mod seen;
mod stretches;
mod test_results;
mod verdict;
mod without_log;

pub use from_facts::RunParts;
pub use identity::Named;
pub use job::{By, Jobs, jobs};
pub use job_names::JobNames;
pub use join::join;
pub use part::PartKind;
#[cfg(test)]
pub use rate::Of;
pub use rate::{Rate, rate};
pub use run::Run;
pub use seen::{News, Seen, first_and_last, news};
pub use test_results::Ran;
pub use verdict::{Verdict, verdict};
