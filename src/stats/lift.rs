//! How much more often one place fails than the others.

use statrs::function::beta::inv_beta_reg;

use super::Interval;

/// Trials that the fleet as a whole is worth, at the least and at the most, in what is believed of one
/// place before its own trials are counted.
const LEAST_WEIGHT: f64 = 1.0;
const MOST_WEIGHT: f64 = 20.0;

/// Returns the central 95 % interval of the failure rate of one place, divided by that of all others
/// together. Each place is `(failures, trials)`; `place` is its position.
///
/// The rate is shrunk towards the fleet's: a beta prior with the fleet's mean, and the weight that the
/// spread of the places asks for (method of moments: B. Efron and C. Morris, "Data analysis using
/// Stein's estimator", 1975). The rate of the others counts half a failure more, so that it is never 0.
pub fn lift(places: &[(u64, u64)], place: usize) -> Interval {
    let Some(&(failures, trials)) = places.get(place) else { return Interval { low: 0.0, high: f64::MAX } };
    let (all_failures, all_trials) =
        places.iter().fold((0, 0), |(failures, trials), one| (failures + one.0, trials + one.1));
    let (k, n) = (failures as f64, trials as f64);
    let others = ((all_failures - failures) as f64 + 0.5) / ((all_trials - trials) as f64 + 1.0);
    let mean = (all_failures as f64 + 0.5) / (all_trials as f64 + 1.0);
    let weight = weight(places, mean);
    let (a, b) = (mean * weight + k, (1.0 - mean) * weight + n - k);
    Interval { low: inv_beta_reg(a, b, 0.025) / others, high: inv_beta_reg(a, b, 0.975) / others }
}

/// Returns how many trials the prior is worth: many where the places are alike, few where they differ.
fn weight(places: &[(u64, u64)], mean: f64) -> f64 {
    let rates = places.iter().filter(|(_, trials)| *trials > 0).map(|(k, n)| *k as f64 / *n as f64);
    let (count, spread) =
        rates.fold((0.0, 0.0), |(count, spread), rate| (count + 1.0, spread + (rate - mean).powi(2)));
    let variance: f64 = spread / f64::max(count, 1.0);
    (mean * (1.0 - mean) / variance.max(1e-6) - 1.0).clamp(LEAST_WEIGHT, MOST_WEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_place_stands_out_and_equal_places_do_not() {
        let bad = lift(&[(6, 8), (0, 8), (0, 8), (1, 8)], 0);
        assert!(bad.low >= 2.0 && bad.high > bad.low, "{bad:?}");
        let equal = lift(&[(2, 8), (2, 8), (2, 8)], 0);
        assert!(equal.low < 1.0 && equal.high > 1.0, "{equal:?}");
        let few = lift(&[(1, 1), (0, 1), (0, 1), (0, 1)], 0);
        assert!(few.low < 2.0, "one failure proves nothing: {few:?}");
    }
}
