//! One line of a log, borrowed.

use memchr::memchr;

/// A line as stored: it ends at `\n`, which is not part of `bytes`; a `\r` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line<'a> {
    /// The 1-based number.
    pub number: u64,
    /// The offset of its first byte in the source.
    pub start: u64,
    /// The bytes, without the newline.
    pub bytes: &'a [u8],
}

impl Line<'_> {
    /// Returns the offset just past the last byte, before the newline.
    pub fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

/// Returns the lines of `bytes` in order. A last line without `\n` counts; an empty rest does not.
pub fn split(bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut number = 0;
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        number += 1;
        let line = Line { number, start: start as u64, bytes: rest.get(..length)? };
        start += length + 1;
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &[u8], expected: &[(u64, u64, &[u8])]) {
        let lines: Vec<_> = split(input).map(|line| (line.number, line.start, line.bytes)).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_line_ends_at_a_newline_and_nowhere_else() {
        check(b"", &[]);
        check(b"a", &[(1, 0, b"a")]);
        check(b"a\n", &[(1, 0, b"a")]);
        check(b"a\r\n\nb\rc", &[(1, 0, b"a\r"), (2, 3, b""), (3, 4, b"b\rc")]);
    }
}
