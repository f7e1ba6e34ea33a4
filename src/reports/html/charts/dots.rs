//! Runs as dots: one path for all of a row, since an element for each makes a page of many failures slow to open.

use std::fmt::Write;

use super::scale::tenth;

/// Draws so many dots of the values at most, spread evenly over their order, round the height `middle`. Dots of like
/// value would hide one another, so they step up and down by `step`.
pub fn dots(sorted: &[f64], most: usize, at: impl Fn(f64) -> f64, middle: f64, step: f64) -> String {
    let every = sorted.len().div_ceil(most.max(1)).max(1);
    let mut path = String::new();
    for (index, value) in sorted.iter().step_by(every).enumerate() {
        let up = ((index % 5) as f64 - 2.0) * step;
        // Writing to a text cannot fail.
        let _ = write!(path, "M{} {}h0", at(*value), tenth(middle + up));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_spread_over_all_values_and_no_more_than_fit() {
        assert_eq!(dots(&[1.0, 2.5], 9, |value| value * 10.0, 40.0, 4.0), "M10 32h0M25 36h0");
        let many: Vec<f64> = (0..1000).map(f64::from).collect();
        let drawn = dots(&many, 60, |value| value, 0.0, 1.0);
        assert_eq!(drawn.matches('M').count(), 59, "every 17th");
        assert!(drawn.contains("M986 "), "to the last");
        assert_eq!(dots(&[], 60, |value| value, 0.0, 1.0), "");
    }
}
