//! The bytes of one file that is no log.

use std::fs;
use std::path::Path;

use anyhow::Context;

/// Returns all bytes of the file at `path` as they are.
///
/// # Errors
/// If it cannot be read; the message names it.
pub fn whole(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
