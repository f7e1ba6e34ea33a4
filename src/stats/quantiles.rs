//! Order statistics that one wild value cannot move.

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
}
