//! Repeat: many times in one process, which plain runs cannot do.

use crate::facts::runner_commands::repeating;
use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Repeats the test in one process.
#[derive(Debug)]
pub struct Repeat;

impl Amplifier for Repeat {
    fn name(&self) -> &'static str {
        "repeat"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        let none = "its framework cannot repeat a test in one process; plain runs do the rest";
        repeating(target.framework, 1).map(|_| ()).ok_or_else(|| none.to_owned())
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let count = dose.count();
        let stretch = f64::from(count);
        let arguments = repeating(dose.target.framework, count).into_iter().flatten().collect();
        match dose.target.framework {
            Framework::Pytest => {
                let python_path = vec![dose.machine.python_shim.clone()];
                let repeat = Treatment::variables([("NDLOG_REPEAT", count.to_string())]);
                Treatment { arguments, python_path, stretch, ..repeat }
            }
            Framework::Unittest => {
                let python_path = vec![dose.machine.python_shim.clone()];
                let repeat = Treatment::variables([("NDLOG_UNITTEST_REPEAT", count.to_string())]);
                Treatment { python_path, stretch, ..repeat }
            }
            _ => Treatment { arguments, stretch, ..Treatment::default() },
        }
    }
}
