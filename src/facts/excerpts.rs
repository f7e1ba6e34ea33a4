//! The lines round what failed, as a reader is shown them.

use serde::{Deserialize, Serialize};

use super::failures::Event;
use crate::text::lines::{Index, clean};

/// Some neighbouring lines of one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The 1-based number of the first.
    pub line_start: u64,
    /// Cleaned of escapes, each cut to a bounded length.
    pub lines: Vec<String>,
}

/// Lines kept before and after a failure.
const AROUND: u64 = 5;
/// Lines kept of one failure.
const LONGEST: u64 = 50;
/// Bytes kept of one line.
const WIDTH: usize = 2000;

/// Returns the lines round some failures, each line once, in order.
pub fn excerpts(index: &Index<'_>, failures: &[Event]) -> Vec<Excerpt> {
    let ranges = failures.iter().map(|failure| {
        let last = failure.last_line.min(failure.first_line.saturating_add(LONGEST));
        (failure.first_line.saturating_sub(AROUND).max(1), last.saturating_add(AROUND))
    });
    let excerpt = |(first, last)| {
        let lines = index.range(first, last).map(|line| text(line.bytes)).collect();
        Excerpt { line_start: first, lines }
    };
    joined(ranges.collect()).into_iter().map(excerpt).collect()
}

/// Sorts ranges and joins those that touch, so that each line is kept once.
fn joined(mut ranges: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
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

fn text(bytes: &[u8]) -> String {
    let text = clean(bytes.get(..WIDTH).unwrap_or(bytes)).into_owned();
    String::from_utf8_lossy(&text).into_owned()
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
}
