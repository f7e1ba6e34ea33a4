//! Times: every way that logs write when a line was written.
//!
//! Knows the spellings of dates and times and the calendar. Must not know what else is in a line.

mod civil;
mod clock;
mod composed;
mod dialect;
mod iso;
mod monotonic;
mod named;
mod numeric;
mod stamp;

pub use composed::composed;
pub use dialect::{Dialect, read};
pub use iso::{GITHUB_LENGTH, github, iso};
pub use stamp::{Basis, Stamp, Timestamp};
