//! Order replay: the same tests before it as in CI.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment, order};

/// Runs the tests before it that ran before it in CI.
#[derive(Debug)]
pub struct OrderReplay;

impl Amplifier for OrderReplay {
    fn name(&self) -> &'static str {
        "order-replay"
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        order::can_precede(target)
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let from = dose.target.preceding.len().saturating_sub(dose.count() as usize);
        let tests = dose.target.preceding.get(from..).unwrap_or_default();
        order::precede(dose.target, tests)
    }
}
