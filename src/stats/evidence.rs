//! E-values: evidence that may be watched, added to and stopped at any time.
//!
//! Under the null hypothesis an e-value exceeds `1 / alpha` at any time with a probability of at
//! most `alpha` (Ville's inequality), so 20 is what 5% is for a test of fixed size.

use statrs::function::beta::{beta_reg, ln_beta};

/// Returns the e-value against "the rate is at most `limit`" after `hits` of `trials`: the uniform
/// mixture over all rates above `limit`, against `limit` itself.
///
/// Ramdas, Grünwald, Vovk and Shafer, "Game-theoretic statistics and safe anytime-valid inference",
/// 2023, section 4. A `limit` of 0 gives infinity at the first hit, a `limit` of 1 gives 1.
pub fn rate_above(limit: f64, hits: u64, trials: u64) -> f64 {
    if trials == 0 || limit >= 1.0 {
        return 1.0;
    }
    if limit <= 0.0 {
        return if hits > 0 { f64::INFINITY } else { 1.0 / (trials as f64 + 1.0) };
    }
    let (k, misses) = (hits as f64, (trials - hits) as f64);
    let (a, b) = (k + 1.0, misses + 1.0);
    // The upper tail of Beta(a, b) is the lower tail of Beta(b, a) seen from the other end.
    let above = ln_beta(a, b) + beta_reg(b, a, 1.0 - limit).max(f64::MIN_POSITIVE).ln();
    let at_limit = k * limit.ln() + (misses + 1.0) * (1.0 - limit).ln();
    (above - at_limit).exp()
}

#[cfg(test)]
mod tests {
    use super::super::Random;
    use super::*;

    /// Returns the median number of runs until the e-value reaches 20.
    fn median_runs(limit: f64, rate: f64) -> usize {
        let mut random = Random::new(11);
        let mut runs: Vec<usize> = (0..300)
            .map(|_| {
                let mut hits = 0;
                (1..1000)
                    .find(|&trials| {
                        hits += u64::from(random.unit() < rate);
                        rate_above(limit, hits, trials) >= 20.0
                    })
                    .unwrap_or(1000) as usize
            })
            .collect();
        runs.sort_unstable();
        runs[150]
    }

    #[test]
    fn a_real_rise_is_seen_about_as_fast_as_tabulated() {
        // Another mixture needs: 16 and 2 at .005, 25 and 5 at .05.
        for (limit, rate, tabulated) in [(0.005, 0.1, 16), (0.005, 0.3, 2), (0.05, 0.2, 25), (0.05, 0.5, 5)] {
            let found = median_runs(limit, rate);
            assert!(found <= tabulated * 2 && tabulated <= found * 2, "{limit} {rate}: {found}");
        }
    }

    #[test]
    fn without_a_rise_twenty_is_rarely_reached_however_long_one_watches() {
        let mut random = Random::new(3);
        let false_alarms = (0..400).filter(|_| {
            let mut hits = 0;
            (1..=300).any(|trials| {
                hits += u64::from(random.unit() < 0.1);
                rate_above(0.1, hits, trials) >= 20.0
            })
        });
        assert!(false_alarms.count() <= 20);
    }

    #[test]
    fn edges_have_defined_values() {
        assert_eq!(rate_above(0.1, 0, 0), 1.0);
        assert_eq!(rate_above(0.0, 1, 5), f64::INFINITY);
        assert!(rate_above(0.2, 0, 50) < 1.0, "no hit speaks against a rise");
    }
}
