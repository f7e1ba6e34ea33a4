//! Which hot lines of a log are read closely: of each form the first and the last places, the rare forms before the
//! frequent ones.
//!
//! Where in the log a line stands decides nothing: a failure in the middle of a long log is read as one at its end is,
//! and of a flood a few lines. A log below the bound is read whole.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use super::assemblers::{heads_report, telling};
use super::line_cache::Known;
use super::line_view::Piece;
use super::tally::{MOST, Tally};
use super::windows::REACH;
use crate::facts::{Bound, Coverage};
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Lines of a log that are read closely at the most, because of the hot ones among them.
const LINES: usize = 8000;

/// Hot lines that are looked at at the most to find those: of many no whole word tells anything.
pub const LOOKED_AT: usize = 20_000;

/// The hot lines of a log that are read closely, and what was left out.
pub struct Selection<'a> {
    /// The last first.
    pub pieces: Vec<Piece<'a>>,
    pub coverage: Coverage,
}

/// Returns the hot lines to read closely. Each of `failed`, the places to read in the runs that failed where a log holds
/// several, is read as if it were the whole log, and the whole log besides.
pub fn selection<'a>(
    index: &Index<'a>,
    reader: &'a Reader,
    known: &'a Known,
    tally: &Tally,
    failed: &[Vec<u64>],
) -> Selection<'a> {
    let mut taken = Taken::default();
    for places in failed {
        taken.take(places.iter().copied(), LINES / failed.len(), |start| at(index, start, reader, known));
    }
    let places = tally.places();
    taken.take(places.iter().copied(), LINES, |start| at(index, start, reader, known));
    let left_out: Vec<u64> = places.into_iter().filter(|start| !taken.seen.contains(start)).collect();
    let mut pieces = taken.pieces;
    pieces.sort_by_key(|piece| Reverse(piece.number()));
    let coverage = coverage(index, tally, &left_out);
    Selection { pieces, coverage }
}

fn at<'a>(index: &Index<'a>, start: u64, reader: &'a Reader, known: &'a Known) -> Option<Piece<'a>> {
    let line = index.at_offset(start as usize);
    line.map(|line| Piece::new(line, reader, known, true)).filter(tells)
}

/// Hot lines that were looked at, and those that are read closely.
#[derive(Default)]
struct Taken<'a> {
    seen: FxHashSet<u64>,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Taken<'a> {
    /// Looks at lines, those that matter most first, until so many lines are to be read because of them.
    fn take(
        &mut self,
        places: impl Iterator<Item = u64>,
        lines: usize,
        at: impl Fn(u64) -> Option<Piece<'a>>,
    ) {
        let (mut windows, mut looked_at) = (FxHashSet::default(), 0);
        for start in places {
            if looked_at == LOOKED_AT || windows.len() * REACH as usize >= lines {
                break;
            }
            if !self.seen.insert(start) {
                continue;
            }
            looked_at += 1;
            if let Some(piece) = at(start) {
                windows.insert(piece.number() / REACH);
                self.pieces.push(piece);
            }
        }
    }
}

/// Returns true if and only if the whole words of a hot line say that something went wrong, or
/// that a step ended: pieces of words, by which it was found, say less.
fn tells(piece: &Piece<'_>) -> bool {
    telling(piece) || heads_report(piece)
}

/// Says what was looked at, but for the lines that were read closely.
fn coverage(index: &Index<'_>, tally: &Tally, left_out: &[u64]) -> Coverage {
    let left_out: FxHashSet<u64> = left_out.iter().copied().collect();
    let unread = tally.forms.values().filter(|form| form.places().all(|start| left_out.contains(&start)));
    let mut coverage = Coverage {
        bytes_scanned: index.bytes().len() as u64,
        lines_scanned: index.lines(),
        lines_matched: tally.lines,
        forms: tally.forms.len() as u64,
        ..Coverage::default()
    };
    coverage.cut(Bound::MatchedLines, 2 * MOST as u64, tally.formless);
    coverage.cut(Bound::Forms, LINES as u64 / REACH, unread.count() as u64);
    coverage
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::scan::scan;

    /// The numbers of the lines of a log that are selected, in order, and what was covered.
    fn selected(log: &str) -> (Vec<u64>, Coverage) {
        let (index, reader, known) = (Index::new(log.as_bytes()), Reader::default(), Known::default());
        let found = scan(log.as_bytes(), &reader, &|_| {}).1;
        let selection = selection(&index, &reader, &known, &found.hot.tally, &[]);
        let mut numbers: Vec<u64> = selection.pieces.iter().map(Piece::number).collect();
        assert!(numbers.is_sorted_by(|a, b| a > b), "the last first, none twice");
        numbers.reverse();
        (numbers, selection.coverage)
    }

    /// Lines of failure with these numbers, no two of the same words.
    fn distinct(lines: std::ops::Range<usize>) -> String {
        let letter = |digit: char| char::from(b'a' + digit as u8 - b'0');
        let word = |line: usize| line.to_string().chars().map(letter).collect::<String>();
        lines.map(|line| format!("error: link {} failed\n", word(line))).collect()
    }

    #[test]
    fn a_log_below_the_bounds_is_read_whole() {
        assert_eq!(selected(&distinct(0..3000)).0, (1..=3000).collect::<Vec<u64>>());
        assert_eq!(selected(&"error: link 3 failed\n".repeat(300)).0, (1..=300).collect::<Vec<u64>>());
        let (numbers, coverage) = selected("fine\nerror: link 3 failed\nfine\n");
        assert_eq!((numbers, coverage.lines_matched, coverage.forms), (vec![2], 1, 1));
        assert_eq!(coverage.cut, []);
    }

    #[test]
    fn a_run_that_failed_is_read_as_if_it_stood_alone() {
        let others = distinct(0..30_000);
        let run = distinct(50_000..50_400).repeat(9);
        let log = format!("{others}{run}{others}");
        let (index, reader, known) = (Index::new(log.as_bytes()), Reader::default(), Known::default());
        let tally = scan(log.as_bytes(), &reader, &|_| {}).1.hot.tally;
        let numbers = |failed: &[Vec<u64>]| -> Vec<u64> {
            selection(&index, &reader, &known, &tally, failed).pieces.iter().map(Piece::number).collect()
        };
        let inside =
            |numbers: &[u64]| numbers.iter().filter(|line| (30_001..=33_600).contains(*line)).count();
        let places = scan(run.as_bytes(), &reader, &|_| {}).1.hot.tally.places();
        let failed = places.into_iter().map(|start| start + others.len() as u64).collect();
        let with = numbers(&[failed]);
        let alone = selected(&run).0.len();
        assert_eq!(inside(&with), alone);
        assert!(inside(&numbers(&[])) < alone);
        assert!(with.len() > alone, "the others are read too");
    }

    #[test]
    fn what_the_bound_cuts_is_said() {
        let (numbers, coverage) = selected(&distinct(0..30_000));
        assert_eq!(coverage.forms, 30_000);
        let cut: u64 = coverage.cut.iter().map(|cut| cut.left_out).sum();
        assert_eq!(cut + numbers.len() as u64, 30_000);
    }

    #[test]
    fn a_flood_of_one_message_hides_nothing_and_costs_little() {
        let flood = "error: link 3 failed\n".repeat(50_000);
        let (numbers, coverage) = selected(&format!("{flood}fatal: chip 7 is gone\n{flood}"));
        assert!(numbers.contains(&50_001));
        assert!(numbers.len() < 1000 && coverage.lines_matched == 100_001, "{}", numbers.len());
    }

    #[test]
    fn what_is_rare_is_read_wherever_it_stands() {
        let healthy = "fine and well, as all is here\n".repeat(60);
        let noise = |from: usize| {
            let probes = distinct(from..from + 300).replace(" failed", " missed");
            probes.lines().map(|line| format!("{line}\n{healthy}")).collect::<String>().repeat(5)
        };
        let (before, after) = (noise(0), noise(1000));
        for around in [[&before, &after], [&before, &String::new()], [&String::new(), &after]] {
            let log = around.map(String::as_str).join("ring_test: FAILED\n");
            let failed = around[0].lines().count() as u64 + 1;
            assert!(selected(&log).0.contains(&failed), "line {failed}");
        }
    }
}
