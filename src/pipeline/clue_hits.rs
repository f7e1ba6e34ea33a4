//! From paths to the clues that their lines hold, wherever a line stands: in logs of passing runs each is a false alarm.

use std::path::PathBuf;

use crate::error::Problem;
use crate::facts::clues::{Clues, Stands};
use crate::facts::failures::{classes, skips};
use crate::input::{self, Limits, Request, Source};
use crate::text::lines;
use crate::text::records::Reader;

/// One line that would be evidence if a failure stood in it, or after it.
pub struct ClueHit {
    pub clue: &'static str,
    pub source: String,
    /// 1-based.
    pub line: u64,
    pub text: String,
    /// True if it is read in a failure's own lines.
    pub own: bool,
    /// True if it is read in lines before one.
    pub before: bool,
}

/// Hands every hit over, in the order of the lines, without those that count only as the last line before a failure.
/// Returns what could not be read.
pub fn clue_hits(paths: Vec<PathBuf>, mut visit: impl FnMut(ClueHit)) -> Vec<Problem> {
    let found = input::find(&Request { paths, ..Request::default() });
    let mut problems = found.problems;
    for input in &found.inputs {
        let skipped = input::open(input, &Limits::default(), &mut |source| of_one(&source, &mut visit));
        problems.extend(skipped);
    }
    problems
}

fn of_one(source: &Source, visit: &mut impl FnMut(ClueHit)) {
    let (clues, reader) = (Clues::embedded(), Reader::guess(&source.bytes));
    let records = lines::split(&source.bytes).map(|line| reader.parse(line));
    for record in records.filter(|record| !skips(classes(&record.message))) {
        let own = clues.find(&record, Stands::In, None);
        let before = clues.find(&record, Stands::Before, None);
        let mut all = before.clone();
        all.extend(&own);
        all.sort_unstable();
        all.dedup();
        for clue in all {
            let Some(clue_found) = clues.all.get(clue).filter(|clue| !clue.unfinished) else { continue };
            visit(ClueHit {
                clue: &clue_found.name,
                source: source.name.clone(),
                line: record.line.number,
                text: String::from_utf8_lossy(record.message.trim_ascii()).into_owned(),
                own: own.contains(&clue),
                before: before.contains(&clue),
            });
        }
    }
}
