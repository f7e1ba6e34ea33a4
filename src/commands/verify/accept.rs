//! A person's word that runs which nearly matched are the failure: their words go into the pattern.

use std::fs;

use anyhow::{Result, ensure};

use crate::experiment::Pattern;
use crate::folder::{Failure, write_whole};
use crate::reports::warn;
use crate::trials::{Trial, Verdict};

/// Wordings that a pattern takes; more say that the oracle is another one.
const MOST: usize = 16;

/// Adds the words of each run of the last proof that nearly matched to the pattern, and writes it.
///
/// # Errors
/// If no run nearly matched, or the pattern cannot be written.
pub fn near_matches(failure: &Failure, pattern: &mut Pattern) -> Result<()> {
    let before = pattern.oracle.accepted.len();
    let failed = trials(failure).into_iter().flat_map(|trial| trial.failed().collect::<Vec<_>>());
    for near in failed.filter(|failed| failed.verdict == Verdict::SameClass) {
        let of_another = near.difference.as_ref().is_some_and(|why| why.starts_with("another test"));
        let words = near.headline.as_ref().filter(|_| !of_another);
        let accepted = &mut pattern.oracle.accepted;
        if let Some(words) = words.filter(|words| !accepted.contains(words) && accepted.len() < MOST) {
            warn(&format!("accepted: {words}"));
            accepted.push(words.clone());
        }
    }
    let folder = failure.folder().display();
    ensure!(
        pattern.oracle.accepted.len() > before,
        "no run of the last proof in {folder} nearly matched in the same test: there is nothing to accept"
    );
    let mut text = serde_json::to_vec_pretty(pattern)?;
    text.push(b'\n');
    write_whole(&failure.pattern(), &text)
}

/// Returns the finished runs of the last proof that can be read.
fn trials(failure: &Failure) -> Vec<Trial> {
    let entries = fs::read_dir(failure.trials()).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path().join("result.json")).collect();
    paths.sort();
    paths.iter().filter_map(|path| serde_json::from_slice(&fs::read(path).ok()?).ok()).collect()
}
