//! Silences: where the times of a log jump, found without reading every line of a large one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Basis, Reader};
use crate::lines::{Index, Line};

/// Logs below this size are read line by line.
const SMALL: usize = 1 << 20;

/// Bytes between two looks at the time of a larger log, at the least.
const STRIDE: usize = 64 << 10;

/// Looks at the time of any log at the most, so that an endless one costs no more.
const LOOKS: usize = 64;

/// Pieces below this size are read line by line.
const PIECE: usize = 2 << 10;

/// How many lines without a time are skipped in search of one with it: at the beginning, and later.
const PATIENCE: usize = 1000;
const LATER: usize = 64;

const DAY: i64 = 86_400_000_000_000;

/// A silence between two lines that bear times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The number of the last line with a time before the silence.
    pub before_line: u64,
    /// The number of the first line with a time after it.
    pub after_line: u64,
    /// How long it lasted.
    pub nanos: i64,
}

/// Returns the longest silence of at least `minimum` nanoseconds whose end, the first line after it,
/// `counts`; of several as long the first.
///
/// Exact below 1 MiB. Above, the time is looked at every 64 KiB or `LOOKS` times, and a stretch
/// between two looks is searched only if at least `minimum` passed in it; a gap hides only where
/// times run backwards in the same stretch, or among `LATER` lines without any.
pub fn longest_gap<'a>(
    index: &Index<'a>,
    reader: &Reader,
    minimum: i64,
    counts: impl Fn(Line<'a>) -> bool,
) -> Option<Gap> {
    let mut search = Search { index, reader, minimum, found: BinaryHeap::new() };
    let size = index.bytes().len();
    let first = search.timed(0, size, PATIENCE)?;
    if size < SMALL {
        search.scan(first, size);
    } else {
        search.stride(first);
    }
    while let Some(Found { gap, doubt, .. }) = search.found.pop() {
        match doubt {
            _ if !index.line(gap.after_line).is_some_and(&counts) => {}
            None => return Some(gap),
            Some((from, to)) => drop(search.scan(from, to.line.start as usize + 1)),
        }
    }
    None
}

/// A silence; the longest and of those the first compares greatest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Found<'a> {
    nanos: i64,
    first: Reverse<u64>,
    gap: Gap,
    /// The lines between which times may have been passed over.
    doubt: Option<(Timed<'a>, Timed<'a>)>,
}

/// A line that bears a time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Timed<'a> {
    line: Line<'a>,
    time: i64,
}

struct Search<'i, 'a> {
    index: &'i Index<'a>,
    reader: &'i Reader,
    minimum: i64,
    found: BinaryHeap<Found<'a>>,
}

impl<'a> Search<'_, 'a> {
    /// Returns the first line with a time that starts at `offset` or after it and before `end`, if
    /// there is one among `patience` lines.
    fn timed(&self, offset: usize, end: usize, patience: usize) -> Option<Timed<'a>> {
        let open = self.index.at_offset(offset)?;
        let lines = self.index.range(open.number, u64::MAX).take(patience);
        let near = lines.take_while(|line| line.number == open.number || (line.start as usize) < end);
        near.filter(|line| line.start as usize >= offset)
            .find_map(|line| self.reader.time(line).map(|time| Timed { line, time }))
    }

    /// Looks at the time here and there and searches the stretches between.
    fn stride(&mut self, first: Timed<'a>) {
        let size = self.index.bytes().len();
        let stride = STRIDE.max(size / LOOKS);
        let mut from = first;
        let mut offset = first.line.start as usize + stride;
        while offset < size {
            if let Some(to) = self.timed(offset, size, LATER) {
                self.search(from, to, to.line.start as usize);
                from = to;
            }
            offset = offset.max(from.line.start as usize) + stride;
        }
        if let Some(last) = self.last_timed(from, size - stride) {
            self.search(from, last, last.line.start as usize);
        }
    }

    /// Returns the last line with a time that starts at `offset` or after it, and after `from`.
    fn last_timed(&self, from: Timed<'a>, offset: usize) -> Option<Timed<'a>> {
        let open = self.index.at_offset(offset)?;
        let mut lines = self.index.range_from_end(open.number.max(from.line.number + 1), u64::MAX);
        lines.find_map(|line| self.reader.time(line).map(|time| Timed { line, time }))
    }

    /// Searches the stretch between two timed lines by halves; from `upper` on no time was found.
    fn search(&mut self, from: Timed<'a>, to: Timed<'a>, upper: usize) {
        let start = from.line.start as usize;
        if self.elapsed(from, to) < self.minimum {
            return;
        }
        if upper - start <= PIECE {
            let last = self.scan(from, upper);
            self.note(last, to, upper < to.line.start as usize);
            return;
        }
        let middle = start + (upper - start) / 2;
        match self.timed(middle, upper, LATER) {
            Some(half) => {
                self.search(from, half, half.line.start as usize);
                self.search(half, to, upper);
            }
            None => self.search(from, to, middle),
        }
    }

    /// Reads every line after `from` that starts before `end`: the last one with a time.
    fn scan(&mut self, from: Timed<'a>, end: usize) -> Timed<'a> {
        let mut before = from;
        let lines = self.index.range(from.line.number + 1, u64::MAX);
        for line in lines.take_while(|line| (line.start as usize) < end) {
            let Some(time) = self.reader.time(line) else { continue };
            let after = Timed { line, time };
            self.note(before, after, false);
            before = after;
        }
        before
    }

    fn note(&mut self, before: Timed<'a>, after: Timed<'a>, doubtful: bool) {
        let nanos = self.elapsed(before, after);
        if nanos >= self.minimum {
            let (before_line, after_line) = (before.line.number, after.line.number);
            let gap = Gap { before_line, after_line, nanos };
            let doubt = doubtful.then_some((before, after));
            self.found.push(Found { nanos, first: Reverse(before_line), gap, doubt });
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

    fn longest(text: &str, counts: impl Fn(u64) -> bool) -> Option<Gap> {
        let (index, reader) = (Index::new(text.as_bytes()), Reader::guess(text.as_bytes()));
        longest_gap(&index, &reader, 20 * SECOND, |line| counts(line.number))
    }

    #[test]
    fn finds_silences_over_lines_without_times() {
        let text = log(20, &[(8, 600), (15, 60)]);
        let (first, second) = (
            Gap { before_line: 7, after_line: 9, nanos: 601 * SECOND },
            Gap { before_line: 15, after_line: 17, nanos: 61 * SECOND },
        );
        assert_eq!(longest(&text, |_| true), Some(first));
        assert_eq!(longest(&text, |line| line != 9), Some(second));
        assert_eq!(longest(&log(20, &[]), |_| true), None);
        assert_eq!(longest("", |_| true), None);
        assert_eq!(longest("no times\n", |_| true), None);
    }

    #[test]
    fn a_time_of_day_may_pass_midnight() {
        let found = longest("23:59:50 x\n00:00:20 y\n00:00:10 late\n", |_| true);
        assert_eq!(found, Some(Gap { before_line: 1, after_line: 2, nanos: 30 * SECOND }));
    }

    /// Every silence, from looks here and there and from reading each line.
    fn both_ways(text: &str) -> (Vec<Gap>, Vec<Gap>) {
        let (index, reader) = (Index::new(text.as_bytes()), Reader::guess(text.as_bytes()));
        let search =
            || Search { index: &index, reader: &reader, minimum: 400 * SECOND, found: BinaryHeap::new() };
        let (mut looks, mut reads) = (search(), search());
        let first = looks.timed(0, text.len(), PATIENCE).unwrap();
        looks.stride(first);
        reads.scan(first, text.len());
        let told = |search: Search<'_, '_>| {
            search.found.into_sorted_vec().into_iter().map(|found| found.gap).collect()
        };
        (told(looks), told(reads))
    }

    #[test]
    fn looking_here_and_there_finds_what_reading_all_finds() {
        let text = log(80_000, &[(2, 700), (30_000, 650), (30_001, 500), (79_999, 900)]);
        assert!(text.len() > SMALL);
        let (looks, reads) = both_ways(&text);
        assert_eq!((looks.len(), &looks), (4, &reads));
    }

    #[test]
    fn times_among_many_lines_without_are_found_when_it_matters() {
        let plain = "a line without a time\n".repeat(40_000);
        let stamp = |minutes| format!("2026-11-01T00:{minutes:02}:00.0000000Z x\n");
        let quick = "2026-11-01T00:00:00.0000000Z x\n".repeat(200_000);
        let text = [&quick, &stamp(0), &plain, &stamp(2), &stamp(3), &plain, &stamp(8), &stamp(9)]
            .map(String::as_str)
            .concat();
        let found = longest(&text, |_| true).unwrap();
        assert_eq!(found.nanos, 300 * SECOND, "and not from before the lines in the middle");
    }
}
