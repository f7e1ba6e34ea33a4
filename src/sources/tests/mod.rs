//! The room as a whole: real files of every kind in a temporary folder.

mod finding;

use std::path::{Path, PathBuf};

use super::{Found, Limits, Request, Source, find, open};
use crate::error::Problem;

/// Returns what is found under `paths`.
fn found(paths: &[&Path]) -> Found {
    find(&Request { paths: paths.iter().map(PathBuf::from).collect(), files_from: None })
}

/// Finds and opens everything under `path`, with these limits.
fn read_with(path: &Path, limits: &Limits) -> (Vec<Source>, Vec<Problem>) {
    let Found { inputs, mut problems } = found(&[path]);
    let mut sources = Vec::new();
    for input in &inputs {
        problems.extend(open(input, limits, &mut |source| sources.push(source)));
    }
    (sources, problems)
}

fn read(path: &Path) -> (Vec<Source>, Vec<Problem>) {
    read_with(path, &Limits::default())
}

/// Returns the names relative to `folder`.
fn names<'a>(folder: &Path, sources: &'a [Source]) -> Vec<&'a str> {
    let prefix = format!("{}/", folder.display());
    sources.iter().map(|source| source.name.strip_prefix(&prefix).unwrap_or(&source.name)).collect()
}
