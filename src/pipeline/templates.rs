//! From paths to templates: opens every source and mines all their lines together.

use std::path::PathBuf;

use crate::error::Problem;
use crate::input::{self, Limits, Request};
use crate::templates::{Mined, Miner};
use crate::text::lines;

/// Returns the templates of all lines of the logs at `paths` (files, folders, archives, or `-`),
/// sources in the order of their names, and what could not be read.
pub fn mine(paths: Vec<PathBuf>) -> (Mined, Vec<Problem>) {
    let found = input::find(&Request { paths, ..Request::default() });
    let mut problems = found.problems;
    let mut miner = Miner::default();
    for input in &found.inputs {
        let skipped = input::open(input, &Limits::default(), &mut |source| {
            miner.add(source.name, lines::split(&source.bytes).map(|line| line.bytes));
            problems.extend(source.problems);
        });
        problems.extend(skipped);
    }
    (miner.finish(), problems)
}
