//! How many runs an experiment needs.

/// Returns the runs that show at least one failure with probability `confidence` where each fails
/// with `rate`: `ceil(ln(1 - confidence) / ln(1 - rate))`; `None` if the rate is 0 or less.
pub fn runs_for(rate: f64, confidence: f64) -> Option<u64> {
    if rate <= 0.0 || rate.is_nan() {
        return None;
    }
    if rate >= 1.0 {
        return Some(1);
    }
    Some(((1.0 - confidence).ln() / (-rate).ln_1p()).ceil() as u64)
}

/// Returns the probability of at least one failure in `runs` runs that each fail with `rate`.
pub fn chance_of_one(rate: f64, runs: u64) -> f64 {
    if rate >= 1.0 {
        return if runs == 0 { 0.0 } else { 1.0 };
    }
    -(runs as f64 * (-rate.max(0.0)).ln_1p()).exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_methods_6_1_is_found_again() {
        let at_95 = [(0.001, 2995), (0.0071, 421), (0.01, 299), (0.05, 59), (0.1, 29), (0.3, 9), (0.5, 5)];
        for (rate, runs) in at_95 {
            assert_eq!(runs_for(rate, 0.95), Some(runs), "rate {rate}");
            assert!(chance_of_one(rate, runs) >= 0.95 && chance_of_one(rate, runs - 1) < 0.95);
        }
        assert_eq!((runs_for(0.0, 0.95), runs_for(1.0, 0.95)), (None, Some(1)));
        assert_eq!((chance_of_one(0.0, 9), chance_of_one(1.0, 0), chance_of_one(1.0, 1)), (0.0, 0.0, 1.0));
    }
}
