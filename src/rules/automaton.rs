//! All places of many strings in one pass over a line, whatever their case: the automaton of Aho and Corasick (1975) with a
//! row for each state. The crate's own takes five times as long to make, which each start of the program would pay, and its
//! iterator over overlapping strings enters it anew after each.

use std::collections::VecDeque;

/// Set in an entry of a row whose state ends a string.
const ENDS: u32 = 1 << 31;

/// An entry without a state; only while the automaton is made.
const NONE: u32 = u32::MAX;

/// Strings that are sought together.
#[derive(Debug)]
pub struct Automaton {
    /// For each byte its column; both cases of a letter have one, and all bytes that are in no string the first.
    columns: [u8; 256],
    /// How many columns a row has.
    width: usize,
    /// The rows, one behind the other: for each column where the next row begins.
    rows: Vec<u32>,
    /// For each row the strings that end there.
    ends: Vec<Vec<u16>>,
}

impl Automaton {
    /// Makes the search for some strings, each known by its position.
    pub fn new<S: AsRef<[u8]>>(strings: &[S]) -> Self {
        let mut automaton = Self { columns: [0; 256], width: 1, rows: Vec::new(), ends: Vec::new() };
        strings.iter().for_each(|string| automaton.add_columns(string.as_ref()));
        automaton.add_row();
        (0..).zip(strings).for_each(|(number, string)| automaton.add(number, string.as_ref()));
        automaton.close();
        automaton
    }

    /// Calls `visit` with the number of each string found and where it ends, overlapping ones included.
    pub fn each_hit(&self, text: &[u8], mut visit: impl FnMut(usize, usize)) {
        let mut row = 0;
        for (place, byte) in text.iter().enumerate() {
            let next = self.next(row, self.column(*byte));
            row = (next & !ENDS) as usize;
            if next & ENDS != 0 {
                let ends = self.ends.get(row / self.width).map_or(&[][..], Vec::as_slice);
                ends.iter().for_each(|string| visit(usize::from(*string), place + 1));
            }
        }
    }

    #[inline]
    fn column(&self, byte: u8) -> usize {
        self.columns.get(usize::from(byte)).map_or(0, |column| usize::from(*column))
    }

    #[inline]
    fn next(&self, row: usize, column: usize) -> u32 {
        self.rows.get(row + column).copied().unwrap_or_default()
    }

    fn add_columns(&mut self, string: &[u8]) {
        for &byte in string {
            if self.column(byte) == 0 {
                for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
                    self.columns
                        .get_mut(usize::from(byte))
                        .into_iter()
                        .for_each(|column| *column = self.width as u8);
                }
                self.width += 1;
            }
        }
    }

    /// Adds a row without entries, and returns where it begins.
    fn add_row(&mut self) -> usize {
        let row = self.rows.len();
        self.rows.resize(row + self.width, NONE);
        self.ends.push(Vec::new());
        row
    }

    fn add(&mut self, number: u16, string: &[u8]) {
        let mut row = 0;
        for &byte in string {
            let (from, column) = (row, self.column(byte));
            row = match self.next(row, column) {
                NONE => self.add_row(),
                next => next as usize,
            };
            self.set(from, column, row as u32);
        }
        self.ends.get_mut(row / self.width).into_iter().for_each(|ends| ends.push(number));
    }

    fn set(&mut self, row: usize, column: usize, next: u32) {
        self.rows.get_mut(row + column).into_iter().for_each(|entry| *entry = next);
    }

    /// Lets each row go on where that of the longest end of its text that begins a string goes on.
    fn close(&mut self) {
        let mut queue = VecDeque::from([(0, None)]);
        while let Some((row, shorter)) = queue.pop_front() {
            for column in 0..self.width {
                let otherwise = shorter.map_or(0, |shorter| self.next(shorter, column));
                match self.next(row, column) {
                    NONE => self.set(row, column, otherwise),
                    next => {
                        let shorter = (otherwise & !ENDS) as usize;
                        queue.push_back((next as usize, Some(shorter)));
                        let flag = self.inherit(next as usize, shorter);
                        self.set(row, column, next | flag);
                    }
                }
            }
        }
    }

    /// Gives a row the strings that end at the other one, and returns a flag if any end there.
    fn inherit(&mut self, row: usize, shorter: usize) -> u32 {
        let inherited = self.ends.get(shorter / self.width).cloned().unwrap_or_default();
        let Some(ends) = self.ends.get_mut(row / self.width) else { return 0 };
        ends.extend(inherited);
        if ends.is_empty() { 0 } else { ENDS }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Where each string ends, found the plain way.
    fn plainly(strings: &[String], text: &[u8]) -> Vec<(usize, usize)> {
        let text = text.to_ascii_lowercase();
        let ends_at = |(number, end): (usize, usize)| {
            let string = strings[number].to_ascii_lowercase();
            text[..end].ends_with(string.as_bytes()).then_some((number, end))
        };
        let mut found: Vec<_> = (0..strings.len())
            .flat_map(|number| (1..=text.len()).map(move |end| (number, end)))
            .filter_map(ends_at)
            .collect();
        found.sort_unstable();
        found
    }

    proptest! {
        #[test]
        fn each_string_is_found_at_every_place_in_any_case(
            strings in proptest::collection::vec("[abAé ]{1,4}", 1..12),
            text in "[abABcé \n]{0,40}",
        ) {
            let mut found = Vec::new();
            Automaton::new(&strings).each_hit(text.as_bytes(), |string, end| found.push((string, end)));
            found.sort_unstable();
            prop_assert_eq!(found, plainly(&strings, text.as_bytes()));
        }
    }
}
