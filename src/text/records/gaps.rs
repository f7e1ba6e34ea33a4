//! Silences: where the times of a log jump.

use std::ops::RangeInclusive;

use super::{Basis, Reader};
use crate::text::lines::{Index, Line};

/// How many lines without a time are skipped in search of the one before a silence: what printed more was not silent.
const PATIENCE: usize = 64;

const DAY: i64 = 86_400_000_000_000;

/// A silence between two lines that bear times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The number of the last line with a time before the silence.
    pub before_line: u64,
    /// The number of the first line with a time after it.
    pub after_line: u64,
    /// How long it lasted.
    pub nanos: i64,
}

/// Returns the longest silence of at least `minimum` nanoseconds that one of these lines ends; of several as long the
/// first. `ends` are numbers of lines, ascending and apart.
pub fn longest_gap(
    index: &Index<'_>,
    reader: &Reader,
    minimum: i64,
    ends: impl Iterator<Item = RangeInclusive<u64>>,
) -> Option<Gap> {
    let gaps = ends.flat_map(|lines| gaps(index, reader, lines)).filter(|gap| gap.nanos >= minimum);
    gaps.reduce(|longest, gap| if gap.nanos > longest.nanos { gap } else { longest })
}

/// Returns the time that passed before each of some lines that bears one.
fn gaps(index: &Index<'_>, reader: &Reader, lines: RangeInclusive<u64>) -> Vec<Gap> {
    let (first, last) = lines.into_inner();
    let timed = |line: Line<'_>| reader.time(line).map(|time| (line.number, time));
    let mut before = index.range_from_end(1, first.saturating_sub(1)).take(PATIENCE).find_map(timed);
    let mut gaps = Vec::new();
    for (number, time) in index.range(first, last).filter_map(timed) {
        if let Some((before_line, since)) = before {
            gaps.push(Gap { before_line, after_line: number, nanos: elapsed(reader.basis(), since, time) });
        }
        before = Some((number, time));
    }
    gaps
}

/// Returns the time from one line to another; a time of day that steps far back has passed midnight.
fn elapsed(basis: Basis, before: i64, after: i64) -> i64 {
    let nanos = after.saturating_sub(before);
    let midnight = basis == Basis::TimeOfDay && nanos < -DAY / 2;
    if midnight { nanos + DAY } else { nanos }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn longest(text: &str, ends: &[RangeInclusive<u64>]) -> Option<Gap> {
        let (index, reader) = (Index::new(text.as_bytes()), Reader::guess(text.as_bytes()));
        longest_gap(&index, &reader, 20 * SECOND, ends.iter().cloned())
    }

    #[test]
    fn a_silence_reaches_back_over_lines_without_times() {
        let text = "2026-11-01T00:00:00Z a\nno time\n2026-11-01T00:10:00Z b\n2026-11-01T00:10:01Z c\n\
                    no time\n2026-11-01T00:11:01Z d\n";
        let first = Gap { before_line: 1, after_line: 3, nanos: 600 * SECOND };
        let second = Gap { before_line: 4, after_line: 6, nanos: 60 * SECOND };
        assert_eq!(longest(text, &[1..=6]), Some(first));
        assert_eq!(longest(text, &[1..=2, 4..=6]), Some(second), "nothing that counts ends the first");
        assert_eq!(longest(text, &[5..=5]), None);
        assert_eq!(longest("", &[1..=9]), None);
        assert_eq!(longest("no times\n", &[1..=1]), None);
    }

    #[test]
    fn a_time_of_day_may_pass_midnight() {
        let found = longest("23:59:50 x\n00:00:20 y\n00:00:10 late\n", &[1..=3]);
        assert_eq!(found, Some(Gap { before_line: 1, after_line: 2, nanos: 30 * SECOND }));
    }
}
