//! Ranks: which of a log's events a person should read first.
//!
//! Knows roles, positions, rarity within the log and the fitted trees, in one file. Must
//! not know other logs, causes or formats: the same log is ranked the same whatever lies beside it.

mod ends;
mod features;
mod log_features;
mod neighbour_features;
mod order;
mod runs;
mod shown;
mod trees;
mod verdicts;

pub use ends::{is_specific, part};
pub use features::{features, names};
pub use order::{Standing, order, torn, weight};
pub use runs::{behind, runs};
pub use shown::shown;
pub use verdicts::retold;
