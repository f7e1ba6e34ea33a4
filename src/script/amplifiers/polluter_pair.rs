//! Polluter pair: one earlier test, then this one.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment, order};

/// Runs one of the earlier tests before it, another one each time.
#[derive(Debug)]
pub struct PolluterPair;

impl Amplifier for PolluterPair {
    fn name(&self) -> &'static str {
        "polluter-pair"
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        order::can_precede(target)
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let nearest = dose.target.preceding.len().min(dose.count() as usize).max(1);
        let back = 1 + dose.draw as usize % nearest;
        let polluter =
            dose.target.preceding.len().checked_sub(back).and_then(|at| dose.target.preceding.get(at));
        order::precede(dose.target, polluter.map(std::slice::from_ref).unwrap_or_default())
    }
}
