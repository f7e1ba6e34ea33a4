//! No reset: run after run without cleaning up between.

use crate::script::{Amplifier, Dose, Treatment, looped};

/// Runs it again and again in one go, without a reset between.
#[derive(Debug)]
pub struct NoReset;

impl Amplifier for NoReset {
    fn name(&self) -> &'static str {
        "no-reset"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        looped(dose.count())
    }
}
