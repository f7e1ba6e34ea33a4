//! Order statistics that one wild value cannot move.

/// Makes the median absolute deviation of normal values their standard deviation.
const NORMAL: f64 = 0.6745;

/// Returns the `p`-quantile by linear interpolation (type 7 of Hyndman and Fan, 1996); `None` for
/// no values. Values that are not numbers sort last.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = p.clamp(0.0, 1.0) * (sorted.len().checked_sub(1)? as f64);
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(below + (above - below) * place.fract())
}

/// Returns the median; `None` for no values.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// Returns the median distance from the median; `None` for no values.
pub fn median_absolute_deviation(values: &[f64]) -> Option<f64> {
    let centre = median(values)?;
    median(&values.iter().map(|value| (value - centre).abs()).collect::<Vec<_>>())
}

/// Returns how far `value` lies from the median of `values`, in robust standard deviations; above
/// 3.5 is an outlier. `None` where the values do not vary.
///
/// B. Iglewicz and D. Hoaglin, "How to detect and handle outliers", 1993.
pub fn robust_z(value: f64, values: &[f64]) -> Option<f64> {
    let deviation = median_absolute_deviation(values)?;
    (deviation > 0.0).then(|| median(values).map(|centre| NORMAL * (value - centre) / deviation))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_and_an_empty_list_has_none() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!((median(&values), quantile(&values, 0.25)), (Some(2.5), Some(1.75)));
        assert_eq!((quantile(&values, 0.0), quantile(&values, 1.0)), (Some(1.0), Some(4.0)));
        assert_eq!((median(&[]), median(&[7.0])), (None, Some(7.0)));
    }

    #[test]
    fn an_outlier_is_far_and_equal_values_have_no_scale() {
        // Median 2.5, distances 1.5, .5, .5 and 97.5, their median 1.
        let z = robust_z(100.0, &[1.0, 2.0, 3.0, 100.0]).unwrap();
        assert!((z - 0.6745 * 97.5 / 1.0).abs() < 1e-9, "{z}");
        assert_eq!(robust_z(5.0, &[2.0, 2.0, 2.0]), None);
    }
}
