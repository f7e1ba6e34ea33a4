//! Less of what a program takes: files, disk, memory, ports.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment, in_cgroup};

pub const ALL: &[Amplifier] = &[
    Amplifier::new("descriptor-limit", descriptor_limit).tightening(),
    Amplifier::new("disk-limit", disk_limit)
        .tightening()
        .only_if(|machine, _| machine.needs(machine.tmpfs, "right to mount a small disk in a namespace")),
    Amplifier::new("memory-limit", memory_limit).tightening().only_if(is_measured),
    Amplifier::new("port-limit", port_limit)
        .tightening()
        .only_if(|machine, _| machine.needs(machine.namespaces, "right to make a network namespace")),
];

/// Allows it only so many open files.
fn descriptor_limit(dose: &Dose) -> Treatment {
    let files = dose.count().max(8).to_string();
    Treatment::wrapper(&["sh", "-c", "ulimit -n \"$0\" && exec \"$@\"", &files])
}

/// Gives it a small disk for temporary files.
fn disk_limit(dose: &Dose) -> Treatment {
    let script =
        "mount -t tmpfs -o \"size=$0m\" tmpfs \"$1\" && export TMPDIR=\"$1\" && shift && exec \"$@\"";
    let (size, folder) = (dose.count().to_string(), dose.machine.scratch.display().to_string());
    Treatment::wrapper(&["unshare", "-r", "-m", "sh", "-c", script, &size, &folder])
}

/// Allows it only a share of the memory that a plain run held.
fn memory_limit(dose: &Dose) -> Treatment {
    let share = dose.level.clamp(1.0, 100.0) / 100.0;
    if let Some(cgroup) = &dose.machine.cgroup {
        let bytes = (dose.target.resident as f64 * share).round();
        return in_cgroup(cgroup, "memory.max", &bytes.to_string());
    }
    let kibibytes = (dose.target.address_space as f64 * share / 1024.0).round().to_string();
    Treatment::wrapper(&["sh", "-c", "ulimit -v \"$0\" && exec \"$@\"", &kibibytes])
}

fn is_measured(machine: &Machine, target: &Target) -> Result<(), String> {
    let measured = if machine.cgroup.is_some() { target.resident } else { target.address_space };
    if measured > 0 { Ok(()) } else { Err("the memory of a plain run could not be measured".to_owned()) }
}

/// Leaves it only so many local ports, in a network of its own.
fn port_limit(dose: &Dose) -> Treatment {
    let script = "ip link set lo up && echo \"32768 $((32767 + $0))\" >/proc/sys/net/ipv4/ip_local_port_range \
        && exec \"$@\"";
    Treatment::wrapper(&["unshare", "-r", "-n", "sh", "-c", script, &dose.count().max(2).to_string()])
}
