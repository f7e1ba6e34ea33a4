//! The lines of a passage asked by their position: a position outside holds nothing, so that no report needs to know where
//! the passage ends.

use std::ops::Bound;
use std::ops::RangeBounds;

use super::{Piece, Shape};

pub trait Passage<'a> {
    /// Returns the text of the line at `at`, empty outside.
    fn text(&self, at: usize) -> &[u8];

    /// Returns that text without outer blanks, invalid UTF-8 replaced.
    fn trimmed(&self, at: usize) -> String;

    /// Returns how far that text is indented, in columns, 0 outside.
    fn indent(&self, at: usize) -> usize;

    /// Returns true if and only if there is a line and the test holds of it.
    fn holds(&self, at: usize, test: impl FnOnce(&Piece<'a>) -> bool) -> bool;

    /// Returns true if and only if there is a line that is not blank.
    fn told(&self, at: usize) -> bool {
        self.holds(at, |piece| !piece.is_blank())
    }

    /// Returns true if and only if there is a line of this shape.
    fn looks(&self, at: usize, shape: Shape) -> bool {
        self.holds(at, |piece| piece.looks(shape))
    }

    /// Returns the last line from `first` to `last` that is not blank; `first` if all are.
    fn last_told(&self, first: usize, last: usize) -> usize {
        (first..=last).rev().find(|&at| self.told(at)).unwrap_or(first)
    }

    /// Returns the last line behind `at` that is not blank and stands before the next one that closes; `at` if there is none.
    fn last_before(&self, at: usize, closes: impl Fn(&Piece<'a>) -> bool) -> usize;

    /// Returns those lines of a range that there are.
    fn part(&self, range: impl RangeBounds<usize>) -> &[Piece<'a>];
}

impl<'a> Passage<'a> for [Piece<'a>] {
    fn text(&self, at: usize) -> &[u8] {
        self.get(at).map_or(&[], Piece::text)
    }

    fn trimmed(&self, at: usize) -> String {
        self.get(at).map(Piece::trimmed).unwrap_or_default()
    }

    fn indent(&self, at: usize) -> usize {
        self.get(at).map_or(0, Piece::indent)
    }

    fn holds(&self, at: usize, test: impl FnOnce(&Piece<'a>) -> bool) -> bool {
        self.get(at).is_some_and(test)
    }

    fn last_before(&self, at: usize, closes: impl Fn(&Piece<'a>) -> bool) -> usize {
        let open = self.part(at + 1..).iter().take_while(|piece| !closes(piece)).count();
        self.last_told(at, at + open)
    }

    fn part(&self, range: impl RangeBounds<usize>) -> &[Piece<'a>] {
        let from = match range.start_bound() {
            Bound::Included(from) => *from,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => last.saturating_add(1),
            Bound::Excluded(end) => *end,
            Bound::Unbounded => self.len(),
        };
        self.get(from..end.min(self.len())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::line_cache::Known;
    use crate::text::lines::split;
    use crate::text::records::Reader;

    #[test]
    fn a_position_outside_holds_nothing() {
        let (reader, known) = (Reader::default(), Known::default());
        let lines = split(b"  torn\n\nring\n");
        let pieces: Vec<Piece<'_>> = lines.map(|line| Piece::new(line, &reader, &known, false)).collect();
        let pieces = pieces.as_slice();
        for (at, text, indent, told) in
            [(0, "  torn", 2, true), (1, "", 0, false), (2, "ring", 0, true), (3, "", 0, false)]
        {
            assert_eq!(
                (pieces.text(at), pieces.indent(at), pieces.told(at)),
                (text.as_bytes(), indent, told),
                "{at}"
            );
            assert_eq!(pieces.trimmed(at), text.trim(), "{at}");
        }
        assert!(!pieces.holds(3, |_| true), "where there is no line nothing is asked");
        assert_eq!([(0, 1), (1, 1), (0, 9)].map(|(first, last)| pieces.last_told(first, last)), [0, 1, 2]);
        let parts =
            [pieces.part(1..), pieces.part(..=1), pieces.part(1..9), pieces.part(5..), pieces.part(..)];
        assert_eq!(parts.map(<[_]>::len), [2, 2, 2, 0, 3], "what is outside is left out");
    }
}
