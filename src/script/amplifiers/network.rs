//! The network: late, with gaps, or its own.

use super::pauses::{longest_waits, needs_shim};
use crate::script::{Amplifier, Dose, Treatment, netem};

pub const ALL: &[Amplifier] = &[
    Amplifier::new("network-delay", network_delay)
        .only_if(|machine, target| if machine.netem { Ok(()) } else { needs_shim(machine, target) }),
    Amplifier::new("network-loss", network_loss)
        .tightening()
        .only_if(|machine, _| machine.needs(machine.netem, "tc netem in a network namespace")),
    Amplifier::new("own-network", own_network)
        .only_if(|machine, _| machine.needs(machine.namespaces, "right to make a network namespace")),
];

/// The bits of send, recv, connect and accept in `delay.c`.
const SOCKET_CALLS: u64 = 0b1111 << 9;

/// Delays its packets in a network of its own, or its socket calls where the kernel cannot.
fn network_delay(dose: &Dose) -> Treatment {
    if dose.machine.netem {
        return netem(&format!("delay {}ms", dose.level));
    }
    let waits = Treatment::variables([
        ("NDLOG_DELAY_MS", dose.level.to_string()),
        ("NDLOG_DELAY_CALLS", SOCKET_CALLS.to_string()),
        ("NDLOG_SEED", dose.draw.to_string()),
    ]);
    let preload = dose.machine.shim.iter().cloned().collect();
    Treatment { preload, longer: longest_waits(dose), ..waits }
}

/// Drops its packets in a network of its own.
fn network_loss(dose: &Dose) -> Treatment {
    netem(&format!("loss {}%", dose.level))
}

/// Runs it in a network that has nothing but a loopback of its own: no other program has its ports, and no earlier run
/// left any in use.
fn own_network(_: &Dose) -> Treatment {
    let script = "ip link set lo up && exec \"$@\"";
    Treatment::wrapper(&["unshare", "-r", "-n", "sh", "-c", script, "own-network"])
}
