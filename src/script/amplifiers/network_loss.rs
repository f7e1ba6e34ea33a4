//! Network loss: packets that never arrive.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment, netem};

/// Drops its packets in a network of its own.
#[derive(Debug)]
pub struct NetworkLoss;

impl Amplifier for NetworkLoss {
    fn name(&self) -> &'static str {
        "network-loss"
    }

    fn tightens_a_limit(&self) -> bool {
        true
    }

    fn available(&self, machine: &Machine, _target: &Target) -> Result<(), String> {
        machine.needs(machine.netem, "tc netem in a network namespace")
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        netem(&format!("loss {}%", dose.level))
    }
}
