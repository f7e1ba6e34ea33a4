//! GitHub Actions: every attempt of a run, brought in as failing and passing logs.
//!
//! Knows the REST API's addresses and answers. Must not know what is in a log.

mod address;
mod answers;
mod fetch;
mod many;
mod selection;

pub(super) use address::is_host;
pub use fetch::{Wanted, fetch};
pub use many::fetch_many;
pub(super) use selection::encoded;
pub use selection::{LAST, Selection};
