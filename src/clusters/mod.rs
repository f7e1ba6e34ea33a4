//! Clusters: occurrences of the same failure, and of ones so alike that they are one.
//!
//! Knows distance, near-duplicates, the best title, and why two were not merged. Must not know
//! pass or fail, or why.

mod cluster;
mod distance;
mod edits;
mod group;
mod leaders;

pub use cluster::{Cluster, Occurrence};
pub use distance::{Comparison, compare};
pub use group::group;
