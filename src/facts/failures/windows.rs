//! The stretches of a log that are worth reading line by line: what stands round its hot lines.

use std::iter::Peekable;

use super::line_view::Piece;
use super::prefilter::marked_lines;
use crate::text::lines::{Index, Line};

/// Lines kept before and after a hot line, so that heads and tails of reports are seen.
const BEFORE: u64 = 12;
const AFTER: u64 = 40;

/// Lines of a stack that goes on past those.
const LONGEST_STACK: u64 = 120;

/// Lines that a hot one alone makes worth reading.
pub const REACH: u64 = BEFORE + 1 + AFTER;

/// The lines round hot ones, a stretch at a time, the last first.
pub struct Stretches<'i, 'a, H: Iterator<Item = Piece<'a>>> {
    index: &'i Index<'a>,
    /// The last first.
    hot: Peekable<H>,
    /// The first line that was read already.
    read_from: u64,
}

impl<'i, 'a, H: Iterator<Item = Piece<'a>>> Stretches<'i, 'a, H> {
    pub fn new(index: &'i Index<'a>, hot: H) -> Self {
        Self { index, hot: hot.peekable(), read_from: u64::MAX }
    }

    /// Returns the lines `first..=last`; `hot` are those of them that are hot, the last first.
    fn read(&self, first: u64, last: u64, hot: Vec<Piece<'a>>) -> Vec<Piece<'a>> {
        let Some(any) = hot.last().map(Piece::sibling) else { return Vec::new() };
        let mut hot = hot.into_iter().rev().peekable();
        let lines = self.index.range(first, last);
        let mut read: Vec<Piece<'a>> = lines
            .map(|line| hot.next_if(|hot| hot.number() == line.number).unwrap_or_else(|| any(line)))
            .collect();
        self.mark(&mut read);
        read
    }

    /// Returns the last line of a stack that goes on past `last`: its frames have no words of failure.
    fn end_of_stack(&self, last: u64) -> u64 {
        let most = (last + LONGEST_STACK).min(self.read_from.saturating_sub(1));
        let is_frame = |line: &Line<'_>| memchr::memmem::find(line.bytes, b"+0x").is_some();
        last + self.index.range(last + 1, most.max(last)).take_while(is_frame).count() as u64
    }

    /// Notes which lines of a stretch have marks with which a report may begin.
    fn mark(&self, stretch: &mut [Piece<'a>]) {
        let [first, .., last] = stretch else { return };
        let (first, last) = (first.line, last.line);
        for line in marked_lines(self.index, first, last) {
            if let Some(piece) = stretch.get_mut((line.number - first.number) as usize) {
                piece.marked = true;
            }
        }
    }
}

impl<'a, H: Iterator<Item = Piece<'a>>> Iterator for Stretches<'_, 'a, H> {
    type Item = Vec<Piece<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let nearest = self.hot.next()?;
        let last = (nearest.number() + AFTER).min(self.index.lines());
        let last = self.end_of_stack(last);
        let mut first = opens(&nearest);
        let mut hot = vec![nearest];
        while let Some(next) = self.hot.next_if(|next| next.number() + AFTER + 1 >= first) {
            first = opens(&next);
            hot.push(next);
        }
        self.read_from = first;
        Some(self.read(first, last, hot))
    }
}

/// Returns the first line that is read because of a hot one.
fn opens(hot: &Piece<'_>) -> u64 {
    hot.number().saturating_sub(BEFORE).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::line_cache::Known;
    use crate::text::records::Reader;

    /// The stretches of a log of so many lines with these hot ones, as numbers of lines and of
    /// hot ones among them.
    fn stretches(lines: usize, hot: &[u64]) -> Vec<(u64, u64, usize)> {
        let log = "x\n".repeat(lines);
        let (index, reader, known) = (Index::new(log.as_bytes()), Reader::default(), Known::default());
        let pieces = hot.iter().rev().filter_map(|number| index.line(*number));
        let hot = pieces.map(|line| Piece::new(line, &reader, &known, true));
        let stretches = Stretches::new(&index, hot);
        let ends = |stretch: &Vec<Piece<'_>>| Some((stretch.first()?.number(), stretch.last()?.number()));
        let told = |stretch: Vec<Piece<'_>>| {
            let hot = stretch.iter().filter(|piece| piece.hot).count();
            ends(&stretch).map(|(first, last)| (first, last, hot))
        };
        stretches.filter_map(told).collect()
    }

    #[test]
    fn a_stack_is_read_to_its_end() {
        let log = format!("{}hot\n{}{}end\n", "x\n".repeat(9), "x\n".repeat(30), " f+0x1/0x2\n".repeat(50));
        let (index, reader, known) = (Index::new(log.as_bytes()), Reader::default(), Known::default());
        let hot = index.line(10).map(|line| Piece::new(line, &reader, &known, true));
        let read = Stretches::new(&index, hot.into_iter()).next().unwrap_or_default();
        assert_eq!(read.last().map(Piece::number), Some(90));
    }

    #[test]
    fn lines_round_hot_ones_are_read_once() {
        assert_eq!(stretches(200, &[]), []);
        assert_eq!(stretches(200, &[5, 20, 150]), [(138, 190, 1), (1, 60, 2)]);
        assert_eq!(stretches(200, &[100, 153]), [(88, 193, 2)], "they touch");
        assert_eq!(stretches(200, &[100, 154]), [(142, 194, 1), (88, 140, 1)]);
    }
}
