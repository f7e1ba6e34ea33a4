//! Which trials would have failed if failing were chance: the null of a permutation test.

use super::Random;

/// Draws as many failures in each stratum as there were, any trial of it as likely as any other.
#[derive(Clone, Debug)]
pub struct Relabelling {
    /// The trials of each stratum that can go either way, and how many of them fail.
    strata: Vec<(Vec<usize>, usize)>,
    /// The failing trials of strata in which all fail.
    settled: Vec<usize>,
    random: Random,
}

impl Relabelling {
    /// Returns the draws for trials that `failed` or not, each in the stratum of the same position;
    /// `seed` decides all of them.
    ///
    /// R. A. Fisher, "The design of experiments", 1935, for blocks: what differs between strata cannot
    /// look like a difference between trials.
    pub fn new(failed: &[bool], strata: &[usize], seed: u64) -> Self {
        let mut groups: std::collections::BTreeMap<usize, (Vec<usize>, usize)> = Default::default();
        for (trial, (failed, stratum)) in failed.iter().zip(strata).enumerate() {
            let (trials, failures) = groups.entry(*stratum).or_default();
            trials.push(trial);
            *failures += usize::from(*failed);
        }
        let (mixed, uniform): (Vec<_>, Vec<_>) =
            groups.into_values().partition(|(trials, failures)| *failures < trials.len());
        let strata = mixed.into_iter().filter(|(_, failures)| *failures > 0).collect();
        let settled = uniform.into_iter().flat_map(|(trials, _)| trials).collect();
        Self { strata, settled, random: Random::new(seed) }
    }

    /// Hands over the trials that fail in the next draw.
    pub fn draw(&mut self, mut fails: impl FnMut(usize)) {
        self.settled.iter().for_each(|trial| fails(*trial));
        for (trials, failures) in &mut self.strata {
            for at in 0..*failures {
                let rest = trials.len() - at;
                let other = at + ((self.random.unit() * rest as f64) as usize).min(rest - 1);
                trials.swap(at, other);
                fails(trials[at]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stratum_keeps_its_failures_and_each_trial_its_turn() {
        let failed = [true, false, false, false, true, true, false, false];
        let strata = [0, 0, 0, 0, 1, 1, 2, 2];
        let mut counts = [0; 8];
        let mut draws = Relabelling::new(&failed, &strata, 3);
        for _ in 0..4000 {
            draws.draw(|trial| counts[trial] += 1);
        }
        assert_eq!(counts[4..], [4000, 4000, 0, 0], "all or none of these strata fail");
        assert!(counts[..4].iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }
}
