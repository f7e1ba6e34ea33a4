//! Lines: where they start and end, and what they say once terminal escapes are gone.
//!
//! Knows newlines, safe places to cut a chunk, escapes, exact byte spans and the search for given
//! strings. Must not know any log format.

mod clean;
mod folded;
mod grams;
mod index;
mod line;
mod literals;
mod plain;
mod short_strings;

pub use clean::clean;
pub use folded::Folded;
pub use index::{Index, STRIDE, newlines};
pub use line::{Line, split};
pub use literals::Literals;
pub use plain::Plain;
