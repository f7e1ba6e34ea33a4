//! Dirty tree: a copy of the folder in which a run was killed, so that its left-over files meet the next.

use crate::script::{Amplifier, Dose, Treatment, in_copy};

/// Runs it in a copy of the folder in which a run was killed before, after so much of it.
#[derive(Debug)]
pub struct DirtyTree;

/// Seconds of the first run where no plain one has passed yet.
const UNKNOWN: f64 = 1.0;

impl Amplifier for DirtyTree {
    fn name(&self) -> &'static str {
        "dirty-tree"
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let usual = if dose.target.longest > 0.0 { dose.target.longest } else { UNKNOWN };
        let seconds = (usual * dose.level.clamp(1.0, 100.0) / 100.0).max(0.01);
        let script = "timeout -s KILL \"$0\" \"$@\" >/dev/null 2>&1; \"$@\"";
        Treatment { longer: 10.0, stretch: 1.0, ..in_copy(script, &format!("{seconds:.3}")) }
    }
}
