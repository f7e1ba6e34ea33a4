//! GitHub Actions: every attempt of a run, brought in as failing and passing logs.
//!
//! Knows the REST API's addresses, answers, paging, redirects and rate limits. Must not know what
//! is in a log.

mod address;
mod answers;
mod choice;
mod client;
mod fetch;
mod many;
mod refusal;
mod selection;
mod token;

pub use client::Settings;
pub use fetch::{Wanted, fetch};
pub use many::fetch_many;
pub use selection::{LAST, Selection};
pub use token::token;
