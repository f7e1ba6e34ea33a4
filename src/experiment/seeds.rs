//! The seeds that failing runs drew.

use super::failing_run::FailingRun;
use super::subject::Replay;
use crate::facts::setup::{Seed, Variable};

/// Failing runs whose seeds are kept.
const MOST_REPLAYS: usize = 8;

/// Returns the seeds in force at line `until`, each once: the last one printed before it, else the first
/// after it. What `variables` set already is no news.
pub(super) fn in_force(printed: &[Seed], variables: &[Variable], until: u64) -> Vec<Seed> {
    let mut found: Vec<Seed> = Vec::new();
    for seed in printed {
        let same = |known: &&mut Seed| known.variable == seed.variable && known.joins == seed.joins;
        match found.iter_mut().find(|known| same(known) && (!known.joins || kin(known, seed))) {
            Some(known) if seed.at.line <= until => known.clone_from(seed),
            Some(_) => {}
            None => found.push(seed.clone()),
        }
    }
    let is_set = |seed: &Seed| {
        variables.iter().any(|set| set.name == seed.variable && set.value.as_ref() == Some(&seed.value))
    };
    found.retain(|seed| !is_set(seed));
    found
}

/// Returns what the failing runs drew, a run each; equal draws once.
pub(super) fn replays(failing: &[FailingRun<'_>]) -> Vec<Replay> {
    let mut replays: Vec<Replay> = Vec::new();
    for run in failing.iter().filter(|run| !run.seeds.is_empty()) {
        let values = |seeds: &[Seed]| -> Vec<(String, String)> {
            seeds.iter().map(|seed| (seed.variable.clone(), seed.value.clone())).collect()
        };
        let known = replays.iter().any(|replay| values(&replay.seeds) == values(&run.seeds));
        if !known && replays.len() < MOST_REPLAYS {
            replays.push(Replay { seeds: run.seeds.clone() });
        }
    }
    replays
}

/// Returns true if both are the same option with another value.
fn kin(a: &Seed, b: &Seed) -> bool {
    let option = |seed: &Seed| seed.value.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    option(a) == option(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::setup::Setup;

    fn found(text: &str, until: u64) -> Vec<(String, String, u64)> {
        let own = |seed: Seed| (seed.variable, seed.value, seed.at.line);
        in_force(&Setup::of(text).seeds, &[], until).into_iter().map(own).collect()
    }

    #[test]
    fn the_last_seed_before_the_failure_is_the_one_that_ran() {
        let text = "TEST_SEED=1\nTEST_SEED=2\nboom\nTEST_SEED=3\nrun pytest with --hypothesis-seed=9 to\n";
        let expected = [("TEST_SEED", "2", 2), ("PYTEST_ADDOPTS", "--hypothesis-seed=9", 5)];
        let found = found(text, 3);
        let found: Vec<_> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), *c)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn two_options_of_one_variable_stand_side_by_side() {
        let text = "Using --randomly-seed=5\nboom\nrun pytest with --hypothesis-seed=9\n";
        assert_eq!(found(text, 2).len(), 2);
    }
}
