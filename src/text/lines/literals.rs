//! Which lines hold one of many strings, found many bytes at a time.

use std::ops::Range;

use aho_corasick::{AhoCorasick, Input, Match, MatchKind, Span, packed};
use memchr::{memchr, memchr_iter, memrchr};

use super::{Index, Line};

/// Strings that are sought in one pass at the most: above 64 the search that looks at many bytes at once gives up, and
/// fewer passes are better as long as each is quick. On one core the 85 longer words of failure take 0.6 ns a byte in
/// two passes, 0.7 in four, 1.2 in six (measured 2026-11-27 on 97 MB of CI logs, AVX2).
const GROUP: usize = 48;

/// A group is told apart by as many first bytes as its shortest string has, up to four: shorter ones
/// have a group of their own, so that they do not make all others slow.
const SHORT: usize = 4;

/// Bytes that are searched at a time: they stay in the nearest cache for all passes.
const CHUNK: usize = 128 << 10;

/// Strings, none with a newline and none empty, that are sought together and in their own case.
pub struct Literals(Vec<Group>);

impl Literals {
    /// Makes the search for these strings.
    pub fn new(strings: &[&str]) -> Self {
        let (short, long): (Vec<&str>, Vec<&str>) = strings.iter().partition(|string| string.len() < SHORT);
        Self([long, short].iter().flat_map(|strings| evenly(strings)).map(Group::new).collect())
    }

    /// Returns true if and only if one of the strings is in `line`.
    pub fn are_in(&self, line: &[u8]) -> bool {
        self.0.iter().any(|group| group.find(line, 0).is_some())
    }

    /// Returns those of some whole lines that hold one of the strings, in order. What stands far behind
    /// the last one taken is not looked at.
    pub fn lines<'i, 'a>(
        &'i self,
        index: &'i Index<'a>,
        lines: Range<usize>,
    ) -> impl Iterator<Item = Line<'a>> + use<'i, 'a> {
        let bytes = &index.bytes()[..lines.end];
        let mut next = lines.start;
        std::iter::from_fn(move || {
            let start = next;
            let last = bytes.len().checked_sub(1).filter(|last| start <= *last)?;
            let enough = (start + CHUNK).min(last);
            next = memchr(b'\n', &bytes[enough..]).map_or(bytes.len(), |newline| enough + newline + 1);
            Some(self.within(index, start..next))
        })
        .flatten()
    }

    /// Calls `visit` with where each line that holds one of the strings begins and ends, in order. `bytes` are
    /// whole lines.
    pub fn each_place(&self, bytes: &[u8], mut visit: impl FnMut(usize, usize)) {
        let mut start = 0;
        while let Some(last) = bytes.len().checked_sub(1).filter(|last| start <= *last) {
            let enough = (start + CHUNK).min(last);
            let end = memchr(b'\n', &bytes[enough..]).map_or(bytes.len(), |newline| enough + newline + 1);
            self.places(&bytes[start..end])
                .into_iter()
                .for_each(|(from, to)| visit(start + from, start + to));
            start = end;
        }
    }

    /// Returns where the lines of `bytes` that hold one of the strings begin and end, in order and each once.
    fn places(&self, bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut places: Vec<(usize, usize)> = self.0.iter().flat_map(|group| group.places(bytes)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Returns those of some whole lines that hold one of the strings.
    fn within<'a>(&self, index: &Index<'a>, lines: Range<usize>) -> Vec<Line<'a>> {
        let bytes = &index.bytes()[lines.clone()];
        let places = self.places(bytes);
        let Some(first) = index.at_offset(lines.start).filter(|_| !places.is_empty()) else {
            return Vec::new();
        };
        let (mut number, mut counted) = (first.number, 0);
        let found = places.into_iter().map(|(start, end)| {
            number += memchr_iter(b'\n', &bytes[counted..start]).count() as u64;
            counted = start;
            Line { number, start: (lines.start + start) as u64, bytes: &bytes[start..end] }
        });
        found.collect()
    }
}

/// Returns the strings in as few groups as may be, all of about one size.
fn evenly<'s, 't>(strings: &'s [&'t str]) -> impl Iterator<Item = &'s [&'t str]> {
    let groups = strings.len().div_ceil(GROUP).max(1);
    strings.chunks(strings.len().div_ceil(groups).max(1))
}

/// The search for some of the strings.
struct Group {
    /// Looks at many bytes at once and needs no automaton; `None` on processors that cannot.
    packed: Option<packed::Searcher>,
    automaton: AhoCorasick,
}

impl Group {
    fn new(strings: &[&str]) -> Self {
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(strings);
        Self {
            packed: packed::Searcher::new(strings),
            automaton: automaton.unwrap_or_else(|error| panic!("strings that are sought: {error}")),
        }
    }

    /// Returns the first string at `from` or after it.
    fn find(&self, bytes: &[u8], from: usize) -> Option<Match> {
        let span = Span::from(from..bytes.len());
        match &self.packed {
            Some(packed) => packed.find_in(bytes, span),
            None => self.automaton.find(Input::new(bytes).span(span)),
        }
    }

    /// Returns where the lines with one of the strings begin and end, each line once.
    fn places(&self, bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut position = 0;
        while let Some(hit) = self.find(bytes, position) {
            let start = memrchr(b'\n', &bytes[..hit.start()]).map_or(0, |newline| newline + 1);
            let end = memchr(b'\n', &bytes[hit.end()..]).map_or(bytes.len(), |length| hit.end() + length);
            found.push((start, end));
            position = end;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines::split;

    const STRINGS: [&str; 20] = [
        "rror", "RROR", "fail", "Fail", "FAIL", "atal", "anic", "bort", "imeout", "imed out", "illed",
        "ssert", "SIG", "not ok", "***", "BUG: ", "\u{d7}", "hung", "tuck", "such",
    ];

    fn found(bytes: &[u8]) -> Vec<Line<'_>> {
        Literals::new(&STRINGS).lines(&Index::new(bytes), 0..bytes.len()).collect()
    }

    #[test]
    fn lines_carry_their_numbers_and_bounds() {
        let lines = found(b"fine\nan error here\n\nFAILED\nlast");
        let expected = [
            Line { number: 2, start: 5, bytes: b"an error here" },
            Line { number: 4, start: 20, bytes: b"FAILED" },
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_line_is_found_once_and_the_last_needs_no_newline() {
        assert_eq!(found(b"error error \xc3\x97\nfail").len(), 2);
        assert_eq!(found(b""), []);
        assert_eq!(found(b"\n"), []);
    }

    #[test]
    fn both_searches_find_the_same() {
        let text = "fine\n".repeat(20) + &STRINGS.join(" in a line of its own\n") + "BUG: ";
        for group in Literals::new(&STRINGS).0 {
            for from in 0..text.len() {
                let slow = group.automaton.find(Input::new(&text).range(from..));
                assert_eq!(
                    group.find(text.as_bytes(), from).map(|hit| hit.span()),
                    slow.map(|hit| hit.span())
                );
            }
        }
    }

    #[test]
    fn where_chunks_meet_changes_nothing() {
        let literals = Literals::new(&STRINGS);
        for width in [1, 7, 100, CHUNK - 1, CHUNK, 3 * CHUNK] {
            let long = "x".repeat(width);
            let log = format!("{long} error\n{long}\nfail {long}\n\n").repeat(2 + 4 * CHUNK / (width + 10));
            let index = Index::new(log.as_bytes());
            let expected: Vec<_> = split(log.as_bytes()).filter(|line| literals.are_in(line.bytes)).collect();
            assert_eq!(literals.lines(&index, 0..log.len()).collect::<Vec<_>>(), expected, "{width}");
            let mut places = Vec::new();
            literals.each_place(log.as_bytes(), |start, end| places.push((start as u64, end as u64)));
            let bounds: Vec<_> = expected.iter().map(|line| (line.start, line.end())).collect();
            assert_eq!(places, bounds, "{width}");
        }
    }
}
