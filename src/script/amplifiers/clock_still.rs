//! Still clock: the time of day stands still, so that no two looks at it differ.

use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Lets the time of day stand still in Python; what measures waits goes on. It hides what needs the clock to go on
/// between two looks, and may make failures of its own.
#[derive(Debug)]
pub struct ClockStill;

impl Amplifier for ClockStill {
    fn name(&self) -> &'static str {
        "clock-still"
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        let is_python = matches!(target.framework, Framework::Pytest | Framework::Unittest);
        if is_python { Ok(()) } else { Err("the clock is stopped in Python alone".to_owned()) }
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let stopped = Treatment::variables([("NDLOG_CLOCK_STILL", "1".to_owned())]);
        Treatment { python_path: vec![dose.machine.python_shim.clone()], ..stopped }
    }
}
