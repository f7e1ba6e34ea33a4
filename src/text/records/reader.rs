//! A source's own way of writing: guessed once from its first lines, then tried first.

use std::borrow::Cow;
use std::fmt::Write;

use super::record::{parse_in, received_in, time_in, words_in};
use super::{Basis, Dialect, Record, Timestamp, Wrapper, parse, times};
use crate::text::lines::{self, Line};
use crate::text::work;

/// How many lines that are not empty decide.
const SAMPLE: usize = 200;

/// Below this share of lines nothing is called the way of the source.
const MOST_LINES: f64 = 0.5;

/// What the first lines of a source say about the rest, and the quickest way to its times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reader {
    /// How many lines were looked at.
    lines: usize,
    /// How many of them bear each wrapper.
    wrappers: Vec<(Wrapper, usize)>,
    /// How many of them hold a program's own time in each dialect.
    dialects: Vec<(Dialect, usize)>,
    /// The wrapper round most lines.
    outer: Option<Wrapper>,
    leveled: usize,
    received: usize,
    timed: usize,
    /// What most times count from.
    basis: Basis,
    /// The first time with a date: it dates those that lack the year or the day.
    dated: Option<Timestamp>,
}

impl Reader {
    /// Looks at the first lines of `sample` that are not empty.
    pub fn guess(sample: &[u8]) -> Self {
        let mut reader = Self::default();
        let mut times = Vec::new();
        for line in lines::split(sample).filter(|line| !line.bytes.trim_ascii().is_empty()).take(SAMPLE) {
            let record = parse(line);
            reader.lines += 1;
            reader.leveled += usize::from(record.level.is_some());
            reader.received += usize::from(record.received.is_some());
            reader.timed += usize::from(record.when.is_some());
            record.layers.wrappers().for_each(|wrapper| count(&mut reader.wrappers, wrapper));
            record.layers.dialect.into_iter().for_each(|dialect| count(&mut reader.dialects, dialect));
            times.extend(record.when);
        }
        reader.wrappers.sort_unstable_by_key(|&(wrapper, lines)| (std::cmp::Reverse(lines), wrapper));
        reader.dialects.sort_unstable_by_key(|&(dialect, lines)| (std::cmp::Reverse(lines), dialect));
        reader.outer = reader.wrappers.first().map(|&(wrapper, _)| wrapper);
        reader.dated = times.iter().copied().find(|time| time.basis.is_dated());
        let mut bases = Vec::new();
        times.into_iter().for_each(|time| count(&mut bases, reader.complete(time).basis));
        reader.basis =
            bases.into_iter().max_by_key(|&(_, lines)| lines).map_or(Basis::Epoch, |(basis, _)| basis);
        reader
    }

    /// Reads one line, in the source's own way first.
    pub fn parse<'a>(&self, line: Line<'a>) -> Record<'a> {
        work::add(line.bytes.len());
        let mut record = parse_in(line, self.outer);
        record.when = record.when.map(|time| self.complete(time));
        let alike = |time: &Timestamp| self.timed == 0 || time.basis.compares_with(self.basis);
        record.time = record.when.filter(alike).map(|time| time.nanos);
        record
    }

    /// Returns the message of a line, as its record has it, without reading who wrote it.
    pub fn message<'a>(&self, line: Line<'a>) -> Cow<'a, [u8]> {
        work::add(line.bytes.len());
        words_in(line, self.outer)
    }

    /// Returns a time with what it lacks, where a line of this source has it.
    fn complete(&self, time: Timestamp) -> Timestamp {
        self.dated.map_or(time, |dated| time.dated_by(dated))
    }

    /// Returns the time that orders the lines of this source, without reading the rest of the
    /// line: the time of receipt where the source has it, else the program's own. `None` where
    /// the line lacks it or has it on another basis.
    pub fn time(&self, line: Line<'_>) -> Option<i64> {
        if self.is_received() {
            return times::github(line.bytes).or_else(|| received_in(line, self.outer));
        }
        let time = self.complete(time_in(line, self.outer)?);
        (time.basis == self.basis).then_some(time.nanos)
    }

    /// Returns what the times of [`Reader::time`] count from.
    pub fn basis(&self) -> Basis {
        if self.is_received() { Basis::Epoch } else { self.basis }
    }

    /// Returns the share of the lines looked at that fit the commonest wrapper or dialect, 0 to 1.
    pub fn confidence(&self) -> f64 {
        let wrapped = self.wrappers.first().map_or(0, |&(_, lines)| lines);
        let timed = self.dialects.first().map_or(0, |&(_, lines)| lines);
        self.share(wrapped.max(timed))
    }

    /// Returns one sentence for a person about how this source is written.
    pub fn describe(&self) -> String {
        let mut text = format!("of {} lines looked at", self.lines);
        let mut say = |what: &str, lines: usize| {
            // Writing to a string cannot fail.
            let _ = write!(text, ", {:.0} % {what}", 100.0 * self.share(lines));
        };
        for &(wrapper, lines) in &self.wrappers {
            say(&format!("bear what {} writes", wrapper.name()), lines);
        }
        for &(dialect, lines) in &self.dialects {
            say(&format!("have times like {}", dialect.example()), lines);
        }
        say("state a level", self.leveled);
        if self.timed == 0 {
            text.push_str("; no line has a time");
        }
        text
    }

    /// Returns true if and only if most lines bear a time of receipt.
    fn is_received(&self) -> bool {
        self.share(self.received) >= MOST_LINES
    }

    fn share(&self, lines: usize) -> f64 {
        lines as f64 / self.lines.max(1) as f64
    }
}

/// Adds one to the count of `key`. The lists have a dozen entries at most.
fn count<K: PartialEq>(counts: &mut Vec<(K, usize)>, key: K) {
    match counts.iter_mut().find(|(known, _)| *known == key) {
        Some((_, count)) => *count += 1,
        None => counts.push((key, 1)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GITHUB: &str = "2026-11-22T10:14:52.0560358Z ##[group]Run make\n\n2026-11-22T10:14:53.0560358Z x\n";

    /// Beginnings that put something before the words, so that random tails meet every reader.
    const FRONTS: [&str; 14] = [
        "",
        "2026-11-22T10:14:52.0560358Z ",
        "build\ttest\t2026-11-22T10:14:52.0560358Z ",
        "2026-11-22T10:14:52.056035Z 00O ",
        "[2026-11-22T10:14:52.056Z] ",
        "travis_fold:start:a\r\u{1b}[0K",
        "\u{1b}_bk;t=1795342492056\u{7}",
        "ring-1  | ",
        "[task 2026-11-22T10:14:52.056Z] 10:14:52     INFO - ",
        "[   12.345678][ T12] ",
        "Nov 22 10:14:52 ring-07 sshd[77]: ",
        "E1122 10:14:52.056036 77 ring.cc:12] ",
        "2026-11-22 10:14:52,123 - ring - ERROR - ",
        "{\"level\":\"error\",\"ts\":",
    ];

    fn line(bytes: &[u8]) -> Line<'_> {
        Line { number: 1, start: 0, bytes }
    }

    #[test]
    fn says_what_it_saw() {
        let reader = Reader::guess(GITHUB.as_bytes());
        assert_eq!(reader.confidence(), 1.0);
        let text = reader.describe();
        assert!(text.starts_with("of 2 lines looked at, 100 % bear what GitHub Actions writes"), "{text}");
        assert_eq!(Reader::guess(b"").confidence(), 0.0);
        assert!(Reader::guess(b"x\n").describe().ends_with("no line has a time"));
    }

    #[test]
    fn times_are_those_that_order_the_lines() {
        let reader = Reader::guess(GITHUB.as_bytes());
        let late = line(b"2026-11-22T10:14:52.0560358Z 2026-11-22 08:07:00,000 x");
        assert_eq!(reader.time(late), Some(1_795_342_492_056_035_800));
        assert_eq!(reader.time(line(b"10:14:52 x")), None);
        let plain = Reader::guess(b"10:14:52 x\n10:14:53 y\n");
        assert_eq!((plain.basis(), plain.time(line(b"00:00:01 x"))), (Basis::TimeOfDay, Some(1_000_000_000)));
        assert_eq!(plain.time(line(b"2026-11-22 10:14:52 x")), None);
    }

    /// What the last line of `log` says of its time, as nanoseconds, basis and what compares.
    fn last_time(log: &str) -> (Option<Timestamp>, Option<i64>) {
        let reader = Reader::guess(log.as_bytes());
        let record = lines::split(log.as_bytes()).last().map(|line| reader.parse(line));
        record.map_or((None, None), |record| (record.when, record.time))
    }

    #[test]
    fn a_line_of_the_same_log_dates_what_lacks_year_or_day() {
        const AT: i64 = 1_795_342_492_000_000_000;
        const SECOND: i64 = 1_000_000_000;
        let dated = Timestamp { nanos: AT + 60 * SECOND, basis: Basis::Epoch };
        for late in
            ["E1122 10:15:52.000000 7 ring.go:9] x", "Nov 22 10:15:52 ring-07 kernel: x", "10:15:52 x"]
        {
            let log = format!("2026-11-22T10:14:52Z start\n{late}\n");
            assert_eq!(last_time(&log), (Some(dated), Some(dated.nanos)), "{late}");
        }
        let alone = last_time("10:15:52 x\n").0.map(|time| time.basis);
        assert_eq!(alone, Some(Basis::TimeOfDay), "nothing tells the day");
        let no_year = last_time("Nov 22 10:14:52 ring-07 kernel: x\n").0.and_then(Timestamp::since_epoch);
        assert_eq!(no_year, None, "nothing tells the year");
    }

    #[test]
    fn times_of_unlike_bases_are_not_compared() {
        let (when, time) = last_time("10:14:52 x\n10:14:53 x\n[   12.345678] x\n");
        assert_eq!((when.map(|when| when.basis), time), (Some(Basis::Monotonic), None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_and_no_words_are_made_up(
            front in prop::sample::select(FRONTS.as_slice()),
            second in prop::sample::select(FRONTS.as_slice()),
            tail in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let bytes = [front.as_bytes(), second.as_bytes(), &tail].concat();
            let record = parse(line(&bytes));
            prop_assert!(record.message.len() <= bytes.len());
            let borrowed = matches!(record.message, Cow::Borrowed(_));
            prop_assert!(borrowed || bytes.contains(&0x1b), "copied without need: {:?}", record);
        }

        #[test]
        fn printable_words_stay_the_end_of_the_line(
            front in prop::sample::select(FRONTS.as_slice()),
            tail in "[ -~]{0,60}",
        ) {
            let text = format!("{front}{tail}");
            let record = parse(line(text.as_bytes()));
            // Only the names of folds that show nothing, service messages and script echoes end sooner.
            let kept = text.as_bytes().ends_with(&record.message) || record.marker.is_some();
            prop_assert!(kept, "{:?}", record);
        }

        #[test]
        fn a_guess_changes_nothing_but_the_order_of_trying(
            fronts in prop::collection::vec(prop::sample::select(FRONTS.as_slice()), 1..5),
            tail in "[ -~]{0,40}",
        ) {
            let sample = fronts.iter().map(|front| format!("{front}{tail}\n")).collect::<String>();
            let reader = Reader::guess(sample.as_bytes());
            for one in lines::split(sample.as_bytes()) {
                let (guessed, alone) = (reader.parse(one), parse(one));
                // Other lines may date this one.
                prop_assert_eq!(Record { when: alone.when, time: alone.time, ..guessed }, alone);
            }
        }
    }
}
