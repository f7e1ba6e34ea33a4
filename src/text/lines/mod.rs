//! Lines: where they start and end, and what they say once terminal escapes are gone.
//!
//! Knows newlines, safe places to cut a chunk, escapes, exact byte spans and the search for given
//! strings. Must not know any log format.

mod clean;
mod folded;
#[cfg_attr(
    not(test),
    expect(
        clippy::indexing_slicing,
        reason = "a place in the table is cut to its size, one in a block is below its length"
    )
)]
mod grams;
mod index;
mod line;
#[cfg_attr(
    not(test),
    expect(clippy::indexing_slicing, reason = "every place is one that a search of these bytes returned")
)]
mod literals;
mod plain;

pub use clean::clean;
pub use folded::Folded;
pub use index::{Index, STRIDE, newlines};
pub use line::{Line, split};
pub use literals::Literals;
pub use plain::Plain;
