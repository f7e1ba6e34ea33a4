//! Memory limit: a little less than a plain run took.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment, in_cgroup};

/// Allows it only a share of the memory that a plain run held.
#[derive(Debug)]
pub struct MemoryLimit;

impl Amplifier for MemoryLimit {
    fn name(&self) -> &'static str {
        "memory-limit"
    }

    fn tightens_a_limit(&self) -> bool {
        true
    }

    fn available(&self, machine: &Machine, target: &Target) -> Result<(), String> {
        let measured = if machine.cgroup.is_some() { target.resident } else { target.address_space };
        if measured > 0 { Ok(()) } else { Err("the memory of a plain run could not be measured".to_owned()) }
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let share = dose.level.clamp(1.0, 100.0) / 100.0;
        if let Some(cgroup) = &dose.machine.cgroup {
            let bytes = (dose.target.resident as f64 * share).round();
            return in_cgroup(cgroup, "memory.max", &bytes.to_string());
        }
        let kibibytes = (dose.target.address_space as f64 * share / 1024.0).round().to_string();
        Treatment::wrapper(&["sh", "-c", "ulimit -v \"$0\" && exec \"$@\"", &kibibytes])
    }
}
