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
        let arguments = argument(dose.target.framework, dose.count()).into_iter().collect();
        Treatment { arguments, stretch: f64::from(dose.count()), ..Treatment::default() }
    }
}

fn argument(framework: Framework, count: u32) -> Option<String> {
    match framework {
        Framework::Gtest => Some(format!("--gtest_repeat={count}")),
        Framework::GoTest => Some(format!("-count={count}")),
        Framework::Nextest => Some(format!("--stress-count={count}")),
        _ => None,
    }
}
