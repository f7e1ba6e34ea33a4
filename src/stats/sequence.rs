//! A confidence sequence for a rate: it may be looked at after every run and still covers.

use statrs::function::beta::ln_beta;

use super::intervals::Interval;

/// The prior of the mixture, Beta(1/2, 1/2).
const SHAPE: f64 = 0.5;

/// Returns the interval that, over all looks together, misses the true rate with a probability of
/// at most `alpha`.
///
/// The beta-binomial mixture of Robbins (1970): a rate stays in while the mixture's likelihood is
/// less than `1 / alpha` times its own. 20/20 gives [.78, 1], 0/60 gives [0, .089] at 95%.
pub fn confidence_sequence(hits: u64, trials: u64, alpha: f64) -> Interval {
    if trials == 0 {
        return Interval::UNKNOWN;
    }
    let (k, n) = (hits as f64, trials as f64);
    let mixture = ln_beta(k + SHAPE, n - k + SHAPE) - ln_beta(SHAPE, SHAPE);
    let stays = |rate: f64| mixture - ln_likelihood(k, n, rate) < (1.0 / alpha).ln();
    let centre = k / n;
    Interval {
        low: if hits == 0 { 0.0 } else { edge(0.0, centre, &stays) },
        high: if hits == trials { 1.0 } else { edge(1.0, centre, &stays) },
    }
}

/// Bisects between `outside` and `inside` for the last rate that stays.
fn edge(mut outside: f64, mut inside: f64, stays: &impl Fn(f64) -> bool) -> f64 {
    for _ in 0..60 {
        let middle = (outside + inside) / 2.0;
        if stays(middle) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    inside
}

fn ln_likelihood(k: f64, n: f64, rate: f64) -> f64 {
    let part = |count: f64, p: f64| if count == 0.0 { 0.0 } else { count * p.ln() };
    part(k, rate) + part(n - k, 1.0 - rate)
}

#[cfg(test)]
mod tests {
    use super::super::{Random, wilson};
    use super::*;

    #[test]
    fn tabulated_sequences_are_found_again() {
        for (hits, trials, low, high) in
            [(0, 60, 0.0, 0.089), (10, 20, 0.19, 0.81), (30, 60, 0.30, 0.70), (20, 20, 0.78, 1.0)]
        {
            let found = confidence_sequence(hits, trials, 0.05);
            let close = (found.low - low).abs() < 5e-3 && (found.high - high).abs() < 5e-3;
            assert!(close, "{hits}/{trials}: {found:?}, expected [{low}, {high}]");
        }
    }

    /// Looks at an interval after each of 5 to 240 runs, 400 times over, and returns the share of
    /// experiments in which it missed the truth at any look.
    fn missed(rate: f64, interval: impl Fn(u64, u64) -> Interval) -> f64 {
        let mut random = Random::new(7);
        let experiments = 400;
        let misses = (0..experiments).filter(|_| {
            let mut hits = 0;
            (1..=240).any(|trials| {
                hits += u64::from(random.unit() < rate);
                trials >= 5 && !interval(hits, trials).contains(rate)
            })
        });
        misses.count() as f64 / f64::from(experiments)
    }

    #[test]
    fn peeking_does_not_break_the_sequence_and_does_break_wilson() {
        for rate in [0.05, 0.2, 0.5] {
            assert!(missed(rate, |k, n| confidence_sequence(k, n, 0.05)) <= 0.05, "sequence at {rate}");
            assert!(missed(rate, |k, n| wilson(k, n, 0.95)) > 0.2, "Wilson at {rate}");
        }
    }
}
