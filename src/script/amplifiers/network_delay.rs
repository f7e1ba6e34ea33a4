//! Network delay: late packets, or late socket calls where the kernel cannot.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment, netem};

/// Delays its packets in a network of its own, or its socket calls.
#[derive(Debug)]
pub struct NetworkDelay;

/// The bits of send, recv, connect and accept in `delay.c`.
const SOCKET_CALLS: u64 = 0b1111 << 9;

impl Amplifier for NetworkDelay {
    fn name(&self) -> &'static str {
        "network-delay"
    }

    fn available(&self, machine: &Machine, _target: &Target) -> Result<(), String> {
        if machine.netem { Ok(()) } else { machine.needs_shim().map(|_| ()) }
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        if dose.machine.netem {
            return netem(&format!("delay {}ms", dose.level));
        }
        let waits = Treatment::variables([
            ("NDLOG_DELAY_MS", dose.level.to_string()),
            ("NDLOG_DELAY_CALLS", SOCKET_CALLS.to_string()),
            ("NDLOG_SEED", dose.draw.to_string()),
        ]);
        let preload = dose.machine.shim.iter().cloned().collect();
        Treatment { preload, longer: 1.0 + 0.02 * dose.level, ..waits }
    }
}
