//! Which lines hold which of many strings, found in one pass over the bytes.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem, memrchr};

use super::grams::{self, Grams};
use super::short_strings::Group;
use super::{Index, Line};

/// Short strings that are sought in one pass at the most: above 64 the search that looks at many bytes at once gives up.
const GROUP: usize = 48;

/// Strings that are told apart by too few bytes are sought one by one, so that they do not make all others slow.
const SHORTEST: usize = 3;

/// Bytes that are searched at a time: they stay in the nearest cache for all passes, and what is found is bounded.
const BLOCK: usize = 32 << 10;

/// Strings, none with a newline and none empty, that are sought together and in their own case. Each is known by its
/// position.
pub struct Literals {
    strings: Vec<Box<[u8]>>,
    grams: Grams,
    short: Vec<Group>,
    shortest: Vec<(u16, memmem::Finder<'static>)>,
}

/// Where a string stands, and which it is, in one number: sorted in half the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hit(u64);

impl Hit {
    fn new(start: usize, string: u16) -> Self {
        Self((start as u64) << u16::BITS | u64::from(string))
    }

    fn start(self) -> usize {
        (self.0 >> u16::BITS) as usize
    }

    fn string(self) -> u16 {
        self.0 as u16
    }
}

impl Literals {
    /// Makes the search for these strings.
    pub fn new<S: AsRef<[u8]>>(strings: &[S]) -> Self {
        let numbered = || (0..).zip(strings.iter().map(AsRef::as_ref));
        let of =
            |lengths: Range<usize>| numbered().filter(move |(_, string)| lengths.contains(&string.len()));
        let short: Vec<(u16, &[u8])> = of(SHORTEST..grams::SHORTEST).collect();
        let finder = |(number, string)| (number, memmem::Finder::new(string).into_owned());
        Self {
            strings: strings.iter().map(|string| string.as_ref().into()).collect(),
            grams: Grams::new(of(grams::SHORTEST..usize::MAX)),
            short: short.chunks(GROUP).map(Group::new).collect(),
            shortest: of(1..SHORTEST).map(finder).collect(),
        }
    }

    /// Returns true if and only if one of the strings is in `line`.
    pub fn are_in(&self, line: &[u8]) -> bool {
        let mut any = false;
        blocks(line.len()).any(|span| {
            self.each_hit(line, span, |_| any = true);
            any
        })
    }

    /// Returns which of the strings are in `line`, each once.
    pub fn held(&self, line: &[u8]) -> Vec<u16> {
        let mut held = Vec::new();
        blocks(line.len()).for_each(|span| self.each_hit(line, span, |hit| held.push(hit.string())));
        held.sort_unstable();
        held.dedup();
        held
    }

    /// Returns those of some whole lines that hold one of the strings, in order. What stands far behind
    /// the last one taken is not looked at.
    pub fn lines<'i, 'a>(
        &'i self,
        index: &'i Index<'a>,
        lines: Range<usize>,
    ) -> impl Iterator<Item = Line<'a>> + use<'i, 'a> {
        let bytes = index.bytes().get(..lines.end).unwrap_or(index.bytes());
        let mut next = lines.start;
        std::iter::from_fn(move || {
            let start = next;
            let last = bytes.len().checked_sub(1).filter(|last| start <= *last)?;
            let enough = (start + 4 * BLOCK).min(last);
            next = line_end(bytes, enough).map_or(bytes.len(), |newline| newline + 1);
            Some(self.within(index, start..next))
        })
        .flatten()
    }

    /// Calls `visit` with where each line that holds one of the strings begins and ends, and with those that it holds,
    /// each once; the lines in order. `bytes` are whole lines.
    pub fn each_line(&self, bytes: &[u8], mut visit: impl FnMut(Range<usize>, &[u16])) {
        let mut line = OpenLine::new(self.strings.len());
        let mut hits = Vec::new();
        for span in blocks(bytes.len()) {
            self.each_hit(bytes, span, |hit| hits.push(hit));
            hits.sort_unstable();
            for hit in hits.drain(..) {
                if hit.start() >= line.bounds.end {
                    line.close(&mut visit);
                    line.open(bytes, hit.start());
                }
                line.add(hit.string());
            }
        }
        line.close(&mut visit);
    }

    /// Calls `visit` with where each line that holds one of the strings begins and ends, in order. `bytes` are
    /// whole lines.
    pub fn each_place(&self, bytes: &[u8], mut visit: impl FnMut(usize, usize)) {
        self.each_line(bytes, |line, _| visit(line.start, line.end));
    }

    /// Calls `visit` with each string found in `span`, or with a part of it there.
    fn each_hit(&self, bytes: &[u8], span: Range<usize>, mut visit: impl FnMut(Hit)) {
        self.grams.each(bytes, span.clone(), |string, start| {
            if self.is_at(bytes, start, string) {
                visit(Hit::new(start, string));
            }
        });
        for group in &self.short {
            group.each(bytes, span.clone(), |start, alike| {
                let here = alike.iter().filter(|string| self.is_at(bytes, start, **string));
                here.for_each(|string| visit(Hit::new(start, *string)));
            });
        }
        for (string, finder) in &self.shortest {
            let end = bytes.len().min(span.end + finder.needle().len() - 1);
            let found = finder.find_iter(bytes.get(span.start..end).unwrap_or_default());
            found.for_each(|start| visit(Hit::new(span.start + start, *string)));
        }
    }

    fn is_at(&self, bytes: &[u8], start: usize, string: u16) -> bool {
        let string = self.strings.get(usize::from(string));
        string.is_some_and(|string| bytes.get(start..).is_some_and(|rest| rest.starts_with(string)))
    }

    /// Returns those of some whole lines that hold one of the strings.
    fn within<'a>(&self, index: &Index<'a>, lines: Range<usize>) -> Vec<Line<'a>> {
        let bytes = index.bytes().get(lines.clone()).unwrap_or_default();
        let mut places = Vec::new();
        self.each_place(bytes, |start, end| places.push((start, end)));
        let Some(first) = index.at_offset(lines.start).filter(|_| !places.is_empty()) else {
            return Vec::new();
        };
        let (mut number, mut counted) = (first.number, 0);
        let found = places.into_iter().map(|(start, end)| {
            let passed = bytes.get(counted..start).unwrap_or_default();
            number += memchr_iter(b'\n', passed).count() as u64;
            counted = start;
            let line = bytes.get(start..end).unwrap_or_default();
            Line { number, start: (lines.start + start) as u64, bytes: line }
        });
        found.collect()
    }
}

/// Returns the spans of so many bytes that are searched one after the other.
fn blocks(length: usize) -> impl Iterator<Item = Range<usize>> {
    (0..length).step_by(BLOCK).map(move |start| start..length.min(start + BLOCK))
}

/// Returns where the first newline at `from` or behind it stands.
fn line_end(bytes: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..).and_then(|rest| memchr(b'\n', rest)).map(|length| from + length)
}

/// The line in which strings are found at the moment.
struct OpenLine {
    bounds: Range<usize>,
    /// Which strings were found in it.
    held: Vec<u16>,
    /// For each string how many lines had been opened when it was found last.
    found_in: Vec<u64>,
    opened: u64,
}

impl OpenLine {
    fn new(strings: usize) -> Self {
        Self { bounds: 0..0, held: Vec::new(), found_in: vec![0; strings], opened: 0 }
    }

    /// Opens the line that holds a place behind the last line.
    fn open(&mut self, bytes: &[u8], place: usize) {
        let from = self.bounds.end;
        let before = bytes.get(from..place).unwrap_or_default();
        let start = memrchr(b'\n', before).map_or(from, |newline| from + newline + 1);
        self.bounds = start..line_end(bytes, place).unwrap_or(bytes.len());
        self.opened += 1;
    }

    fn add(&mut self, string: u16) {
        if let Some(found_in) =
            self.found_in.get_mut(usize::from(string)).filter(|line| **line != self.opened)
        {
            *found_in = self.opened;
            self.held.push(string);
        }
    }

    fn close(&mut self, visit: &mut impl FnMut(Range<usize>, &[u16])) {
        if !self.held.is_empty() {
            visit(self.bounds.clone(), &self.held);
            self.held.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines::split;

    const STRINGS: [&str; 20] = [
        "rror",
        "RROR",
        "fail",
        "Fail",
        "FAIL",
        "fatal error",
        "panic",
        "bort",
        "imeout",
        "imed out",
        "killed",
        "ssert",
        "SIG",
        "not ok",
        "***",
        "BUG: ",
        "\u{d7}",
        "hung",
        "unhung",
        "such",
    ];

    fn found(bytes: &[u8]) -> Vec<Line<'_>> {
        Literals::new(&STRINGS).lines(&Index::new(bytes), 0..bytes.len()).collect()
    }

    /// Which of the strings a line holds, found the plain way.
    fn plainly(line: &[u8]) -> Vec<u16> {
        let holds = |string: &&str| memmem::find(line, string.as_bytes()).is_some();
        (0..).zip(STRINGS).filter(|(_, string)| holds(string)).map(|(number, _)| number).collect()
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
    fn each_string_is_found_at_every_place() {
        let literals = Literals::new(&STRINGS);
        for before in (0..40).chain(BLOCK - 14..BLOCK + 3) {
            for (number, string) in (0..).zip(STRINGS) {
                for behind in [0, 1, 30] {
                    let line =
                        ["x".repeat(before).as_bytes(), string.as_bytes(), &vec![b'y'; behind]].concat();
                    let held = literals.held(&line);
                    assert_eq!(held, plainly(&line), "{string} behind {before}");
                    assert!(held.contains(&number) && literals.are_in(&line));
                }
            }
        }
    }

    #[test]
    fn where_blocks_meet_changes_nothing() {
        let literals = Literals::new(&STRINGS);
        for width in [1, 7, 100, BLOCK - 7, BLOCK - 1, BLOCK, 4 * BLOCK, 5 * BLOCK] {
            let long = "x".repeat(width);
            let log = format!("{long} error\n{long}\nfail {long}\n\n***{long}killed SIG\n");
            let log = log.repeat(2 + 8 * BLOCK / (width + 10));
            let index = Index::new(log.as_bytes());
            let expected: Vec<_> = split(log.as_bytes()).filter(|line| literals.are_in(line.bytes)).collect();
            assert_eq!(literals.lines(&index, 0..log.len()).collect::<Vec<_>>(), expected, "{width}");
            let mut lines = Vec::new();
            literals.each_line(log.as_bytes(), |line, held| {
                let mut held = held.to_vec();
                held.sort_unstable();
                lines.push((line.start as u64, line.end as u64, held));
            });
            let line = |line: &Line<'_>| (line.start, line.end(), plainly(line.bytes));
            assert_eq!(lines, expected.iter().map(line).collect::<Vec<_>>(), "{width}");
        }
    }

    #[test]
    fn a_line_full_of_strings_is_visited_once() {
        let log = "error FAIL \u{d7} ".repeat(BLOCK / 4) + "\nfine\n";
        let mut lines = Vec::new();
        Literals::new(&STRINGS).each_line(log.as_bytes(), |line, held| lines.push((line, held.len())));
        assert_eq!(lines, [(0..log.len() - 6, 3)]);
    }
}
