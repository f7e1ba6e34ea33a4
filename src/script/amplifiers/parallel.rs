//! Parallel copies: the same command several times at once.

use crate::script::{Amplifier, Dose, Treatment};

/// Runs copies of it at the same time.
#[derive(Debug)]
pub struct Parallel;

impl Amplifier for Parallel {
    fn name(&self) -> &'static str {
        "parallel"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let copies = dose.per_core().max(2);
        let stretch = f64::from(copies) / dose.machine.cores as f64;
        Treatment { further_copies: copies - 1, stretch, ..Treatment::default() }
    }
}
