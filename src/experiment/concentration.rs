//! Places that failing runs share and passing ones do not.

use std::collections::{BTreeMap, BTreeSet};

use super::hardware::{Fact, List};
use super::pattern::Place;
use super::surroundings::Concentration;
use super::testimony::Testimony;
use crate::stats::fisher_greater;

/// Above this, chance explains it well enough.
const LARGEST_PROBABILITY: f64 = 0.05;

/// Returns the hosts, images, boards and devices that failing runs share beyond chance, most
/// telling first; none without passing runs. The unit is one run.
pub(super) fn concentration(failing: &[Testimony], passing: &[Testimony]) -> Vec<Concentration> {
    let (failed, passed) = (count(failing), count(passing));
    let compared = failed.len() as f64;
    let totals = (failing.len() as u64, passing.len() as u64);
    let mut found: Vec<Concentration> = failed
        .iter()
        .map(|(key, (with, at))| {
            let without = passed.get(key).map_or(0, |(count, _)| *count);
            let p = fisher_greater(*with, totals.0 - with, without, totals.1 - without);
            Concentration {
                what: key.0.clone(),
                value: key.1.clone(),
                failing: [*with, totals.0],
                passing: [without, totals.1],
                p_adjusted: (p * compared).min(1.0),
                at: at.clone(),
            }
        })
        .filter(|found| found.p_adjusted <= LARGEST_PROBABILITY && !passing.is_empty())
        .collect();
    found.sort_by(|a, b| a.p_adjusted.total_cmp(&b.p_adjusted));
    found
}

type Counts = BTreeMap<(String, String), (u64, Place)>;

/// Counts the runs that have each value.
fn count(runs: &[Testimony]) -> Counts {
    let mut counts = Counts::new();
    for run in runs {
        let telling = |fact: &&Fact| !matches!(fact.list, List::Actors | List::Versions);
        let own: BTreeSet<&Fact> = run.facts.iter().filter(telling).collect();
        let mut keys = BTreeSet::new();
        for fact in own {
            let key = (fact.what.clone(), fact.value.clone());
            if keys.insert(key.clone()) {
                counts.entry(key).or_insert((0, fact.at.clone())).0 += 1;
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::super::said::Log;
    use super::*;

    fn runs(hosts: &[&str]) -> Vec<Testimony> {
        let text = |host: &&str| format!("Machine name: '{host}'\n");
        hosts
            .iter()
            .map(|host| Testimony::passing(Log { source: "x", bytes: text(host).as_bytes() }))
            .collect()
    }

    #[test]
    fn a_host_that_has_all_failures_stands_out() {
        let found =
            concentration(&runs(&["a"; 5]), &runs(&["a", "b", "c", "b", "c", "b", "c", "d", "d", "d"]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].value.as_str(), found[0].failing, found[0].passing), ("a", [5, 5], [1, 10]));
    }

    #[test]
    fn a_host_that_has_everything_and_a_baseline_that_is_missing_say_nothing() {
        assert!(concentration(&runs(&["a"; 5]), &runs(&["a"; 10])).is_empty());
        assert!(concentration(&runs(&["a"; 5]), &[]).is_empty());
    }
}
