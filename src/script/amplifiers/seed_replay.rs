//! Seed replay: the seeds of runs that failed, set again.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Sets the seeds that failing runs printed, those of one run each time.
#[derive(Debug)]
pub struct SeedReplay;

impl Amplifier for SeedReplay {
    fn name(&self) -> &'static str {
        "seed-replay"
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        if target.replays.is_empty() { Err("no failing log prints a seed".to_owned()) } else { Ok(()) }
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let runs = dose.target.replays.len().min(dose.count() as usize).max(1);
        let Some(replay) = dose.target.replays.get(dose.draw as usize % runs) else {
            return Treatment::default();
        };
        let mut variables = std::collections::BTreeMap::<String, String>::new();
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Place, Replay, Seed};
    use crate::script::amplifiers::tests::able;

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
            SeedReplay.treat(&Dose { level, site: None, draw, machine: &machine, target: &target }).variables
        };
        assert_eq!(treated(1.0, 1)["PYTEST_ADDOPTS"], "-x --randomly-seed=5 --hypothesis-seed=9");
        assert_eq!(treated(1.0, 1)["ORDER_SEED"], "7", "one run: always the first");
        assert_eq!(treated(4.0, 1)["ORDER_SEED"], "8", "several take turns");
    }
}
