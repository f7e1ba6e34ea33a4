//! Clock rate: a clock that runs faster or slower than the work, through libfaketime or, in Python, a patch.

use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Lets the clock run so many times as fast, so that the test's own deadlines come sooner than its work.
#[derive(Debug)]
pub struct ClockRate;

impl Amplifier for ClockRate {
    fn name(&self) -> &'static str {
        "clock-rate"
    }

    /// A deadline that comes sooner is a shorter limit.
    fn tightens_a_limit(&self) -> bool {
        true
    }

    fn available(&self, machine: &Machine, target: &Target) -> Result<(), String> {
        let is_python = matches!(target.framework, Framework::Pytest | Framework::Unittest);
        machine.needs(machine.faketime.is_some() || is_python, "libfaketime")
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let rate = dose.level.max(0.01);
        let stretch = (1.0 / rate).max(1.0);
        match &dose.machine.faketime {
            Some(library) => {
                let paced = Treatment::variables([("FAKETIME", format!("+0 x{rate}"))]);
                Treatment { preload: vec![library.clone()], stretch, ..paced }
            }
            None => {
                let python_path = vec![dose.machine.python_shim.clone()];
                let paced = Treatment::variables([("NDLOG_CLOCK_RATE", rate.to_string())]);
                Treatment { python_path, stretch, ..paced }
            }
        }
    }
}
