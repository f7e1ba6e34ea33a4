//! Which hot lines of a log are read closely: the first and the last ones, and between them the rarest.
//!
//! A flood has its cause in front of it and its verdict behind it. A failure far from both ends of a long log says
//! what little else there says. A log below these bounds is read whole.

use std::cmp::Reverse;
use std::ops::Range;

use super::assemblers::{heads_report, telling};
use super::line_cache::Known;
use super::line_view::Piece;
use super::prefilter::{hot_lines, hot_lines_from_end, loud_lines};
use super::rarity::{fresh, rarest};
use super::windows::REACH;
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Lines read closely at the beginning and at the end of what is hot.
struct Ends {
    head: u64,
    tail: u64,
}

impl Ends {
    /// Returns the ends of a log of so many bytes.
    ///
    /// Measured 2026-11-23: logs of up to 1.8 MB are ranked best with the longer ends, hit@1 .908 against .889 on 468
    /// failed CI logs; longer ones are not, hit@1 .546 against .569 on 130 of 5 MB, for there the ends hold less of
    /// what failed and more of what did not.
    fn of(bytes: usize) -> Self {
        if bytes <= LONG { Self { head: 2000, tail: 4000 } } else { Self { head: 500, tail: 1500 } }
    }
}

/// Bytes above which a log is long.
const LONG: usize = 2 << 20;

/// Bytes before the end that are searched between the ends, so that an endless log costs no more than a long one.
const SEARCHED: usize = 16 << 20;

/// Hot lines read closely between the ends. Measured 2026-11-23 on 130 failed CI logs, each in the middle of 5 MB of
/// passing ones: without them a third of the failures were found, with them three quarters; with ends ten times as long
/// four fifths.
const RAREST: usize = 80;

/// Returns the hot lines to read closely, the last first.
pub fn selection<'a>(
    index: &Index<'a>,
    reader: &'a Reader,
    known: &'a Known,
) -> impl Iterator<Item = Piece<'a>> {
    let piece = |line| Piece::new(line, reader, known, true);
    let ends = Ends::of(index.bytes().len());
    let head = fresh(hot_lines(index)).map(piece).filter(tells);
    let head: Vec<Piece<'a>> = within(ends.head, head).collect();
    let end = head.last().map_or(0, Piece::number);
    let rest = hot_lines_from_end(index).take_while(|line| line.number > end);
    let tail: Vec<Piece<'a>> = within(ends.tail, fresh(rest).map(piece).filter(tells)).collect();
    let loud = loud_lines(index, between(index, &head, &tail)).collect();
    let mut middle: Vec<Piece<'a>> = rarest(loud).map(piece).filter(tells).take(RAREST).collect();
    middle.sort_by_key(|piece| Reverse(piece.number()));
    tail.into_iter().chain(middle).chain(head.into_iter().rev())
}

/// Returns true if and only if the whole words of a hot line say that something went wrong, or
/// that a step ended: pieces of words, by which it was found, say less.
fn tells(piece: &Piece<'_>) -> bool {
    telling(piece) || heads_report(piece)
}

/// Returns the first of some lines, in either order, round which so many have to be read.
fn within<'a>(lines: u64, hot: impl Iterator<Item = Piece<'a>>) -> impl Iterator<Item = Piece<'a>> {
    let (mut left, mut previous) = (lines, None);
    hot.take_while(move |piece| {
        let number = piece.number();
        let more = previous.map_or(REACH, |previous| number.abs_diff(previous).min(REACH));
        (left, previous) = (left.saturating_sub(more), Some(number));
        left > 0
    })
}

/// Returns the bytes of the whole lines between the last line of the head and the first one of the tail, which comes
/// last; nothing if either is empty.
fn between(index: &Index<'_>, head: &[Piece<'_>], tail: &[Piece<'_>]) -> Range<usize> {
    let (Some(last), Some(first)) = (head.last(), tail.last()) else { return 0..0 };
    let (after, end) = (last.line.end() as usize, first.line.start as usize);
    let start = after.max(end.saturating_sub(SEARCHED));
    let open = index.at_offset(start).map_or(end, |line| line.end() as usize);
    open.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the lines of a log that are selected, in order.
    fn selected(log: &str) -> Vec<u64> {
        let (index, reader, known) = (Index::new(log.as_bytes()), Reader::default(), Known::default());
        let mut numbers: Vec<u64> = selection(&index, &reader, &known).map(|piece| piece.number()).collect();
        assert!(numbers.is_sorted_by(|a, b| a > b), "the last first, none twice");
        numbers.reverse();
        numbers
    }

    /// A log of so many lines of failure, no two of the same words.
    fn distinct(lines: usize) -> String {
        let letter = |digit: char| char::from(b'a' + digit as u8 - b'0');
        let word = |line: usize| line.to_string().chars().map(letter).collect::<String>();
        (1..=lines).map(|line| format!("error: link {} failed\n", word(line))).collect()
    }

    #[test]
    fn a_log_below_the_bounds_is_read_whole() {
        assert_eq!(selected(&distinct(3000)), (1..=3000).collect::<Vec<u64>>());
        assert_eq!(selected(&"error: link 3 failed\n".repeat(300)), (1..=300).collect::<Vec<u64>>());
        assert_eq!(selected("fine\nerror: link 3 failed\nfine\n"), [2]);
    }

    #[test]
    fn of_a_longer_one_the_beginning_and_the_end_are_read() {
        let Ends { head: first, tail: last } = Ends::of(0);
        let selected = selected(&distinct(20_000));
        let (head, tail) = selected.split_at(selected.partition_point(|line| *line < 10_000));
        assert_eq!(head.first(), Some(&1));
        assert!(head.len() as u64 + REACH >= first && head.len() as u64 <= first);
        assert_eq!(tail.last(), Some(&20_000));
        let tail = (tail.len() - RAREST) as u64;
        assert!(tail + REACH >= last && tail <= last);
    }

    #[test]
    fn a_flood_of_one_message_hides_nothing_before_it() {
        let flood = |numbers: std::ops::Range<u32>| {
            numbers.map(|number| format!("error: link {number} failed\n")).collect::<String>()
        };
        let log = format!("{}fatal: chip 7 is gone\n{}", flood(0..50_000), flood(50_000..100_000));
        assert!(selected(&log).contains(&50_001));
    }

    #[test]
    fn what_is_rare_is_read_however_far_from_both_ends() {
        let noise = |from: usize| {
            let healthy = "fine and well, as all is here\n".repeat(60);
            let probes = distinct(from + 3000);
            let probes = probes.lines().skip(from).map(|line| format!("{line}\n{healthy}"));
            probes.collect::<String>().replace(" failed", " missed")
        };
        let before = noise(0);
        let log = format!("{before}ring_test: FAILED\n{}", noise(3000));
        assert!(log.len() > LONG && log.len() < SEARCHED);
        assert!(selected(&log).contains(&(before.lines().count() as u64 + 1)));
    }
}
