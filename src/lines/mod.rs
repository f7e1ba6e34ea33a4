//! Lines: where they start and end, and what they say once terminal escapes are gone.
//!
//! Knows newlines, safe places to cut a chunk, escapes and exact byte spans. Must not know any
//! log format.

mod clean;
mod index;
mod line;

pub use clean::clean;
pub use index::Index;
pub use line::{Line, split};
