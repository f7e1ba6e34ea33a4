//! Whole suite: the command with all its tests, as CI ran it.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Runs it among all the tests that the command ran in CI.
#[derive(Debug)]
pub struct WholeSuite;

impl Amplifier for WholeSuite {
    fn name(&self) -> &'static str {
        "whole-suite"
    }

    fn points_at_a_cause(&self) -> bool {
        false
    }

    fn available(&self, _machine: &Machine, target: &Target) -> Result<(), String> {
        let as_it_is = || "the command runs all of its tests as it is".to_owned();
        target.whole.as_ref().map(|_| ()).ok_or_else(as_it_is)
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        let Some((argv, seconds)) = &dose.target.whole else { return Treatment::default() };
        Treatment { instead: Some(argv.clone()), longer: 3.0 * seconds, ..Treatment::default() }
    }
}
