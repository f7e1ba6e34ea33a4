//! Whether the output of a run holds the failure that an oracle describes.

use std::path::Path;

use super::cluster::cluster_bytes;
use crate::experiment::{Comparison, Likeness, Log, Oracle};
use crate::input;

/// Compares the file at `path`, the output of a failing run, with the oracle.
///
/// # Errors
/// If it cannot be read.
pub fn compare_file(oracle: &Oracle, path: &Path) -> anyhow::Result<Comparison> {
    Ok(compare(oracle, &input::whole(path)?))
}

/// Compares the output of a failing run with the oracle.
pub fn compare(oracle: &Oracle, output: &[u8]) -> Comparison {
    const NAME: &str = "log";
    oracle.compare(Log { source: NAME, bytes: output }, &cluster_bytes(NAME, output).clusters)
}

/// Returns true if `output` holds the failure that the oracle describes.
pub fn is_same(oracle: &Oracle, output: &[u8]) -> bool {
    compare(oracle, output).likeness == Likeness::Same
}

/// Returns the line that says best how a run failed; `None` where nothing does.
pub fn headline(output: &[u8]) -> Option<String> {
    let found = cluster_bytes("log", output).clusters;
    let all = found.iter().flat_map(|cluster| &cluster.occurrences);
    all.min_by_key(|occurrence| occurrence.rank).map(|occurrence| occurrence.message.clone())
}
