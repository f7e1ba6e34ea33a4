//! The lines round what failed, as a reader is shown them.

use serde::{Deserialize, Serialize};

use super::coverage::{Bound, Coverage};
use super::failures::Event;
use super::mentions::Mention;
use crate::text::lines::{Index, clean};

/// Some neighbouring lines of one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The 1-based number of the first.
    pub line_start: u64,
    /// Cleaned of escapes, each cut to a bounded length.
    pub lines: Vec<String>,
}

/// Lines kept before and after a failure or a clue.
const AROUND: u64 = 5;
/// Lines kept before and after what is to be read first.
const AROUND_FIRST: u64 = 30;
/// Failures that are to be read first.
const FIRST: usize = 3;
/// Lines kept before what is only mentioned.
const BEFORE: u64 = 4;
/// Lines kept of one failure.
const LONGEST: u64 = 50;
/// Bytes kept of one line.
const WIDTH: usize = 2000;
/// Lines kept of one source.
const MOST: u64 = 4000;

/// The lines of one source that may be shown, as ranges of their numbers.
#[derive(Debug, Default)]
pub struct Places(Vec<(u64, u64)>);

impl Places {
    /// Adds the lines of the failures, the first to read in front, and those round each.
    pub fn failures(&mut self, failures: &[Event]) {
        for (rank, failure) in failures.iter().enumerate() {
            let around = if rank < FIRST { AROUND_FIRST } else { AROUND };
            self.around(failure.first_line, failure.last_line, around);
        }
    }

    /// Adds some neighbouring lines and those round them.
    pub fn range(&mut self, first: u64, last: u64) {
        self.around(first, last, AROUND);
    }

    fn around(&mut self, first: u64, last: u64, around: u64) {
        let last = last.min(first.saturating_add(LONGEST));
        self.0.push((first.saturating_sub(around).max(1), last.saturating_add(around)));
    }

    /// Adds lines that say why, and those round them.
    pub fn clues(&mut self, lines: impl Iterator<Item = u64>) {
        self.0.extend(lines.map(|line| (line.saturating_sub(AROUND).max(1), line.saturating_add(AROUND))));
    }

    /// Adds what else a log says went wrong, and a few lines round each.
    pub fn mentions(&mut self, mentions: &[Mention]) {
        let round =
            |mention: &Mention| (mention.first.saturating_sub(BEFORE).max(1), mention.last.saturating_add(1));
        self.0.extend(mentions.iter().map(round));
    }

    /// Adds lines that a comparison of runs may name.
    pub fn single(&mut self, lines: impl Iterator<Item = u64>) {
        self.0.extend(lines.map(|line| (line, line)));
    }

    /// Returns their lines, each once, in order; those added first have precedence where there are too many, and what
    /// is left out is counted under `bound`.
    pub fn excerpts(self, index: &Index<'_>, bound: Bound, coverage: &mut Coverage) -> Vec<Excerpt> {
        let (mut left, mut left_out) = (MOST, 0);
        let mut kept = Vec::new();
        for (first, last) in self.0 {
            let length = last.min(index.lines()).saturating_sub(first).saturating_add(1);
            if length <= left {
                left -= length;
                kept.push((first, last));
            } else {
                left_out += length;
            }
        }
        coverage.cut(bound, MOST, left_out);
        let excerpt = |(first, last)| {
            let lines = index.range(first, last).map(|line| shown_line(line.bytes)).collect();
            Excerpt { line_start: first, lines }
        };
        joined(kept).into_iter().map(excerpt).collect()
    }
}

/// Sorts ranges and joins those that touch, so that each line is kept once.
pub fn joined(mut ranges: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    ranges.sort_unstable();
    let mut joined: Vec<(u64, u64)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

/// Returns a line as it is shown: cleaned, and an endless one cut where that is marked.
pub fn shown_line(bytes: &[u8]) -> String {
    let kept = bytes.get(..WIDTH).unwrap_or(bytes);
    let text = clean(kept).into_owned();
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if kept.len() < bytes.len() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_touch_are_read_once() {
        for (ranges, expected) in [
            (vec![(5, 9), (1, 3)], vec![(1, 3), (5, 9)]),
            (vec![(1, 4), (5, 9), (2, 3)], vec![(1, 9)]),
            (vec![], vec![]),
        ] {
            assert_eq!(joined(ranges), expected);
        }
    }

    #[test]
    fn a_source_with_many_places_keeps_a_bounded_number_of_lines_and_says_so() {
        let log = "line\n".repeat(20_000);
        let mut places = Places::default();
        places.single(1..=20_000);
        let mut coverage = Coverage::default();
        let kept: usize = places
            .excerpts(&Index::new(log.as_bytes()), Bound::ExcerptLines, &mut coverage)
            .iter()
            .map(|one| one.lines.len())
            .sum();
        assert_eq!(kept as u64, MOST);
        let [cut] = coverage.cut.as_slice() else { panic!("{:?}", coverage.cut) };
        assert_eq!((cut.bound, cut.at, cut.left_out), (Bound::ExcerptLines, MOST, 20_000 - MOST));
    }
}
