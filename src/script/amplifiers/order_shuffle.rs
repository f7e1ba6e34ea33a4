//! Order shuffle: the tests in another order for each run.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment, order};

/// Shuffles the order of the tests for each run.
#[derive(Debug)]
pub struct OrderShuffle;

impl Amplifier for OrderShuffle {
    fn name(&self) -> &'static str {
        "order-shuffle"
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        order::can_shuffle(target)
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        order::shuffle(dose)
    }
}
