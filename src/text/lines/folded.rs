//! Lines side by side in one text, without escapes and in lower case, so that all are searched at once and in any case.

use super::{Line, Literals, clean};

/// Some lines, in order, to be searched.
pub struct Folded {
    text: Vec<u8>,
    /// Where each line begins in the text.
    starts: Vec<usize>,
}

impl Folded {
    pub fn of(lines: &[Line<'_>]) -> Self {
        let (mut text, mut starts) = (Vec::new(), Vec::with_capacity(lines.len()));
        for line in lines {
            starts.push(text.len());
            text.extend(clean(line.bytes).iter().map(u8::to_ascii_lowercase));
            text.push(b'\n');
        }
        Self { text, starts }
    }

    /// Returns the lines as one text, each with a newline behind it.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Returns the position of the line to which a byte of the text belongs.
    pub fn at(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// Calls `visit` with the position of each line that holds some of the strings, in order, and with those that it holds.
    pub fn each_line(&self, strings: &Literals, mut visit: impl FnMut(usize, &[u16])) {
        strings.each_line(&self.text, |place, held| visit(self.at(place.start), held));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines::split;

    #[test]
    fn lines_are_found_in_any_case_and_under_their_colours() {
        let log = b"one\n\x1b[1mRI\x1b[0mNG torn\n\nring\n";
        let lines: Vec<Line<'_>> = split(log).collect();
        let (folded, strings) = (Folded::of(&lines), Literals::new(&["ring", "torn"]));
        let mut found = Vec::new();
        folded.each_line(&strings, |at, held| found.push((at, held.len())));
        assert_eq!(found, [(1, 2), (3, 1)]);
        assert_eq!(folded.text(), b"one\nring torn\n\nring\n");
    }
}
