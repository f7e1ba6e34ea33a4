//! What is drawn at random, and what differs from machine to machine.

use std::collections::BTreeMap;

use super::seen_by_python;
use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

pub const ALL: &[Amplifier] = &[
    Amplifier::new("generator-seed", generator_seed).only_if(can_be_seeded),
    Amplifier::new("locale-sweep", locale_sweep),
    Amplifier::new("seed-replay", seed_replay).only_if(has_seeds),
    Amplifier::new("seed-sweep", seed_sweep),
];

/// The variable that holds the seed; it stands in the trial, so that a seed that failed can be set again.
pub const VARIABLE: &str = "NDLOG_RANDOM_SEED";

/// The variable that sets in which order Python's sets come.
const HASH_SEED: &str = "PYTHONHASHSEED";

/// The level that draws another seed for each run; any other is the seed itself.
pub const DRAWN: f64 = 1.0;

/// Seeds the random numbers of Python, Node and Ruby, so that a seed that failed can be set again.
fn generator_seed(dose: &Dose) -> Treatment {
    let drawn = dose.level == DRAWN;
    let seed = if drawn { dose.draw % (1 << 20) + 2 } else { dose.level.round().max(0.0) as u64 };
    let shims = dose.machine.python_shim.display();
    let joined = |name: &str, option: String| {
        let before = dose.target.variables.get(name).cloned().or_else(|| std::env::var(name).ok());
        (name.to_owned(), before.map_or_else(|| option.clone(), |before| format!("{before} {option}")))
    };
    let mut treatment = seen_by_python(dose, [(VARIABLE, seed.to_string())]);
    treatment.variables.extend([
        joined("NODE_OPTIONS", format!("--require \"{shims}/ndlog_seed.cjs\"")),
        joined("RUBYOPT", format!("-r{shims}/ndlog_seed.rb")),
    ]);
    // A seed that the log shows is not changed.
    if !dose.target.variables.contains_key(HASH_SEED) {
        treatment.variables.insert(HASH_SEED.to_owned(), seed.to_string());
    }
    treatment
}

/// A seed that does not reach what a language draws would look as if no draw decided.
fn can_be_seeded(_: &Machine, target: &Target) -> Result<(), String> {
    use Framework::{CargoTest, Ginkgo, GoTest, Gradle, Gtest, Maven, Nextest};
    match target.framework {
        CargoTest | Ginkgo | GoTest | Gradle | Gtest | Maven | Nextest => {
            Err("the generators of its language cannot be seeded from outside".to_owned())
        }
        _ => Ok(()),
    }
}

/// As POSIX writes them, so that no zone files are needed: west, east, half an hour, summer time.
const ZONES: [&str; 6] = ["UTC0", "XXX+12", "XXX-14", "IST-5:30", "CET-1CEST", "PST8PDT"];
/// Decimal commas, other orders and letter cases; where one is not installed C is used.
const LOCALES: [&str; 5] = ["C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.UTF-8"];

/// Draws a locale and a time zone for each run.
fn locale_sweep(dose: &Dose) -> Treatment {
    let draw = dose.draw as usize;
    let zone = ZONES.get(draw % ZONES.len()).copied().unwrap_or("UTC");
    let locale = LOCALES.get(draw / ZONES.len() % LOCALES.len()).copied().unwrap_or("C");
    Treatment::variables([("TZ", zone.to_owned()), ("LC_ALL", locale.to_owned())])
}

/// Sets the seeds that failing runs printed, those of one run each time.
fn seed_replay(dose: &Dose) -> Treatment {
    let runs = dose.target.replays.len().min(dose.count() as usize).max(1);
    let Some(replay) = dose.target.replays.get(dose.draw as usize % runs) else {
        return Treatment::default();
    };
    let mut variables = BTreeMap::<String, String>::new();
    for seed in &replay.seeds {
        let before = variables.get(&seed.variable).or(dose.target.variables.get(&seed.variable));
        let value = match before.filter(|_| seed.joins) {
            Some(before) => format!("{before} {}", seed.value),
            None => seed.value.clone(),
        };
        variables.insert(seed.variable.clone(), value);
    }
    Treatment { variables, ..Treatment::default() }
}

fn has_seeds(_: &Machine, target: &Target) -> Result<(), String> {
    if target.replays.is_empty() { Err("no failing log prints a seed".to_owned()) } else { Ok(()) }
}

/// The variables that carry a seed by convention.
const USUAL: [&str; 4] = ["PYTHONHASHSEED", "SEED", "RANDOM_SEED", "TEST_SEED"];

/// Draws another seed for each run.
fn seed_sweep(dose: &Dose) -> Treatment {
    let seed = (dose.draw % u64::from(u32::MAX)).to_string();
    let mut treatment = Treatment::variables(USUAL.map(|name| (name, seed.clone())));
    // gtest accepts seeds up to 99999.
    treatment.variables.insert("GTEST_RANDOM_SEED".to_owned(), (dose.draw % 99_999 + 1).to_string());
    treatment.variables.extend(dose.site.map(|name| (name.to_owned(), seed)));
    treatment
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Place, Replay, Seed};
    use crate::script::amplifiers::tests::able;

    #[test]
    fn only_languages_whose_draws_it_reaches_are_seeded() {
        for (framework, expected) in [
            (Framework::Pytest, true),
            (Framework::Mocha, true),
            (Framework::Rspec, true),
            (Framework::Command, true),
            (Framework::GoTest, false),
            (Framework::Nextest, false),
            (Framework::Gradle, false),
        ] {
            let target = Target { framework, ..Target::default() };
            assert_eq!(can_be_seeded(&able(), &target).is_ok(), expected, "{framework:?}");
        }
    }

    #[test]
    fn the_seeds_of_one_run_are_set_together_and_options_are_joined() {
        let seed = |variable: &str, value: &str, joins| Seed {
            variable: variable.into(),
            value: value.into(),
            joins,
            order: false,
            at: Place { source: "a".into(), line: 1 },
        };
        let first = Replay {
            seeds: vec![
                seed("ORDER_SEED", "7", false),
                seed("PYTEST_ADDOPTS", "--randomly-seed=5", true),
                seed("PYTEST_ADDOPTS", "--hypothesis-seed=9", true),
            ],
        };
        let second = Replay { seeds: vec![seed("ORDER_SEED", "8", false)] };
        let variables = [("PYTEST_ADDOPTS".to_owned(), "-x".to_owned())].into();
        let target = Target { replays: vec![first, second], variables, ..Target::default() };
        let machine = able();
        let treated = |level, draw| {
            seed_replay(&Dose { level, site: None, draw, machine: &machine, target: &target }).variables
        };
        assert_eq!(treated(1.0, 1)["PYTEST_ADDOPTS"], "-x --randomly-seed=5 --hypothesis-seed=9");
        assert_eq!(treated(1.0, 1)["ORDER_SEED"], "7", "one run: always the first");
        assert_eq!(treated(4.0, 1)["ORDER_SEED"], "8", "several take turns");
    }
}
