//! Silences: where the times of a log jump, found without reading every line of a large one.

use std::cmp::Reverse;

use super::{Basis, Reader};
use crate::lines::{Index, Line};

/// Logs below this size are read line by line.
const SMALL: usize = 4 << 20;

/// Bytes between two looks at the time of a larger log.
const STRIDE: usize = 256 << 10;

/// Pieces below this size are read line by line.
const PIECE: usize = 16 << 10;

/// How many lines without a time are skipped in search of one with it.
const PATIENCE: usize = 1000;

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

/// Returns the silences of at least `minimum` nanoseconds, the longest first.
///
/// Exact below 4 MiB. Above, the time is looked at every 256 KiB, and a stretch between two looks
/// is searched only if at least `minimum` passed in it; a gap hides only where times run
/// backwards in the same stretch.
pub fn largest_gaps(index: &Index<'_>, reader: &Reader, minimum: i64) -> Vec<Gap> {
    let mut search = Search { index, reader, minimum, gaps: Vec::new() };
    let size = index.bytes().len();
    if let Some(first) = search.timed(0, size) {
        if size < SMALL { search.scan(first, size) } else { search.stride(first) }
    }
    search.gaps.sort_unstable_by_key(|gap| (Reverse(gap.nanos), gap.before_line));
    search.gaps
}

/// A line that bears a time.
#[derive(Clone, Copy)]
struct Timed<'a> {
    line: Line<'a>,
    time: i64,
}

struct Search<'i, 'a> {
    index: &'i Index<'a>,
    reader: &'i Reader,
    minimum: i64,
    gaps: Vec<Gap>,
}

impl<'a> Search<'_, 'a> {
    /// Returns the first line with a time that starts at `offset` or after it and before `end`.
    fn timed(&self, offset: usize, end: usize) -> Option<Timed<'a>> {
        let mut line = self.index.at_offset(offset)?;
        for _ in 0..PATIENCE {
            if line.start as usize >= offset
                && let Some(time) = self.reader.time(line)
            {
                return Some(Timed { line, time });
            }
            let next = line.end() as usize + 1;
            line = self.index.at_offset(next).filter(|_| next < end)?;
        }
        None
    }

    /// Looks at the time every `STRIDE` bytes and searches the stretches between.
    fn stride(&mut self, first: Timed<'a>) {
        let size = self.index.bytes().len();
        let mut from = first;
        let mut offset = first.line.start as usize + STRIDE;
        while offset < size {
            if let Some(to) = self.timed(offset, size) {
                self.search(from, to);
                from = to;
            }
            offset = offset.max(from.line.start as usize) + STRIDE;
        }
        self.scan(from, size);
    }

    /// Searches the stretch between two timed lines by halves.
    fn search(&mut self, from: Timed<'a>, to: Timed<'a>) {
        if self.elapsed(from, to) < self.minimum {
            return;
        }
        let (start, end) = (from.line.start as usize, to.line.start as usize);
        let middle = start + (end - start) / 2;
        match self.timed(middle, end).filter(|_| end - start > PIECE) {
            Some(half) if half.line.start < to.line.start => {
                self.search(from, half);
                self.search(half, to);
            }
            _ => self.scan(from, end + 1),
        }
    }

    /// Reads every line after `from` that starts before `end`.
    fn scan(&mut self, from: Timed<'a>, end: usize) {
        let mut before = from;
        let lines = self.index.range(from.line.number + 1, u64::MAX);
        for line in lines.take_while(|line| (line.start as usize) < end) {
            let Some(time) = self.reader.time(line) else { continue };
            let after = Timed { line, time };
            let nanos = self.elapsed(before, after);
            if nanos >= self.minimum {
                self.gaps.push(Gap { before_line: before.line.number, after_line: line.number, nanos });
            }
            before = after;
        }
    }

    /// Returns the time from one line to another; a time of day that steps far back has passed
    /// midnight.
    fn elapsed(&self, before: Timed<'_>, after: Timed<'_>) -> i64 {
        let nanos = after.time.saturating_sub(before.time);
        let midnight = self.reader.basis() == Basis::TimeOfDay && nanos < -DAY / 2;
        if midnight { nanos + DAY } else { nanos }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    const SECOND: i64 = 1_000_000_000;

    /// A log of `lines` lines a second apart, with `extra` seconds more before some of them.
    fn log(lines: usize, extra: &[(usize, i64)]) -> String {
        let mut text = String::new();
        let mut time = 0;
        for line in 1..=lines {
            time += 1 + extra.iter().filter(|(at, _)| *at == line).map(|(_, seconds)| seconds).sum::<i64>();
            let (minutes, seconds) = (time / 60, time % 60);
            let (days, hours, minutes) = (1 + minutes / 1440, minutes / 60 % 24, minutes % 60);
            let filler = "link is up and idle ".repeat(1 + line % 5);
            writeln!(text, "2026-11-{days:02}T{hours:02}:{minutes:02}:{seconds:02}.0000000Z {filler}")
                .unwrap();
            if line % 7 == 0 {
                text.push_str("a line without a time\n");
            }
        }
        text
    }

    fn gaps(text: &str, minimum: i64) -> Vec<Gap> {
        largest_gaps(&Index::new(text.as_bytes()), &Reader::guess(text.as_bytes()), minimum)
    }

    #[test]
    fn finds_silences_over_lines_without_times() {
        let found = gaps(&log(20, &[(8, 600), (15, 60)]), 30 * SECOND);
        assert_eq!(
            found,
            [
                Gap { before_line: 7, after_line: 9, nanos: 601 * SECOND },
                Gap { before_line: 15, after_line: 17, nanos: 61 * SECOND },
            ]
        );
        assert_eq!(gaps(&log(20, &[]), 30 * SECOND), []);
        assert_eq!(gaps("", 1), []);
        assert_eq!(gaps("no times\n", 1), []);
    }

    #[test]
    fn a_time_of_day_may_pass_midnight() {
        let found = gaps("23:59:50 x\n00:00:20 y\n00:00:10 late\n", 20 * SECOND);
        assert_eq!(found, [Gap { before_line: 1, after_line: 2, nanos: 30 * SECOND }]);
    }

    #[test]
    fn looking_here_and_there_finds_what_reading_all_finds() {
        let text = log(80_000, &[(2, 700), (30_000, 650), (30_001, 500), (79_999, 900)]);
        assert!(text.len() > SMALL);
        let index = Index::new(text.as_bytes());
        let reader = Reader::guess(text.as_bytes());
        let mut all = Search { index: &index, reader: &reader, minimum: 400 * SECOND, gaps: Vec::new() };
        all.scan(all.timed(0, text.len()).unwrap(), text.len());
        all.gaps.sort_unstable_by_key(|gap| (Reverse(gap.nanos), gap.before_line));
        assert_eq!(all.gaps.len(), 4);
        assert_eq!(largest_gaps(&index, &reader, 400 * SECOND), all.gaps);
    }
}
