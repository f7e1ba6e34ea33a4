//! Times until something happens, where some were only watched for a while.

/// How long one case was watched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lifetime {
    /// In any unit, the same for all.
    pub time: f64,
    /// True if it happened at `time`, false if it had not happened by then.
    pub happened: bool,
}

/// Returns the time by which half of the cases have happened; `None` where the curve never falls to
/// one half.
///
/// E. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", 1958.
pub fn median_survival(lifetimes: &[Lifetime]) -> Option<f64> {
    let mut sorted = lifetimes.to_vec();
    // At equal times what happened comes before what was only watched until then.
    sorted.sort_by(|a, b| a.time.total_cmp(&b.time).then(b.happened.cmp(&a.happened)));
    let mut surviving = 1.0;
    for (index, lifetime) in sorted.iter().enumerate() {
        if lifetime.happened {
            surviving *= 1.0 - 1.0 / (sorted.len() - index) as f64;
            // A product of fractions such as 2/3 * 3/4 may end a hair above one half.
            if surviving <= 0.5 + 1e-12 {
                return Some(lifetime.time);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remission_times_of_freireich_have_their_median() {
        // 6-MP group of Freireich et al. 1963: median remission 23 weeks; placebo 8.
        let watched = [
            (6, 1),
            (6, 1),
            (6, 1),
            (6, 0),
            (7, 1),
            (9, 0),
            (10, 1),
            (10, 0),
            (11, 0),
            (13, 1),
            (16, 1),
            (17, 0),
            (19, 0),
            (20, 0),
            (22, 1),
            (23, 1),
            (25, 0),
            (32, 0),
            (32, 0),
            (34, 0),
            (35, 0),
        ];
        let lifetimes =
            watched.map(|(time, happened)| Lifetime { time: f64::from(time), happened: happened == 1 });
        assert_eq!(median_survival(&lifetimes), Some(23.0));
    }

    #[test]
    fn a_curve_that_stays_above_half_has_no_median() {
        let lifetime = |time, happened| Lifetime { time, happened };
        assert_eq!(median_survival(&[lifetime(1.0, true), lifetime(2.0, false), lifetime(3.0, false)]), None);
        assert_eq!(median_survival(&[]), None);
    }
}
