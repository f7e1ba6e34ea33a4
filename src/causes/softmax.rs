//! From sums of weights to probabilities.

/// Returns probabilities in the order of `scores`, which are natural-log odds; they sum to 1.
///
/// C. Guo and others, "On calibration of modern neural networks", 2017, for the temperature.
pub fn softmax(scores: &[f64], temperature: f64) -> Vec<f64> {
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raised: Vec<f64> = scores.iter().map(|score| ((score - highest) / temperature).exp()).collect();
    let sum: f64 = raised.iter().sum();
    raised.into_iter().map(|value| value / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_and_a_temperature_levels_them() {
        let sharp = softmax(&[2.0, 0.0, -400.0], 1.0);
        let level = softmax(&[2.0, 0.0, -400.0], 4.0);
        assert!((sharp.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(sharp[0] > level[0] && level[0] > level[1]);
        assert!((softmax(&[1.0, 1.0], 1.0)[0] - 0.5).abs() < 1e-12, "equal scores share");
    }
}
