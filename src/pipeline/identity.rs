//! Whether the output of a run holds the failure that an oracle describes.

use std::path::Path;

use super::cluster::cluster_bytes;
use crate::experiment::{Log, Oracle, Testimony};
use crate::input;

/// Returns true if the file at `path`, the output of a run, holds a failure with the oracle's signature.
///
/// # Errors
/// If it cannot be read.
pub fn holds(oracle: &Oracle, path: &Path) -> anyhow::Result<bool> {
    Ok(is_same(oracle, &input::whole(path)?))
}

/// Returns true if `output` holds a failure with the oracle's signature.
pub fn is_same(oracle: &Oracle, output: &[u8]) -> bool {
    const NAME: &str = "log";
    let clusters = cluster_bytes(NAME, output).clusters;
    clusters.iter().any(|cluster| {
        cluster.occurrences.iter().any(|occurrence| {
            let told = Testimony::failing(Log { source: NAME, bytes: output }, occurrence);
            oracle.is_met_by(cluster, occurrence, &told)
        })
    })
}
