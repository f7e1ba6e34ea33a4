//! Where the command is run: told, or found by the file of the test, and checked before any time is spent.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::experiment::Pattern;
use crate::script::Invocation;

/// How deep a test's file is looked for below this folder, and how many entries are looked at.
const DEPTH: usize = 6;
const ENTRIES: usize = 50_000;

/// Returns the folder to run the command in: the one that was told, else the pattern's, else this one or the
/// one below it in which the test's file lies. `own` says that a person gave the command.
///
/// # Errors
/// If it is not there, or the test's file is not in it: no run there would say anything.
pub fn folder(
    told: Option<&Path>,
    repo: Option<&Path>,
    pattern: Option<&Pattern>,
    invocation: Option<&Invocation>,
    own: bool,
) -> Result<PathBuf> {
    let here = std::env::current_dir().context("cannot tell the current folder")?;
    let here = repo.map_or_else(|| here.clone(), |repo| here.join(repo));
    if !here.is_dir() {
        bail!("--repo {}: there is no such folder", here.display());
    }
    let of_log = invocation.and_then(|invocation| invocation.folder.as_ref()).map(|folder| here.join(folder));
    let of_log = of_log.filter(|folder| folder.is_dir());
    if let Some(told) = told
        && !told.is_dir()
    {
        bail!("--cwd {}: there is no such folder", told.display());
    }
    let first = told.map(|told| here.join(told)).or(of_log).unwrap_or_else(|| here.clone());
    let Some(file) = pattern.filter(|_| !own).and_then(file_of_test) else { return Ok(first) };
    if first.join(&file).exists() {
        return Ok(first);
    }
    let found = if told.is_none() { below(&here, &file) } else { Vec::new() };
    match &found[..] {
        [one] => Ok(one.clone()),
        [] => bail!(
            "{} is not in {}: start ndlog in the folder that CI ran the test in, or name it with --cwd DIR",
            file.display(),
            first.display()
        ),
        several => bail!(
            "{} lies in {} folders here ({} and {}): name the right one with --cwd DIR",
            file.display(),
            several.len(),
            several.first().map_or_else(String::new, |one| one.display().to_string()),
            several.last().map_or_else(String::new, |one| one.display().to_string())
        ),
    }
}

/// Returns the file that the test's own name begins with, where it is relative to CI's folder.
fn file_of_test(pattern: &Pattern) -> Option<PathBuf> {
    let (file, _) = pattern.test.as_ref()?.id.split_once("::")?;
    let path = Path::new(file);
    (path.is_relative() && path.extension().is_some_and(|ending| ending == "py")).then(|| path.to_path_buf())
}

/// Returns the folders below `top` in which `file` lies.
fn below(top: &Path, file: &Path) -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(top).max_depth(Some(DEPTH)).hidden(true).build();
    let found = walk.flatten().take(ENTRIES).filter(|entry| entry.path().ends_with(file));
    let depth = file.components().count();
    let mut folders: Vec<PathBuf> =
        found.filter_map(|entry| Some(entry.path().ancestors().nth(depth)?.to_path_buf())).collect();
    folders.sort();
    folders.dedup();
    folders
}
