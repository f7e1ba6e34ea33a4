//! Own network: no other program has its ports, and no earlier run left any in use.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Runs it in a network that has nothing but a loopback of its own.
#[derive(Debug)]
pub struct OwnNetwork;

impl Amplifier for OwnNetwork {
    fn name(&self) -> &'static str {
        "own-network"
    }

    fn available(&self, machine: &Machine, _target: &Target) -> Result<(), String> {
        machine.needs(machine.namespaces, "right to make a network namespace")
    }

    fn treat(&self, _dose: &Dose) -> Treatment {
        let script = "ip link set lo up && exec \"$@\"";
        Treatment::wrapper(&["unshare", "-r", "-n", "sh", "-c", script, "own-network"])
    }
}
