//! The room as a whole: real files of every kind in a temporary folder.

mod damage;
mod finding;
mod packing;
mod texts;
mod unpacking;

use std::path::{Path, PathBuf};

use super::find::Found;
use super::{Limits, Request, Source, SourceKind, find, open, open_bytes};
use crate::error::Problem;

/// Returns what is found under `paths`.
fn found(paths: &[&Path]) -> Found {
    find(&Request { paths: paths.iter().map(PathBuf::from).collect(), files_from: None })
}

/// Finds and opens everything under `path`.
fn read(path: &Path) -> (Vec<Source>, Vec<Problem>) {
    let Found { inputs, mut problems } = found(&[path]);
    let mut sources = Vec::new();
    for input in &inputs {
        problems.extend(open(input, &Limits::default(), &mut |source| sources.push(source)));
    }
    (sources, problems)
}

/// Opens `bytes` as if they were a file called `x`.
fn unpack_with(bytes: &[u8], limits: &Limits) -> (Vec<Source>, Vec<Problem>) {
    let mut sources = Vec::new();
    let problems = open_bytes("x", bytes.to_vec(), limits, &mut |source| sources.push(source));
    (sources, problems)
}

fn unpack(bytes: &[u8]) -> (Vec<Source>, Vec<Problem>) {
    unpack_with(bytes, &Limits::default())
}

/// Returns the names relative to `folder`.
fn names<'a>(folder: &Path, sources: &'a [Source]) -> Vec<&'a str> {
    let prefix = format!("{}/", folder.display());
    sources.iter().map(|source| source.name.strip_prefix(&prefix).unwrap_or(&source.name)).collect()
}

/// Returns names and texts.
fn texts(sources: &[Source]) -> Vec<(&str, &str)> {
    sources.iter().map(|source| (source.name.as_str(), std::str::from_utf8(&source.bytes).unwrap())).collect()
}

/// Returns all problems, those of the sources too, as they are shown.
fn told(sources: &[Source], problems: &[Problem]) -> String {
    let own = sources.iter().flat_map(|source| &source.problems);
    problems.iter().chain(own).map(|problem| format!("{problem}\n")).collect()
}
