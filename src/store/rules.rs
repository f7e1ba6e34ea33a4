//! By which rules logs are read: facts of other rules may differ.

/// A name for all that decides what is read of a log. `build.rs` makes it from the rules and the code that applies them,
/// so that nobody has to think of a number.
pub const RULES: &str = env!("NDLOG_RULES");
