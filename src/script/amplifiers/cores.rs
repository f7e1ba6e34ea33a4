//! Where and when it may run: fewer cores, less of one, one device, moments without any.

use super::pauses::longest_waits;
use crate::script::{Amplifier, Dose, Machine, Pulse, Target, Treatment, in_cgroup};

pub const ALL: &[Amplifier] = &[
    Amplifier::new("cpu-quota", cpu_quota).of_many_causes(),
    Amplifier::new("device-pin", device_pin).of_many_causes().only_if(has_device),
    Amplifier::new("one-cpu", one_cpu).of_many_causes(),
    Amplifier::new("scheduling-noise", scheduling_noise).of_many_causes(),
];

/// Gives it only a share of one core.
fn cpu_quota(dose: &Dose) -> Treatment {
    let share = dose.level.clamp(1.0, 100.0) / 100.0;
    let stretch = 1.0 / share;
    if let Some(cgroup) = &dose.machine.cgroup {
        let quota = format!("{} 50000", (50_000.0 * share).round());
        return Treatment { stretch, ..in_cgroup(cgroup, "cpu.max", &quota) };
    }
    // Without cgroups, as cpulimit(1) does it: run for a part of each 50 ms.
    let pulse = Some(Pulse { run: 50.0 * share, stop: 50.0 * (1.0 - share) });
    Treatment { pulse, stretch, ..Treatment::default() }
}

/// Lets it see only the device that failed.
fn device_pin(dose: &Dose) -> Treatment {
    let device = dose.site.or(dose.target.device.as_deref()).unwrap_or("0");
    let names = ["TT_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"];
    Treatment::variables(names.map(|name| (name, device.to_owned())))
}

fn has_device(_: &Machine, target: &Target) -> Result<(), String> {
    target.device.as_ref().map(|_| ()).ok_or_else(|| "no log names a device".to_owned())
}

/// Binds it to one core, so that its threads take turns instead of running side by side.
fn one_cpu(dose: &Dose) -> Treatment {
    let core = (dose.draw % dose.machine.cores.max(1) as u64).to_string();
    Treatment { stretch: 1.0, ..Treatment::wrapper(&["taskset", "-c", &core]) }
}

/// Stalls threads and processes at random moments, at any instruction, and lowers their priority.
fn scheduling_noise(dose: &Dose) -> Treatment {
    let draw = dose.draw;
    let niceness = (draw % 20).to_string();
    let mut treatment = Treatment::wrapper(&["nice", "-n", &niceness]);
    if let Ok(shim) = &dose.machine.shim {
        treatment.variables.insert("NDLOG_STALL_MS".to_owned(), dose.level.to_string());
        treatment.variables.insert("NDLOG_SEED".to_owned(), draw.to_string());
        treatment.preload.push(shim.clone());
    }
    // Every other run is stopped and continued as a whole as well, which shifts it against other
    // processes and against the clock.
    let run = 5.0 + (draw >> 8 & 127) as f64;
    let pulse = (draw >> 20 & 1 == 1).then_some(Pulse { run, stop: dose.level });
    Treatment { pulse, stretch: 1.0 + dose.level / run, longer: longest_waits(dose), ..treatment }
}
