//! CPU hogs: busy loops beside the program.

use crate::script::{Amplifier, Dose, Treatment};

/// Runs busy loops beside it.
#[derive(Debug)]
pub struct CpuHogs;

impl Amplifier for CpuHogs {
    fn name(&self) -> &'static str {
        "cpu-hogs"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let hog = ["sh", "-c", "while :; do :; done"].map(str::to_owned).to_vec();
        let background = vec![hog; dose.per_core() as usize];
        Treatment { background, stretch: 2.0 * dose.level, ..Treatment::default() }
    }
}
