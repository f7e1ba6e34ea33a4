//! Random access by line number without keeping every line's offset.

use memchr::{memchr, memchr_iter, memrchr};

use super::Line;

/// Bytes between two counted places: small enough to scan at a touch, large enough that the index
/// of a 2 GB file takes 1 MB.
pub const STRIDE: usize = 16 << 10;

/// Where the lines of one source are.
#[derive(Debug)]
pub struct Index<'a> {
    bytes: &'a [u8],
    /// Newlines before each stride.
    counts: Vec<u64>,
    lines: u64,
}

/// Returns how many newlines there are.
pub fn newlines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

impl<'a> Index<'a> {
    /// Counts the newlines of `bytes` once.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::counted(bytes, bytes.chunks(STRIDE).map(newlines))
    }

    /// Takes the [`newlines`] of each [`STRIDE`] of `bytes`, as somebody has counted them.
    pub fn counted(bytes: &'a [u8], strides: impl IntoIterator<Item = u64>) -> Self {
        let mut lines = 0;
        let mut counts = Vec::with_capacity(bytes.len().div_ceil(STRIDE));
        for newlines in strides {
            counts.push(lines);
            lines += newlines;
        }
        let unfinished = bytes.last().is_some_and(|&last| last != b'\n');
        Self { bytes, counts, lines: lines + u64::from(unfinished) }
    }

    /// Returns the bytes that the index was made for.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns how many lines there are.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Returns the line that holds the byte at `offset`, or `None` past the end.
    pub fn at_offset(&self, offset: usize) -> Option<Line<'a>> {
        if offset >= self.bytes.len() {
            return None;
        }
        let stride = offset / STRIDE;
        let begin = stride * STRIDE;
        let within = newlines(self.bytes.get(begin..offset)?);
        let start = memrchr(b'\n', self.bytes.get(..offset)?).map_or(0, |newline| newline + 1);
        Some(self.line_from(self.counts.get(stride)? + within + 1, start))
    }

    /// Returns the line with this 1-based number, or `None` if there is none.
    pub fn line(&self, number: u64) -> Option<Line<'a>> {
        if number == 0 || number > self.lines {
            return None;
        }
        let skip = number - 1;
        if skip == 0 {
            return Some(self.line_from(1, 0));
        }
        // The newline that ends line `number - 1` is the `skip`-th one.
        let stride = self.counts.partition_point(|&before| before < skip) - 1;
        let begin = stride * STRIDE;
        let nth = (skip - self.counts.get(stride)? - 1) as usize;
        let newline = memchr_iter(b'\n', self.bytes.get(begin..)?).nth(nth)?;
        Some(self.line_from(number, begin + newline + 1))
    }

    /// Returns the line with this number that begins at `start`, as somebody has found it.
    pub fn known(&self, number: u64, start: u64) -> Line<'a> {
        self.line_from(number, start as usize)
    }

    /// Returns the lines with the numbers `first..=last`, cut to those that exist.
    pub fn range(&self, first: u64, last: u64) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let last = last.min(self.lines);
        let bytes = self.bytes;
        let mut next = self.line(first.max(1));
        std::iter::from_fn(move || {
            let line = next.filter(|line| line.number <= last)?;
            let start = line.end() as usize + 1;
            next = (start < bytes.len()).then(|| line_at(bytes, line.number + 1, start));
            Some(line)
        })
    }

    /// Returns the lines with the numbers `first..=last`, cut to those that exist, the last first.
    pub fn range_from_end(&self, first: u64, last: u64) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let bytes = self.bytes;
        let mut next = self.line(last.min(self.lines));
        std::iter::from_fn(move || {
            let line = next.filter(|line| line.number >= first)?;
            let end = (line.start as usize).checked_sub(1);
            next = end.and_then(|end| bytes.get(..end)).map(|before| {
                let start = memrchr(b'\n', before).map_or(0, |newline| newline + 1);
                let bytes = before.get(start..).unwrap_or_default();
                Line { number: line.number - 1, start: start as u64, bytes }
            });
            Some(line)
        })
    }

    /// Returns the lines of more than `length` bytes, in order. Quick where `length` is many strides:
    /// only strides without a newline are looked at.
    pub fn longer_than(&self, length: usize) -> Vec<Line<'a>> {
        let mut found = Vec::new();
        let mut stride = 0;
        while let Some(before) = self.counts.get(stride) {
            let next = self.counts.get(stride + 1).unwrap_or(before);
            let line = (next == before).then(|| self.at_offset(stride * STRIDE)).flatten();
            stride = line.map_or(stride, |line| line.end() as usize / STRIDE).max(stride + 1);
            found.extend(line.filter(|line| line.bytes.len() > length));
        }
        found.dedup();
        found
    }

    /// Returns the line that begins at `start`. Strides without a newline are passed over, so that an endless line
    /// costs no more than a short one.
    fn line_from(&self, number: u64, start: usize) -> Line<'a> {
        let stride_end = (start / STRIDE + 1).saturating_mul(STRIDE).min(self.bytes.len());
        let rest = self.bytes.get(start..stride_end).unwrap_or_default();
        let length = memchr(b'\n', rest).or_else(|| {
            // The first stride from here on behind which there are more newlines than before it.
            let next = stride_end / STRIDE;
            let before = *self.counts.get(next)?;
            let begin = (self.counts.partition_point(|&count| count <= before).checked_sub(1)?) * STRIDE;
            let behind = self.bytes.get(begin.max(stride_end)..)?;
            Some(begin.max(stride_end) - start + memchr(b'\n', behind)?)
        });
        let end = length.map_or(self.bytes.len(), |length| start + length);
        Line { number, start: start as u64, bytes: self.bytes.get(start..end).unwrap_or_default() }
    }
}

fn line_at(bytes: &[u8], number: u64, start: usize) -> Line<'_> {
    let rest = bytes.get(start..).unwrap_or_default();
    let length = memchr(b'\n', rest).unwrap_or(rest.len());
    Line { number, start: start as u64, bytes: rest.get(..length).unwrap_or(rest) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines::split;

    /// Every way to a line gives the line that plain splitting gives.
    fn check(bytes: &[u8]) {
        let index = Index::new(bytes);
        let lines: Vec<_> = split(bytes).collect();
        assert_eq!(index.lines(), lines.len() as u64);
        assert_eq!(index.range(0, u64::MAX).collect::<Vec<_>>(), lines);
        let mut from_end: Vec<_> = index.range_from_end(0, u64::MAX).collect();
        from_end.reverse();
        assert_eq!(from_end, lines);
        for line in lines.iter().step_by(1 + lines.len() / 97) {
            assert_eq!(index.line(line.number), Some(*line));
            assert_eq!(
                index.at_offset(line.start as usize).map(|l| l.number),
                (line.start < bytes.len() as u64).then_some(line.number)
            );
        }
        assert_eq!(index.line(lines.len() as u64 + 1), None);
        assert_eq!(index.at_offset(bytes.len()), None);
    }

    #[test]
    fn long_lines_are_found_wherever_they_lie() {
        let long = vec![b'x'; STRIDE * 3];
        for before in [0, 1, STRIDE - 1, STRIDE, 5 * STRIDE] {
            let short = [b"y".repeat(before), b"\n".to_vec()].concat();
            let bytes = [&short, &long, b"\nend\n".as_slice(), &long].concat();
            let index = Index::new(&bytes);
            let expected: Vec<_> = split(&bytes).filter(|line| line.bytes.len() > 2 * STRIDE).collect();
            assert_eq!(index.longer_than(2 * STRIDE), expected, "{before}");
        }
        assert_eq!(Index::new(b"short\n").longer_than(2 * STRIDE), []);
    }

    #[test]
    fn agrees_with_splitting_across_strides() {
        check(b"");
        check(b"\n");
        check(b"one\n\nthree");
        let long = vec![b'x'; STRIDE * 2 + 7];
        check(&[b"a\n".as_slice(), &long, b"\n", &long, b"\nend\n"].concat());
        check(&b"\n".repeat(STRIDE + 3));
        check(&b"0123456\n".repeat(3 * STRIDE / 8));
    }
}
