//! Many tests at once.

/// Returns the adjusted p-values of Benjamini and Hochberg (1995), in the order given: calling
/// those below `q` true keeps the expected share of false ones below `q`.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[b].total_cmp(&p_values[a]));
    let count = p_values.len() as f64;
    let mut adjusted = vec![1.0; p_values.len()];
    let mut smallest: f64 = 1.0;
    for (above, &index) in order.iter().enumerate() {
        smallest = smallest.min(p_values[index] * count / (count - above as f64));
        adjusted[index] = smallest;
    }
    adjusted
}

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
    fn the_example_of_the_paper_rejects_four_of_fifteen() {
        // Benjamini and Hochberg 1995, section 3.3.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0,
        ];
        assert_eq!(benjamini_hochberg(&p).iter().filter(|&&q| q <= 0.05).count(), 4);
    }

    #[test]
    fn holm_multiplies_the_smallest_by_all_and_never_falls() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        assert!(adjusted.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{adjusted:?}");
    }

    #[test]
    fn order_is_kept_and_ties_are_equal() {
        let adjusted = benjamini_hochberg(&[0.04, 0.01, 0.04]);
        assert_eq!(adjusted[0], adjusted[2]);
        assert!((adjusted[1] - 0.03).abs() < 1e-12);
        assert!(benjamini_hochberg(&[]).is_empty());
    }
}
