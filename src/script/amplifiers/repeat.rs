//! Repeat: many times in one process, which plain runs cannot do.

use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// See [`Amplifier::what`].
#[derive(Debug)]
pub struct Repeat;

impl Amplifier for Repeat {
    fn name(&self) -> &'static str {
        "repeat"
    }

    fn what(&self) -> &'static str {
        "repeats the test in one process"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        let none = "its framework cannot repeat a test in one process; plain runs do the rest";
        argument(target.framework, 1).map(|_| ()).ok_or_else(|| none.to_owned())
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let count = dose.count();
        let stretch = f64::from(count);
        let arguments = argument(dose.target.framework, count).into_iter().flatten().collect();
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

/// Returns the words by which the runner repeats; none where a shim does it.
fn argument(framework: Framework, count: u32) -> Option<Vec<String>> {
    match framework {
        Framework::Pytest => Some(vec!["-p".to_owned(), "ndlog_repeat".to_owned()]),
        Framework::Unittest => Some(Vec::new()),
        Framework::Gtest => Some(vec![format!("--gtest_repeat={count}")]),
        Framework::GoTest => Some(vec![format!("-count={count}")]),
        Framework::Nextest => Some(vec![format!("--stress-count={count}")]),
        _ => None,
    }
}
