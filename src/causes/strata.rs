//! Which runs may be held against each other: those of one job, on one host where there are enough.

use std::collections::BTreeMap;

/// The job and the host of a run, where its log says.
pub type Setting<'a> = (Option<&'a str>, Option<&'a str>);

/// Runs sorted so that only those of one stratum are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strata {
    /// The stratum of each run, the failing ones first.
    pub of_runs: Vec<usize>,
    /// False if failing and passing runs are of different jobs: what differs may be the job.
    pub is_matched: bool,
}

impl Strata {
    /// Sorts runs by job and host if each such stratum that has failing runs has passing ones too, else by
    /// job, else not at all.
    pub fn of<'a>(
        failing: impl Iterator<Item = Setting<'a>>,
        passing: impl Iterator<Item = Setting<'a>>,
    ) -> Self {
        let mut runs: Vec<Setting<'a>> = failing.collect();
        let failed = runs.len();
        runs.extend(passing);
        let by_job = runs.iter().map(|(job, _)| (*job, None::<&str>));
        for of_runs in [number(runs.iter().copied()), number(by_job)] {
            let (failed, passed) = of_runs.split_at(failed);
            if failed.iter().all(|stratum| passed.contains(stratum)) {
                return Self { of_runs, is_matched: true };
            }
        }
        let (failing, passing) = runs.split_at(failed);
        let is_known = |runs: &[Setting<'_>]| runs.iter().any(|(job, _)| job.is_some());
        Self { of_runs: vec![0; runs.len()], is_matched: !is_known(failing) || !is_known(passing) }
    }
}

/// Gives each different key a number.
fn number<Key: Ord>(keys: impl Iterator<Item = Key>) -> Vec<usize> {
    let mut numbers = BTreeMap::new();
    keys.map(|key| {
        let next = numbers.len();
        *numbers.entry(key).or_insert(next)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strata(failing: &[(&'static str, &'static str)], passing: &[(&'static str, &'static str)]) -> Strata {
        let setting = |(job, host): &(&'static str, &'static str)| (Some(*job), Some(*host));
        Strata::of(failing.iter().map(setting), passing.iter().map(setting))
    }

    #[test]
    fn the_finest_strata_that_match_are_taken() {
        let by_host = strata(&[("unit", "a")], &[("unit", "a"), ("unit", "b")]);
        assert_eq!((by_host.of_runs, by_host.is_matched), (vec![0, 0, 1], true));
        let by_job = strata(&[("unit", "a")], &[("unit", "b"), ("docs", "a")]);
        assert_eq!((by_job.of_runs, by_job.is_matched), (vec![0, 0, 1], true));
        let apart = strata(&[("unit", "a")], &[("docs", "a")]);
        assert_eq!((apart.of_runs, apart.is_matched), (vec![0, 0], false), "another job is no baseline");
    }
}
