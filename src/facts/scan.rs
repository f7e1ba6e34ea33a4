//! The one pass over all bytes of a log: newlines, lines that may say that something went wrong or ended, and lines that
//! may tell of a test. All strings of which such a line holds one are sought together, on all cores.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::chunks::{self, Chunk};
use super::ends::{self, Place};
use super::failures::{HotLines, PartTallies, RunTallies, STEP_STRINGS, STRINGS};
use super::runners;
use super::test_results::TestLines;
use crate::rules::Sketch;
use crate::text::lines::{Index, Line, Literals, Plain, STRIDE, clean, newlines};
use crate::text::records::Reader;

/// What the pass found.
pub struct Found {
    /// Lines with words of failure.
    pub hot: HotLines,
    pub ends: ends::Found,
    pub tests: TestLines,
}

/// What a string makes of a line that holds it.
#[derive(Clone, Debug, Default)]
struct Meaning {
    /// It may say that something went wrong.
    hot: bool,
    /// It says so in words which healthy runs hardly print.
    loud: bool,
    /// It may say how a step ended.
    step: bool,
    /// It may tell of a test.
    test: bool,
    /// It may say by these rules that something ended.
    ends: Vec<usize>,
}

/// All strings that are sought, and what each means.
struct Sought {
    literals: Literals,
    meanings: Vec<Meaning>,
}

/// What is sought at the end of a log, and in the whole of a short one.
static NEAR_THE_END: LazyLock<Sought> = LazyLock::new(|| Sought::of(|_| true));

/// What is sought before: without what counts only as the last words. Fewer strings take less time.
static FAR_FROM_END: LazyLock<Sought> = LazyLock::new(|| Sought::of(ends::counts_anywhere));

impl Sought {
    /// Makes the search for all strings but those of other rules of ends.
    fn of(counts: impl Fn(usize) -> bool) -> Self {
        let mut strings: BTreeMap<&str, Meaning> = BTreeMap::new();
        let ends =
            ends::rules().strings().unwrap_or_else(|faults| unreachable!("a test derives all: {faults}"));
        STRINGS.words.iter().for_each(|word| strings.entry(word).or_default().hot = true);
        STRINGS.loud.iter().for_each(|word| strings.entry(word).or_default().loud = true);
        STEP_STRINGS.iter().for_each(|string| strings.entry(string).or_default().step = true);
        runners::strings().iter().for_each(|string| strings.entry(string).or_default().test = true);
        for (string, rows) in &ends {
            let rows: Vec<usize> = rows.iter().copied().filter(|row| counts(*row)).collect();
            if !rows.is_empty() {
                strings.entry(string).or_default().ends = rows;
            }
        }
        let literals = Literals::new(&strings.keys().copied().collect::<Vec<_>>());
        Self { literals, meanings: strings.into_values().collect() }
    }

    /// Returns what is sought in these lines of a log of so many bytes.
    fn within(lines: &Range<usize>, bytes: usize) -> &'static Self {
        if ends::is_far_from_end(lines.end, bytes) { &FAR_FROM_END } else { &NEAR_THE_END }
    }

    /// Returns what each of some strings means.
    fn meanings(&self, held: &[u16]) -> impl Iterator<Item = &Meaning> {
        held.iter().filter_map(|string| self.meanings.get(usize::from(*string)))
    }
}

/// Makes the search now that every log needs.
pub fn prepare() {
    LazyLock::force(&NEAR_THE_END);
}

/// Looks at all bytes of a log once, and calls `passed` with those that are behind it.
pub fn scan<'a>(
    bytes: &'a [u8],
    reader: &Reader,
    passed: &(dyn Fn(Range<usize>) + Sync),
) -> (Index<'a>, Found) {
    let mut all = Parts::default();
    chunks::each(bytes, |chunk| Part::of(bytes, chunk, reader), |part| all.add(part), passed);
    let found = Found { hot: all.hot.close(), ends: all.ends, tests: all.tests };
    (Index::counted(bytes, all.strides), found)
}

/// What the chunks gave, in order.
#[derive(Default)]
struct Parts {
    strides: Vec<u64>,
    lines: u64,
    hot: RunTallies,
    ends: ends::Found,
    tests: TestLines,
}

impl Parts {
    fn add(&mut self, part: Part) {
        self.hot.add(part.hot);
        self.ends.merge(part.ends, self.lines);
        self.tests.add(part.tests, self.lines);
        self.lines += part.strides.iter().sum::<u64>();
        self.strides.extend(part.strides);
    }
}

/// What one chunk gave; its lines count from its first byte.
#[derive(Default)]
struct Part {
    /// Newlines of each stride.
    strides: Vec<u64>,
    hot: PartTallies,
    ends: ends::Found,
    tests: TestLines,
}

impl Part {
    fn of(bytes: &[u8], chunk: Chunk, reader: &Reader) -> Self {
        let of = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        let strides: Vec<u64> = of(&chunk.bytes).chunks(STRIDE).map(newlines).collect();
        let mut reading = LineReading::new(bytes, &chunk, &strides, reader);
        let plain = Plain::of(of(&chunk.lines));
        let sought = reading.sought;
        sought.literals.each_line(&plain.text, |line, held| {
            let place = plain.place(&line);
            let place = chunk.lines.start + place.start..chunk.lines.start + place.end;
            reading.read(place, plain.text.get(line).unwrap_or_default(), held);
        });
        let found = reading.found;
        Self { strides, ..found }
    }
}

/// The lines of a chunk that hold some of the strings, one after the other.
struct LineReading<'r, 'a> {
    bytes: &'a [u8],
    reader: &'r Reader,
    sought: &'static Sought,
    numbers: Numbers<'r, 'a>,
    /// The rules that may read the line at hand.
    rows: Vec<usize>,
    found: Part,
}

impl<'r, 'a> LineReading<'r, 'a> {
    fn new(bytes: &'a [u8], chunk: &Chunk, strides: &'r [u64], reader: &'r Reader) -> Self {
        let numbers = Numbers {
            bytes,
            strides,
            start: chunk.bytes.start,
            stride: 0,
            place: chunk.bytes.start,
            before: 0,
        };
        let sought = Sought::within(&chunk.lines, bytes.len());
        Self { bytes, reader, sought, numbers, rows: Vec::new(), found: Part::default() }
    }

    /// Reads the line at `place`, which holds these strings without its colours.
    fn read(&mut self, place: Range<usize>, plain: &[u8], held: &[u16]) {
        let (meant, start) = (self.meant(held), place.start);
        ends::drop_closing(&mut self.rows, start, self.bytes.len());
        self.drop_rows(plain);
        if meant.test || meant.step || !self.rows.is_empty() {
            let (number, bytes) = (self.numbers.of(start), self.bytes.get(place).unwrap_or_default());
            self.take(Line { number, start: start as u64, bytes }, &meant);
        }
        if meant.hot {
            self.found.hot.count(start as u64, plain, meant.loud);
        }
    }

    fn take(&mut self, line: Line<'a>, meant: &Meaning) {
        if meant.test {
            self.found.tests.push(line);
        }
        if meant.step {
            self.found.hot.take(line, self.reader);
        }
        if !self.rows.is_empty() {
            self.take_ends(line);
        }
    }

    /// Drops the rules that match no part of a line.
    fn drop_rows(&mut self, line: &[u8]) {
        // Within quotes escapes are written out.
        if self.rows.is_empty() || line.contains(&b'\\') {
            return;
        }
        let shown = clean(line);
        // Escapes of other forms may stand in the middle of words, too.
        if matches!(shown, Cow::Owned(_)) {
            self.add_rows(&self.sought.literals.held(&shown));
        }
        let sketch = Sketch::of(&shown, self.rows.len());
        self.rows.retain(|row| ends::rules().may_match(*row, &sketch));
    }

    /// Returns what all strings of a line mean together, but for its rules, which are put into `rows`.
    fn meant(&mut self, held: &[u16]) -> Meaning {
        let mut all = Meaning::default();
        for meaning in self.sought.meanings(held) {
            all.hot |= meaning.hot;
            all.loud |= meaning.loud;
            all.step |= meaning.step;
            all.test |= meaning.test;
        }
        self.rows.clear();
        self.add_rows(held);
        all
    }

    /// Adds the rules of some strings, each rule once.
    fn add_rows(&mut self, held: &[u16]) {
        self.rows.extend(self.sought.meanings(held).flat_map(|meaning| &meaning.ends));
        self.rows.sort_unstable();
        self.rows.dedup();
    }

    fn take_ends(&mut self, line: Line<'a>) {
        let message = self.reader.message(line);
        if line.bytes.contains(&b'\\') && matches!(message, Cow::Owned(_)) {
            self.add_rows(&self.sought.literals.held(&message));
        }
        let below = self.bytes.get(line.end() as usize + 1..).unwrap_or_default();
        let above = self.bytes.get(..line.start as usize).unwrap_or_default();
        let place = Place { line, message: &message, reader: self.reader, above, below };
        self.found.ends.take(&self.rows, &place);
    }
}

/// The numbers of lines of one chunk, asked for in order.
struct Numbers<'r, 'a> {
    bytes: &'a [u8],
    strides: &'r [u64],
    /// Where the chunk begins.
    start: usize,
    /// The stride that holds `place`.
    stride: usize,
    /// How many newlines of the chunk stand before `place`.
    before: u64,
    place: usize,
}

impl Numbers<'_, '_> {
    /// Returns the number of the line that begins at `start`, counted from the beginning of the chunk.
    fn of(&mut self, start: usize) -> u64 {
        let stride = (start - self.start) / STRIDE;
        if stride > self.stride {
            let begin = self.start + self.stride * STRIDE;
            let between = self.strides.get(self.stride..stride).unwrap_or_default();
            self.before += between.iter().sum::<u64>() - self.newlines(begin..self.place);
            (self.stride, self.place) = (stride, self.start + stride * STRIDE);
        }
        self.before += self.newlines(self.place..start);
        self.place = start;
        self.before + 1
    }

    fn newlines(&self, range: Range<usize>) -> u64 {
        newlines(self.bytes.get(range).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::super::chunks::CHUNK;
    use super::*;

    #[test]
    fn what_is_found_has_its_number_wherever_strides_and_chunks_meet() {
        for width in [0, 1, 40, STRIDE - 1, STRIDE, CHUNK - 1, CHUNK, 2 * CHUNK + 7] {
            let (filler, other) = ("x".repeat(width), "y".repeat(150));
            let part = format!(
                "ok 1 - opens\n{filler}\n{other}\n\nnot ok 2 - closes\n{filler} Finished\nFinished: SUCCESS\n"
            );
            let log = part.repeat(2 + 3 * CHUNK / (width + 210));
            let (index, found) = scan(log.as_bytes(), &Reader::default(), &|_| {});
            assert_eq!(index.lines(), Index::new(log.as_bytes()).lines());
            let told: Vec<Line<'_>> = found.tests.lines(&index).collect();
            assert_eq!(told.len(), log.matches("ok ").count(), "{width}");
            assert!(told.iter().all(|line| index.line(line.number) == Some(*line)), "{width}");
            let ends = found.ends.ends(&index, &Reader::default()).all;
            let last = ends.iter().rfind(|end| end.rule == "jenkins").and_then(|end| index.line(end.line));
            assert_eq!(
                last.map(|line| (line.bytes, line.number)),
                Some((b"Finished: SUCCESS".as_slice(), index.lines()))
            );
        }
    }

    #[test]
    fn each_string_means_what_it_is_sought_for() {
        let meant = |line: &str| {
            let reader = Reader::default();
            let chunk = Chunk { bytes: 0..line.len(), lines: 0..line.len() };
            let mut reading = LineReading::new(line.as_bytes(), &chunk, &[0], &reader);
            reading.meant(&reading.sought.literals.held(line.as_bytes()))
        };
        for (line, hot, loud, step, test) in [
            ("an error", true, false, false, false),
            ("FAILED tests/test_a.py::test_b", true, true, false, true),
            ("##[group]Run make", false, false, true, false),
            ("fine", false, false, false, false),
        ] {
            let meaning = meant(line);
            assert_eq!(
                (meaning.hot, meaning.loud, meaning.step, meaning.test),
                (hot, loud, step, test),
                "{line}"
            );
        }
    }
}
