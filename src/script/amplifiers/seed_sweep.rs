//! Seed sweep: another seed for each run.

use crate::script::{Amplifier, Dose, Treatment};

/// Draws another seed for each run.
#[derive(Debug)]
pub struct SeedSweep;

/// The variables that carry a seed by convention.
const USUAL: [&str; 4] = ["PYTHONHASHSEED", "SEED", "RANDOM_SEED", "TEST_SEED"];

impl Amplifier for SeedSweep {
    fn name(&self) -> &'static str {
        "seed-sweep"
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let seed = (dose.draw % u64::from(u32::MAX)).to_string();
        let mut treatment = Treatment::variables(USUAL.map(|name| (name, seed.clone())));
        // gtest accepts seeds up to 99999.
        treatment.variables.insert("GTEST_RANDOM_SEED".to_owned(), (dose.draw % 99_999 + 1).to_string());
        treatment.variables.extend(dose.site.map(|name| (name.to_owned(), seed)));
        treatment
    }
}
