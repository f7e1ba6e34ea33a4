//! The hot lines of a log, counted by their forms: chunks are counted apart and their tallies add up.

use std::cmp::Reverse;
use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::line_form::form;
use crate::text::lines::Plain;

/// Places that are kept of each form, from the first on and up to the last.
const KEPT: usize = 3;

/// Lines at either end of what is hot that are kept whatever their forms.
const EDGE: usize = 300;

/// Forms that are told apart at the most, of loud lines and of all others: room for 20 MB.
pub const MOST: usize = 1 << 16;

/// How much rarer a line must be that holds no word which healthy runs hardly print.
const QUIET: u64 = 4;

/// The hot lines of one log, or of a part of it.
#[derive(Debug, Default)]
pub struct Tally {
    pub lines: u64,
    pub forms: FxHashMap<u64, Form>,
    /// Lines of forms that are not told apart, as there are too many.
    pub formless: u64,
    loud: usize,
    /// Where the first and the last lines begin.
    pub first: Vec<u64>,
    pub last: VecDeque<u64>,
}

/// Lines that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub times: u64,
    /// True if they hold words which healthy runs hardly print.
    pub loud: bool,
    /// Where the first and the last of them begin, each in order; both name those of a form of few.
    first: [u64; KEPT],
    last: [u64; KEPT],
}

impl Form {
    fn new(start: u64, loud: bool) -> Self {
        Self { times: 1, loud, first: [start; KEPT], last: [start; KEPT] }
    }

    /// Returns where lines of this form begin: the first one, the last one, the second, the last but one, and so on.
    pub fn places(&self) -> impl Iterator<Item = u64> {
        self.first.into_iter().zip(self.last.into_iter().rev()).flat_map(|(first, last)| [first, last])
    }

    /// Returns where the last of them begins.
    pub fn latest(&self) -> u64 {
        let [.., latest] = self.last;
        latest
    }

    /// Returns where the first of them begins.
    fn earliest(&self) -> u64 {
        let [earliest, ..] = self.first;
        earliest
    }

    /// Returns how common the form is: the commonest are read last.
    fn weight(&self) -> u64 {
        if self.loud { self.times } else { self.times * QUIET }
    }

    /// Returns how many places are kept at either end.
    fn kept(&self) -> usize {
        usize::try_from(self.times).map_or(KEPT, |times| times.min(KEPT))
    }

    /// Adds later lines of the same form.
    fn add(&mut self, later: &Self) {
        let (oldest, newest) = (self.earliest(), later.latest());
        let (mine, theirs) = (self.kept(), later.kept());
        let mut first = self.first.into_iter().take(mine).chain(later.first.into_iter().take(theirs));
        let mut last =
            later.last.into_iter().rev().take(theirs).chain(self.last.into_iter().rev().take(mine));
        self.first.iter_mut().for_each(|place| *place = first.next().unwrap_or(newest));
        self.last.iter_mut().rev().for_each(|place| *place = last.next().unwrap_or(oldest));
        self.times += later.times;
    }
}

impl Tally {
    /// Returns how many lines of the log say the same as `line`; 0 if they are not counted.
    pub fn times(&self, line: &[u8]) -> u64 {
        self.forms.get(&form(&Plain::of(line).text)).map_or(0, |form| form.times)
    }

    /// Counts the next line, without its colours, which begins at `start`.
    pub fn count(&mut self, start: u64, line: &[u8], loud: bool) {
        let known = self.forms.entry(form(line));
        let once = |loud| Form::new(start, loud);
        known.and_modify(|form| form.add(&once(form.loud))).or_insert_with(|| once(loud));
        self.lines += 1;
        if self.first.len() < EDGE {
            self.first.push(start);
        }
        self.last.push_back(start);
        if self.last.len() > EDGE {
            self.last.pop_front();
        }
    }

    /// Returns where the lines begin that may be read, each once, those first that matter most: of each form the first
    /// and the last places, the rare forms before the frequent ones.
    pub fn places(&self) -> Vec<u64> {
        let mut forms: Vec<&Form> = self.forms.values().collect();
        forms.sort_unstable_by_key(|form| (form.weight(), Reverse(form.latest())));
        let ends = forms.iter().flat_map(|form| form.places().take(2));
        let others = forms.iter().flat_map(|form| form.places().skip(2));
        let edges = self.last.iter().rev().chain(&self.first).copied();
        let mut seen = FxHashSet::default();
        ends.chain(others).chain(edges).filter(|start| seen.insert(*start)).collect()
    }

    /// Adds the lines that come next.
    pub fn add(&mut self, later: Self) {
        if self.lines == 0 {
            *self = later;
            return;
        }
        self.lines += later.lines;
        self.formless += later.formless;
        let mut forms: Vec<(u64, Form)> = later.forms.into_iter().collect();
        forms.sort_unstable_by_key(|(_, form)| form.earliest());
        forms.into_iter().for_each(|(key, form)| self.add_form(key, form));
        let room = EDGE - self.first.len();
        self.first.extend(later.first.into_iter().take(room));
        self.last.extend(later.last);
        self.last.drain(..self.last.len().saturating_sub(EDGE));
    }

    fn add_form(&mut self, key: u64, form: Form) {
        if let Some(known) = self.forms.get_mut(&key) {
            return known.add(&form);
        }
        let alike = if form.loud { self.loud } else { self.forms.len() - self.loud };
        if alike >= MOST {
            self.formless += form.times;
        } else {
            self.loud += usize::from(form.loud);
            self.forms.insert(key, form);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::chunks::CHUNK;
    use crate::facts::failures::prefilter::{is_hot, is_loud};
    use crate::facts::scan::scan;
    use crate::text::lines::split;
    use crate::text::records::Reader;

    /// Counts line by line, as the words say.
    fn slowly(log: &str) -> Tally {
        let mut tally = Tally::default();
        for line in split(log.as_bytes()).filter(|line| is_hot(line.bytes)) {
            tally.count(line.start, line.bytes, is_loud(line.bytes));
        }
        tally
    }

    fn tally(log: &str) -> Tally {
        scan(log.as_bytes(), &Reader::default(), &|_| {}).1.hot.tally
    }

    #[test]
    fn chunks_add_up() {
        for width in [1, 40, CHUNK - 1, CHUNK, 3 * CHUNK] {
            let filler = "x".repeat(width);
            let log = format!("{filler} error\n{filler}\nlink 3 failed\n\nlink {filler} failed\n")
                .repeat(2 + 4 * CHUNK / (width + 40));
            let (tally, expected) = (tally(&log), slowly(&log));
            assert_eq!(tally.forms, expected.forms, "{width}");
            assert_eq!(
                (tally.lines, tally.first, tally.last),
                (expected.lines, expected.first, expected.last)
            );
        }
    }

    #[test]
    fn the_first_and_the_last_places_of_a_form_are_kept() {
        for (times, expected) in
            [(1, vec![0]), (2, vec![0, 5]), (3, vec![0, 5, 10]), (9, vec![0, 5, 10, 30, 35, 40])]
        {
            let tally = tally(&"fail\n".repeat(times));
            let mut places: Vec<u64> = tally.forms.values().flat_map(Form::places).collect();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places, expected, "{times}");
        }
    }

    #[test]
    fn every_hot_line_is_counted_once() {
        let letter = |digit: char| char::from(b'a' + digit as u8 - b'0');
        let word = |line: usize| line.to_string().chars().map(letter).collect::<String>();
        let log: String = (0..MOST + 900).map(|line| format!("link {} missing\n", word(line))).collect();
        let tally = tally(&log);
        assert_eq!((tally.forms.len(), tally.formless, tally.lines), (MOST, 900, MOST as u64 + 900));
        let counted: u64 = tally.forms.values().map(|form| form.times).sum();
        assert_eq!(counted + tally.formless, tally.lines);
    }
}
