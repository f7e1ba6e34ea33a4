//! How a CI server is asked: paging, redirects that never carry the token away, rate limits, refusals in words.
//!
//! Knows HTTP and what each server's API wants in its headers. Must not know addresses, answers, or what is in a log.

mod addresses;
mod client;
mod dialect;
mod rate_limit;
mod refusal;
mod token;

pub use client::{Client, Settings};
pub use dialect::Dialect;
pub(super) use refusal::Refusal;
