//! How a CI server is asked: paging, redirects that never carry the token away, rate limits, refusals in words.
//!
//! Knows HTTP and what each server's API wants in its headers. Must not know addresses, answers, or what is in a log.

mod addresses;
mod bring;
mod client;
mod dialect;
mod job;
mod rate_limit;
mod refusal;
mod token;

pub(super) use bring::{Log, bring};
pub use client::{Client, Settings};
pub use dialect::Dialect;
pub(super) use job::{Ended, Job, choose};
pub(super) use refusal::Refusal;
