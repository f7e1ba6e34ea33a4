//! Lines without colours, which may stand in the middle of words, and where their bytes stood.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr_iter;

use super::clean::colour;

/// Some whole lines without escapes of the commonest form.
pub struct Plain<'a> {
    pub text: Cow<'a, [u8]>,
    /// Places in the text before which something was left out, and how many bytes all that was left out up to there has.
    cuts: Vec<(usize, usize)>,
}

impl<'a> Plain<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        let (mut text, mut cuts, mut from) = (Vec::new(), Vec::new(), 0);
        for escape in memchr_iter(0x1b, bytes) {
            let Some(length) = bytes.get(escape..).and_then(colour) else { continue };
            if cuts.is_empty() {
                text.reserve(bytes.len());
            }
            text.extend_from_slice(bytes.get(from..escape).unwrap_or_default());
            from = escape + length;
            cuts.push((text.len(), from - text.len()));
        }
        if cuts.is_empty() {
            return Self { text: Cow::Borrowed(bytes), cuts };
        }
        text.extend_from_slice(bytes.get(from..).unwrap_or_default());
        Self { text: Cow::Owned(text), cuts }
    }

    /// Returns where a line of the text stands in the bytes that it was made of.
    pub fn place(&self, line: &Range<usize>) -> Range<usize> {
        // What was left out at the beginning of a line is part of it.
        let start = line.start.checked_sub(1).map_or(0, |newline| self.stood(newline) + 1);
        start..self.stood(line.end)
    }

    fn stood(&self, at: usize) -> usize {
        let cuts = self.cuts.partition_point(|(place, _)| *place <= at);
        let left_out = cuts.checked_sub(1).and_then(|last| self.cuts.get(last));
        at + left_out.map_or(0, |(_, left_out)| *left_out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::lines::{clean, split};

    /// The last two are broken off.
    const PARTS: [&str; 9] =
        ["\x1b[31m", "\x1b[0m", "\x1b[1;32m", "\x1b]0;t\x07", "plain", " ", "\n", "\x1b[", "\x1b"];

    /// Where the lines of some bytes begin and end.
    fn bounds(bytes: &[u8]) -> Vec<Range<usize>> {
        split(bytes).map(|line| line.start as usize..line.end() as usize).collect()
    }

    proptest! {
        #[test]
        fn each_line_is_found_where_it_stood(parts in proptest::collection::vec(0..PARTS.len(), 0..40)) {
            let bytes = parts.iter().map(|part| PARTS[*part]).chain(["end"]).collect::<String>().into_bytes();
            let plain = Plain::of(&bytes);
            let places: Vec<_> = bounds(&plain.text).iter().map(|line| plain.place(line)).collect();
            prop_assert_eq!(&places, &bounds(&bytes));
            let whole = parts.iter().all(|part| *part < PARTS.len() - 2);
            for (line, place) in bounds(&plain.text).into_iter().zip(places).filter(|_| whole) {
                prop_assert_eq!(clean(&plain.text[line]), clean(&bytes[place]));
            }
        }
    }

    #[test]
    fn colours_are_left_out_and_other_escapes_are_not() {
        let text = |bytes: &[u8]| String::from_utf8(Plain::of(bytes).text.into_owned()).unwrap();
        assert_eq!(text(b"npm\x1b[0m \x1b[1;31mERR!\x1b[m\nfine"), "npm ERR!\nfine");
        assert_eq!(text(b"\x1b]0;t\x07fine"), "\x1b]0;t\x07fine");
    }
}
