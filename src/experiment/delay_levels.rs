//! Delays to try, from how long passing runs have between two steps.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::knob::Quantiles;
use crate::stats::{median, quantile};

/// Steps of the ladder.
const FACTORS: [f64; 4] = [1.0, 2.0, 4.0, 8.0];

/// Returns delays to put before `late`: from the slack that, with 95% confidence, beats 90% of all
/// slacks where there are runs enough (29), else from the median.
pub(super) fn ladder(slacks: &[f64]) -> Vec<f64> {
    let mut sorted = slacks.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(start) = tolerance(&sorted).or_else(|| median(&sorted)) else { return Vec::new() };
    FACTORS.iter().map(|factor| ((start.max(0.1) * factor) * 100.0).round() / 100.0).collect()
}

/// Returns the smallest order statistic with P(Bin(n, 0.9) <= k - 1) >= 0.95.
fn tolerance(sorted: &[f64]) -> Option<f64> {
    let n = sorted.len() as u64;
    let binomial = Binomial::new(0.9, n).ok()?;
    let k = (1..=n).find(|k| binomial.cdf(k - 1) >= 0.95)?;
    sorted.get(usize::try_from(k - 1).ok()?).copied()
}

/// Returns where most of the values lie, in thousandths.
pub(super) fn quantiles(values: &[f64]) -> Option<Quantiles> {
    let round = |p| Some((quantile(values, p)? * 1000.0).round() / 1000.0);
    Some(Quantiles { q05: round(0.05)?, q50: round(0.5)?, q95: round(0.95)?, n: values.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_runs_give_the_tolerance_bound() {
        let sorted: Vec<f64> = (1..=57).map(f64::from).collect();
        assert_eq!(tolerance(&sorted), Some(56.0), "n = 57 gives k = 56");
        assert_eq!(tolerance(&sorted[..28]), None, "28 values cannot be that sure");
    }
}
