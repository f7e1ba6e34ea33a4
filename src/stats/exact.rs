//! Fisher's exact test on a table of two by two, one-sided.

use statrs::stats_tests::{Alternative, fishers_exact};

/// Returns the probability of at least `first_hits` hits in the first group, given all margins, if
/// both groups share one rate; 1 for a table without content.
///
/// R. A. Fisher, "The design of experiments", 1935.
pub fn fisher_greater(first_hits: u64, first_misses: u64, second_hits: u64, second_misses: u64) -> f64 {
    // Few hits in the second group are the same as many in the first; the lower tail is the one
    // that statrs sums without cancellation.
    fisher_less(second_hits, second_misses, first_hits, first_misses)
}

/// Returns the probability of at most `first_hits` hits in the first group, given all margins, if
/// both groups share one rate; 1 for a table without content.
pub fn fisher_less(first_hits: u64, first_misses: u64, second_hits: u64, second_misses: u64) -> f64 {
    fishers_exact(&[first_hits, first_misses, second_hits, second_misses], Alternative::Less).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_tables_have_their_probabilities() {
        let cases = [
            ("the lady tasting tea, 4 of 4", (4, 0, 0, 4), 1.0 / 70.0),
            ("the lady tasting tea, 3 of 4", (3, 1, 1, 3), 17.0 / 70.0),
            ("smallest with 1 failing and 20 passing runs", (1, 0, 0, 20), 1.0 / 21.0),
            ("smallest with 3 and 20", (3, 0, 0, 20), 1.0 / 1771.0),
            ("an empty row", (0, 0, 3, 4), 1.0),
        ];
        for (name, (a, b, c, d), expected) in cases {
            assert!((fisher_greater(a, b, c, d) - expected).abs() < 1e-9, "{name}");
        }
        assert!((fisher_less(0, 4, 4, 0) - 1.0 / 70.0).abs() < 1e-9);
    }
}
