//! CPU quota: only a share of one core.

use crate::script::{Amplifier, Dose, Pulse, Treatment, in_cgroup};

/// Gives it only a share of one core.
#[derive(Debug)]
pub struct CpuQuota;

impl Amplifier for CpuQuota {
    fn name(&self) -> &'static str {
        "cpu-quota"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn treat(&self, dose: &Dose) -> Treatment {
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
}
