//! Seeds that a log prints, each with the variable that sets it again.

use std::sync::LazyLock;

use serde::Deserialize;

use super::pattern::Place;
use super::said::Said;
use super::subject::{Replay, Seed, Variable};
use super::testimony::Testimony;
use crate::rules::{Wordings, captured};

static TABLE: LazyLock<Wordings<Row>> =
    LazyLock::new(|| Wordings::embedded(include_str!("../rules/seeds.toml")));

/// Failing runs whose seeds are kept.
const MOST_REPLAYS: usize = 8;

#[derive(Debug, Deserialize)]
struct Row {
    variable: Option<String>,
    written: Option<String>,
    #[serde(default)]
    joins: bool,
}

/// Returns the seeds in force at line `until`, each once: the last one printed before it, else the first
/// after it. What `variables` set already is no news.
pub(super) fn seeds(source: &str, log: &[Said<'_>], variables: &[Variable], until: u64) -> Vec<Seed> {
    let mut found: Vec<Seed> = Vec::new();
    for seed in log.iter().flat_map(|said| on_line(source, said)) {
        let same = |known: &&mut Seed| known.variable == seed.variable && known.joins == seed.joins;
        match found.iter_mut().find(|known| same(known) && (!known.joins || kin(known, &seed))) {
            Some(known) if seed.at.line <= until => *known = seed,
            Some(_) => {}
            None => found.push(seed),
        }
    }
    let is_set = |seed: &Seed| {
        variables.iter().any(|set| set.name == seed.variable && set.value.as_ref() == Some(&seed.value))
    };
    found.retain(|seed| !is_set(seed));
    found
}

/// Returns what the failing runs drew, a run each; equal draws once.
pub(super) fn replays(failing: &[Testimony]) -> Vec<Replay> {
    let mut replays: Vec<Replay> = Vec::new();
    for told in failing.iter().filter(|told| !told.seeds.is_empty()) {
        let values = |seeds: &[Seed]| -> Vec<(String, String)> {
            seeds.iter().map(|seed| (seed.variable.clone(), seed.value.clone())).collect()
        };
        let known = replays.iter().any(|replay| values(&replay.seeds) == values(&told.seeds));
        if !known && replays.len() < MOST_REPLAYS {
            replays.push(Replay { seeds: told.seeds.clone() });
        }
    }
    replays
}

fn on_line(source: &str, said: &Said<'_>) -> impl Iterator<Item = Seed> {
    TABLE
        .matches(said.text.as_bytes())
        .filter_map(|(_, row, captures)| {
            let value = captured(&captures, "value")?;
            Some(Seed {
                variable: row.variable.clone().or_else(|| captured(&captures, "variable"))?,
                value: row.written.as_ref().map_or(value.clone(), |written| written.replace("{}", &value)),
                joins: row.joins,
                at: Place { source: source.to_owned(), line: said.number() },
            })
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// Returns true if both are the same option with another value.
fn kin(a: &Seed, b: &Seed) -> bool {
    let option = |seed: &Seed| seed.value.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    option(a) == option(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_examples;

    fn found(text: &str, until: u64) -> Vec<(String, String, u64)> {
        let log = Said::all(text.as_bytes());
        let own = |seed: Seed| (seed.variable, seed.value, seed.at.line);
        seeds("a.log", &log, &[], until).into_iter().map(own).collect()
    }

    #[test]
    fn every_row_finds_its_examples() {
        check_examples::<Row>(include_str!("../rules/seeds.toml"), |_, example| found(example, 1).len() == 1);
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

    #[test]
    fn words_that_only_look_like_a_seed_are_none() {
        for text in ["seed=5", "SEEDS=5", "Randomized with seed", "SEED=abc", "TEST_SEED=${SEED}"] {
            assert_eq!(found(text, 1), [], "{text}");
        }
    }
}
