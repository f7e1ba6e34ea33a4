//! Repeat: many times in one process, where the framework can.

use crate::patterns::Framework;
use crate::stress::{Amplifier, Dose, Treatment, looped};

/// See [`Amplifier::what`].
#[derive(Debug)]
pub struct Repeat;

impl Amplifier for Repeat {
    fn name(&self) -> &'static str {
        "repeat"
    }

    fn what(&self) -> &'static str {
        "repeats the test in one process, or one after another"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let count = dose.count();
        let argument = match dose.target.framework {
            Framework::Gtest => format!("--gtest_repeat={count}"),
            Framework::GoTest => format!("-count={count}"),
            Framework::Nextest => format!("--stress-count={count}"),
            _ => return looped(count),
        };
        Treatment { arguments: vec![argument], stretch: f64::from(count), ..Treatment::default() }
    }
}
