//! What passing runs print: the lines and words that are no news in a failing one.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

use super::forms::Masker;
use crate::facts::Prints;
use crate::text::lines;
use crate::text::records::{Reader, Record};

/// Bytes from which the form of a log's lines is guessed.
const SAMPLE: usize = 256 << 10;

/// The masked lines of passing runs. The order in which logs were added changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    plain: FxHashSet<u64>,
    loose: FxHashSet<u64>,
    words: FxHashSet<u64>,
    lines: u64,
}

/// How new a line is to who knows the passing runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Novelty {
    /// A passing run printed it, but for numbers.
    Known,
    /// A passing run printed these words with other paths, hosts or versions.
    Varied,
    /// No passing run printed these words.
    New,
}

impl Baseline {
    /// Returns what the logs of passing runs print.
    pub fn new<'a>(logs: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut baseline = Self::default();
        logs.into_iter().for_each(|log| baseline.add(log));
        baseline
    }

    /// Adds the log of one passing run.
    pub fn add(&mut self, log: &[u8]) {
        let reader = Reader::guess(log.get(..SAMPLE).unwrap_or(log));
        let mut masker = Masker::default();
        for line in lines::split(log) {
            self.lines += 1;
            let record = reader.parse(line);
            if self.plain.insert(masker.plain(&record)) && self.loose.insert(masker.loose(&record)) {
                self.words.extend(masker.words().map(xxh3_64));
            }
        }
    }

    /// Adds the lines of one passing run by their fingerprints.
    pub fn add_prints(&mut self, prints: &Prints) {
        self.plain.extend(&prints.plain);
        self.loose.extend(&prints.loose);
        self.words.extend(&prints.words);
        self.lines += prints.plain.len() as u64;
    }

    /// Returns the fingerprints of its lines.
    pub fn prints(&self) -> Prints {
        let sorted = |prints: &FxHashSet<u64>| {
            let mut prints: Vec<u64> = prints.iter().copied().collect();
            prints.sort_unstable();
            prints
        };
        Prints { plain: sorted(&self.plain), loose: sorted(&self.loose), words: sorted(&self.words) }
    }

    /// Returns true if and only if there is nothing to compare with.
    pub fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// Returns how new a line is.
    ///
    /// ```
    /// # use ndlog::inner::{Baseline, Novelty, parse, split};
    /// let baseline = Baseline::new([&b"link 3 is up\nopened /tmp/a/b.c\n"[..]]);
    /// let novelty = |text| baseline.novelty(&parse(split(text).next().unwrap()));
    /// assert_eq!(novelty(b"link 4 is up"), Novelty::Known);
    /// assert_eq!(novelty(b"opened /tmp/c/d.c"), Novelty::Varied);
    /// assert_eq!(novelty(b"link 4 is down"), Novelty::New);
    /// ```
    pub fn novelty(&self, record: &Record<'_>) -> Novelty {
        self.novelty_of(record, &mut Masker::default())
    }

    /// Returns how new a line is; of one that is known only the plain form is made.
    pub(super) fn novelty_of(&self, record: &Record<'_>, masker: &mut Masker) -> Novelty {
        if self.plain.contains(&masker.plain(record)) {
            Novelty::Known
        } else if self.loose.contains(&masker.loose(record)) {
            Novelty::Varied
        } else {
            Novelty::New
        }
    }

    /// Returns the share of words that no passing run used, 0 to 1.
    pub(super) fn rarity<'a>(&self, words: impl Iterator<Item = &'a [u8]>) -> f64 {
        let (mut rare, mut all) = (0_u32, 0_u32);
        for word in words {
            all += 1;
            rare += u32::from(!self.words.contains(&xxh3_64(word)));
        }
        f64::from(rare) / f64::from(all.max(1))
    }
}
