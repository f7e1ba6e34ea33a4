//! One CPU: threads take turns instead of running side by side.

use crate::script::{Amplifier, Dose, Treatment};

/// Binds it to one core, so that its threads take turns.
#[derive(Debug)]
pub struct OneCpu;

impl Amplifier for OneCpu {
    fn name(&self) -> &'static str {
        "one-cpu"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let core = (dose.draw % dose.machine.cores.max(1) as u64).to_string();
        Treatment { stretch: 1.0, ..Treatment::wrapper(&["taskset", "-c", &core]) }
    }
}
