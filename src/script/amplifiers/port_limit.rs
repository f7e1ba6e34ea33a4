//! Port limit: few local ports.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Leaves it only so many local ports, in a network of its own.
#[derive(Debug)]
pub struct PortLimit;

impl Amplifier for PortLimit {
    fn name(&self) -> &'static str {
        "port-limit"
    }

    fn tightens_a_limit(&self) -> bool {
        true
    }

    fn available(&self, machine: &Machine, _target: &Target) -> Result<(), String> {
        machine.needs(machine.namespaces, "right to make a network namespace")
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let script = "ip link set lo up && echo \"32768 $((32767 + $0))\" >/proc/sys/net/ipv4/ip_local_port_range \
            && exec \"$@\"";
        Treatment::wrapper(&["unshare", "-r", "-n", "sh", "-c", script, &dose.count().max(2).to_string()])
    }
}
