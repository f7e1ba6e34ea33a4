//! Generator seed: what a language draws at random follows from one seed, so that a run that fails fails again.

use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// The variable that holds the seed; it stands in the trial, so that a seed that failed can be set again.
pub const VARIABLE: &str = "NDLOG_RANDOM_SEED";

/// The variable that sets in which order Python's sets come.
const HASH_SEED: &str = "PYTHONHASHSEED";

/// The level that draws another seed for each run; any other is the seed itself.
pub const DRAWN: f64 = 1.0;

/// Seeds the random numbers of Python, Node and Ruby, so that a seed that failed can be set again.
#[derive(Debug)]
pub struct GeneratorSeed;

impl Amplifier for GeneratorSeed {
    fn name(&self) -> &'static str {
        "generator-seed"
    }

    /// A seed that does not reach what a language draws would look as if no draw decided.
    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        use Framework::{CargoTest, Ginkgo, GoTest, Gradle, Gtest, Maven, Nextest};
        match target.framework {
            CargoTest | Ginkgo | GoTest | Gradle | Gtest | Maven | Nextest => {
                Err("the generators of its language cannot be seeded from outside".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let drawn = dose.level == DRAWN;
        let seed = if drawn { dose.draw % (1 << 20) + 2 } else { dose.level.round().max(0.0) as u64 };
        let shims = dose.machine.python_shim.display();
        let joined = |name: &str, option: String| {
            let before = dose.target.variables.get(name).cloned().or_else(|| std::env::var(name).ok());
            (name.to_owned(), before.map_or_else(|| option.clone(), |before| format!("{before} {option}")))
        };
        let mut treatment = Treatment::variables([(VARIABLE, seed.to_string())]);
        treatment.variables.extend([
            joined("NODE_OPTIONS", format!("--require \"{shims}/ndlog_seed.cjs\"")),
            joined("RUBYOPT", format!("-r{shims}/ndlog_seed.rb")),
        ]);
        // A seed that the log shows is not changed.
        if !dose.target.variables.contains_key(HASH_SEED) {
            treatment.variables.insert(HASH_SEED.to_owned(), seed.to_string());
        }
        Treatment { python_path: vec![dose.machine.python_shim.clone()], ..treatment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            assert_eq!(GeneratorSeed.available(&able(), &target).is_ok(), expected, "{framework:?}");
        }
    }
}
