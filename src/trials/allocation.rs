//! How the time is shared between plain runs and amplified ones: a proof must not be worse than repeating the test.
//!
//! Before the first hit it is the chance of a hit that may not fall behind. If q is the chance that repetition misses in
//! the whole budget, giving up one twelfth of its runs raises the chance of a miss from q to q^(11/12), by at most .032
//! whatever q is (its largest value, where q = (11/12)^12). More than a twelfth is given where that costs no more at the
//! lowest rate that repetition should find, and when so many plain runs have missed that this rate is out of question.
//! After the first hit plain runs go on alone as long as they can answer by themselves.

use super::outcome::{SURE_A_MINUTE, is_reliable};
use super::tally::{ALPHA, Tally};
use crate::stats::{confidence_sequence, poisson};

/// The highest rate that is believed to be CI's, as logs are collected for their failures, and the chance of a miss at
/// it below which amplified runs begin.
const HIGHEST_RATE: f64 = 0.05;
const UNLIKELY: f64 = 0.05;
/// The lowest rate that repetition should find, and the chance of a miss at it below which most of the time goes to
/// amplified runs.
const LOWEST_RATE: f64 = 0.02;
const EXCLUDED: f64 = 0.03;
/// What amplified runs may cost of the chance of a hit at that rate.
const PRICE: f64 = 0.02;

/// The share of the time that amplified runs may take: at least, while plain runs may yet hit, when they have missed too often for
/// that, when they hit but too seldom to answer, and when an amplified arm hits more often than they do.
const WHILE_LIKELY: f64 = 1.0 / 12.0;
const WHEN_MISSED: f64 = 2.0 / 3.0;
const WHEN_SELDOM: f64 = 0.5;
const WHEN_AHEAD: f64 = 5.0 / 6.0;
/// The same for doing again what failing runs printed, where plain runs hit: it takes a few runs, and may always fail.
const FOR_REPLAYS: f64 = 0.5;
/// The rate of plain runs from which no amplifier could do much better.
const HIGH_RATE: f64 = 0.5;
/// Plain runs that must fit into what is left when an amplified one begins.
pub const LEAST_LEFT: f64 = 6.0;
/// The part of the budget, or all the time of plain runs if that is more, that goes to what the arms say of the causes
/// when plain runs are reliable.
const FOR_CAUSES: f64 = 0.25;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Plain,
    Amplified,
    /// Plain runs have answered, and amplified ones have had their time.
    Over,
}

/// What the budget has bought so far.
#[derive(Clone, Debug)]
pub struct Spent<'a> {
    /// The plain arm that the others are held against.
    pub plain: &'a Tally,
    /// Plain runs of the arm that had most of them: they tell what a miss says.
    pub plain_runs: u64,
    /// Seconds of all plain runs and of all amplified ones.
    pub plain_seconds: f64,
    pub amplified_seconds: f64,
    /// Seconds that the next amplified run will take, as far as one can know.
    pub next: f64,
    /// True if an amplified arm has hit, and if one seems to hit more often a minute than plain runs.
    pub amplified_hit: bool,
    pub amplified_ahead: bool,
    /// True if what failing runs printed (a seed, an order, a step) can be done again and was not yet. That is worth its
    /// share from the beginning.
    pub replays: bool,
    /// Seconds that are left of the budget, and its length.
    pub left: f64,
    pub budget: f64,
    /// Share of runs that failed in CI, where passing ones were collected too.
    pub rate: Option<f64>,
}

impl Spent<'_> {
    /// Returns whose turn it is.
    pub fn turn(&self) -> Turn {
        let (plain, hits) = (self.plain, self.plain.hits > 0);
        match () {
            () if is_reliable(plain) && self.amplified_seconds < self.for_causes() => Turn::Amplified,
            () if is_reliable(plain) => Turn::Over,
            () if hits && plain.rate() < HIGH_RATE && self.replays => self.within(FOR_REPLAYS),
            () if hits && (plain.rate() >= HIGH_RATE || self.answers()) => Turn::Plain,
            () if self.amplified_ahead || (self.amplified_hit && !hits) => self.within(WHEN_AHEAD),
            () if hits => self.within(WHEN_SELDOM),
            () if !self.missed(self.ci_rate(), UNLIKELY) && !self.replays => Turn::Plain,
            () if self.missed(LOWEST_RATE.min(self.ci_rate()), EXCLUDED) => self.within(WHEN_MISSED),
            () => self.within(self.while_likely()),
        }
    }

    /// Returns true if plain runs alone will be reliable before the budget ends, should they go on as they did.
    pub fn answers(&self) -> bool {
        let plain = self.plain;
        let seconds = plain.seconds + self.left;
        let factor = seconds / plain.seconds.max(1e-3);
        let grown = |count: u64| (count as f64 * factor) as u64;
        let (hits, runs) = (grown(plain.hits), grown(plain.runs));
        60.0 * poisson(hits, 1.0 - ALPHA).low >= SURE_A_MINUTE * seconds
            || confidence_sequence(hits, runs, ALPHA).low >= 0.5
    }

    /// An amplified run has its turn if their share will hold after it as well, and if there is time for it: it may
    /// take several times as long as a plain one.
    fn within(&self, share: f64) -> Turn {
        let after = self.amplified_seconds + self.next;
        let fits = self.left >= LEAST_LEFT * self.next;
        // Beside the base the other plain arm may take its part; it is the base that must not fall behind.
        if fits && after <= share * (after + self.plain.seconds) { Turn::Amplified } else { Turn::Plain }
    }

    /// Returns the share that costs no more than its price at the lowest rate, were all the rest plain runs.
    fn while_likely(&self) -> f64 {
        let all = self.plain.runs as f64 * self.budget / self.plain.seconds.max(1e-3);
        let miss = (1.0 - LOWEST_RATE).powf(all);
        let needed = (miss + PRICE).ln() / (1.0 - LOWEST_RATE).ln();
        WHILE_LIKELY.max(1.0 - needed / all.max(1.0))
    }

    fn missed(&self, rate: f64, chance: f64) -> bool {
        (1.0 - rate).powf(self.plain_runs as f64) <= chance
    }

    fn ci_rate(&self) -> f64 {
        self.rate.unwrap_or(HIGHEST_RATE).clamp(0.001, HIGHEST_RATE)
    }

    fn for_causes(&self) -> f64 {
        self.plain_seconds.max(FOR_CAUSES * self.budget)
    }
}
