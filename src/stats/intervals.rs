//! Intervals for a rate or a count whose number of trials was fixed beforehand.
//!
//! None of these may be looked at after every run to decide whether to go on: that is what
//! [`super::confidence_sequence`] is for.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Gamma, Normal};

/// A closed interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    /// Everything a rate can be: what is known without a single trial.
    pub const UNKNOWN: Self = Self { low: 0.0, high: 1.0 };

    /// Returns true if and only if `value` lies in the interval, ends included.
    #[cfg(test)]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Returns true if and only if the two intervals share a value.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

/// Returns the Wilson score interval for `hits` of `trials` at `confidence` (such as 0.95).
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
pub fn wilson(hits: u64, trials: u64, confidence: f64) -> Interval {
    if trials == 0 {
        return Interval::UNKNOWN;
    }
    let (n, rate, z) = (trials as f64, hits as f64 / trials as f64, two_sided_z(confidence));
    let shrink = 1.0 + z * z / n;
    let centre = (rate + z * z / (2.0 * n)) / shrink;
    let half = z / shrink * (rate * (1.0 - rate) / n + z * z / (4.0 * n * n)).sqrt();
    Interval { low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
}

/// Returns the one-sided upper bound of a rate that was never seen in `trials`:
/// `1 - (1 - confidence)^(1 / trials)`, about `3 / trials` at 95%; 1 without a trial.
pub fn never_seen(trials: u64, confidence: f64) -> f64 {
    if trials == 0 { 1.0 } else { 1.0 - (1.0 - confidence).powf(1.0 / trials as f64) }
}

/// Returns the exact interval for the mean of a Poisson count of `events`.
///
/// F. Garwood, "Fiducial limits for the Poisson distribution", 1936.
pub fn poisson(events: u64, confidence: f64) -> Interval {
    let tail = (1.0 - confidence) / 2.0;
    let quantile = |shape: f64, p: f64| Gamma::new(shape, 1.0).map_or(f64::NAN, |gamma| gamma.inverse_cdf(p));
    let low = if events == 0 { 0.0 } else { quantile(events as f64, tail) };
    Interval { low, high: quantile(events as f64 + 1.0, 1.0 - tail) }
}

fn two_sided_z(confidence: f64) -> f64 {
    Normal::standard().inverse_cdf(0.5 + confidence / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, found: Interval, low: f64, high: f64) {
        let close = (found.low - low).abs() < 6e-4 && (found.high - high).abs() < 6e-4;
        assert!(close, "{name}: {found:?}, expected [{low}, {high}]");
    }

    #[test]
    fn published_intervals_are_found_again() {
        check("Wilson 0/60", wilson(0, 60, 0.95), 0.0, 0.060);
        check("Wilson 81/263, Newcombe 1998", wilson(81, 263, 0.95), 0.2553, 0.3662);
        check("Wilson 15/148, Newcombe 1998", wilson(15, 148, 0.95), 0.0624, 0.1605);
        check("Poisson 0, Garwood", poisson(0, 0.95), 0.0, 3.6889);
        check("Poisson 10, Garwood", poisson(10, 0.95), 4.7954, 18.3904);
        check("nothing known", wilson(0, 0, 0.95), 0.0, 1.0);
    }

    #[test]
    fn a_rate_never_seen_has_the_rule_of_three_as_its_bound() {
        for (trials, bound) in [(20, 0.139), (60, 0.0487), (120, 0.0247), (240, 0.0124)] {
            assert!((never_seen(trials, 0.95) - bound).abs() < 5e-4, "0/{trials}");
        }
        assert_eq!(never_seen(0, 0.95), 1.0);
    }
}
