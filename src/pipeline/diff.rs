//! From the paths of passing and failing logs to what the failing ones say alone.

use std::path::PathBuf;

use super::excerpts;
use crate::diff::{self, Baseline, Passage};
use crate::error::Problem;
use crate::findings::{DIFF_SCHEMA, Diff, DiffRange, Excerpt};
use crate::input::{self, Limits, Request, Source};
use crate::text::lines::Index;

/// Ranges that a person may still look through.
const MOST: usize = 100;
/// Lines kept of each range for a reader.
const SHOWN: u64 = 12;

/// What was found, and what stood in the way.
pub struct Differing {
    pub diff: Diff,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// How many logs of passing runs were read.
    pub passing: usize,
    /// How many logs of failing runs were read.
    pub failing: usize,
}

/// Returns what the logs at `failing` say that none of those at `passing` does, best first.
pub fn diff(passing: Vec<PathBuf>, failing: Vec<PathBuf>) -> Differing {
    let mut baseline = Baseline::default();
    let mut problems = Vec::new();
    let passing = each(passing, &mut problems, |source| baseline.add(&source.bytes));
    let mut found: Vec<(DiffRange, Excerpt)> = Vec::new();
    let failing = each(failing, &mut problems, |source| {
        let contrast = diff::subtract(&source.bytes, &baseline);
        let index = Index::new(&source.bytes);
        found.extend(contrast.passages.iter().take(MOST).map(|passage| shown_range(source, &index, passage)));
    });
    found.sort_by(|(a, _), (b, _)| {
        b.score.total_cmp(&a.score).then_with(|| (&a.source, a.line_start).cmp(&(&b.source, b.line_start)))
    });
    found.truncate(MOST);
    let (ranges, excerpts) = found.into_iter().unzip();
    let diff = Diff { schema: DIFF_SCHEMA.to_owned(), ranges, excerpts };
    Differing { diff, problems, passing, failing }
}

/// Opens all sources at `paths`; returns how many could be read.
fn each(paths: Vec<PathBuf>, problems: &mut Vec<Problem>, mut visit: impl FnMut(&Source)) -> usize {
    let found = input::find(&Request { paths, ..Request::default() });
    problems.extend(found.problems);
    let mut read = 0;
    for input in &found.inputs {
        let skipped = input::open(input, &Limits::default(), &mut |source| {
            read += 1;
            visit(&source);
            problems.extend(source.problems);
        });
        problems.extend(skipped);
    }
    read
}

fn shown_range(source: &Source, index: &Index<'_>, passage: &Passage) -> (DiffRange, Excerpt) {
    let &Passage { line_start, line_end, score } = passage;
    let shown = line_end.min(line_start + SHOWN - 1);
    let excerpt = excerpts::lines(source, index, line_start, shown);
    (DiffRange { source: source.name.clone(), line_start, line_end, score }, excerpt)
}
