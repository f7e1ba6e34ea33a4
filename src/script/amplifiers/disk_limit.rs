//! Disk limit: a small disk for temporary files.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Gives it a small disk for temporary files.
#[derive(Debug)]
pub struct DiskLimit;

impl Amplifier for DiskLimit {
    fn name(&self) -> &'static str {
        "disk-limit"
    }

    fn tightens_a_limit(&self) -> bool {
        true
    }

    fn available(&self, machine: &Machine, _target: &Target) -> Result<(), String> {
        machine.needs(machine.tmpfs, "right to mount a small disk in a namespace")
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let script =
            "mount -t tmpfs -o \"size=$0m\" tmpfs \"$1\" && export TMPDIR=\"$1\" && shift && exec \"$@\"";
        let (size, folder) = (dose.count().to_string(), dose.machine.scratch.display().to_string());
        Treatment::wrapper(&["unshare", "-r", "-m", "sh", "-c", script, &size, &folder])
    }
}
