//! Garbage-collector pressure: memory is collected far more often, so that what is freed too early shows.

use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Makes the language collect garbage far more often.
#[derive(Debug)]
pub struct GcPressure;

impl Amplifier for GcPressure {
    fn name(&self) -> &'static str {
        "gc-pressure"
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        match target.framework {
            Framework::Pytest | Framework::Unittest | Framework::GoTest => Ok(()),
            _ => Err("its language collects no garbage, or cannot be told when".to_owned()),
        }
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let every = dose.count().to_string();
        if dose.target.framework == Framework::GoTest {
            return Treatment { stretch: 3.0, ..Treatment::variables([("GOGC", every)]) };
        }
        let python_path = vec![dose.machine.python_shim.clone()];
        Treatment { python_path, stretch: 3.0, ..Treatment::variables([("NDLOG_PYTHON_GC", every)]) }
    }
}
