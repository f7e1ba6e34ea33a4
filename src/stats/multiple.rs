//! Many tests at once.

/// Returns the adjusted p-values of Holm (1979), in the order given: calling those of at most `alpha`
/// true keeps the chance of even one false one below `alpha`, however the tests depend on each other.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut largest: f64 = 0.0;
    let mut adjusted = vec![1.0; p_values.len()];
    for (below, &index) in order.iter().enumerate() {
        largest = largest.max(p_values[index] * (p_values.len() - below) as f64).min(1.0);
        adjusted[index] = largest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_multiplies_the_smallest_by_all_and_never_falls() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        assert!(adjusted.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{adjusted:?}");
    }

    #[test]
    fn order_is_kept_and_ties_are_equal() {
        let adjusted = holm(&[0.04, 0.01, 0.04]);
        assert_eq!(adjusted[0], adjusted[2]);
        assert!((adjusted[1] - 0.03).abs() < 1e-12);
        assert!(holm(&[]).is_empty());
    }
}
