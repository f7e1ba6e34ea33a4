//! Clock shift: another time of day, through libfaketime.

use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

/// Shifts the wall clock by up to the given time, forwards.
#[derive(Debug)]
pub struct ClockShift;

impl Amplifier for ClockShift {
    fn name(&self) -> &'static str {
        "clock-shift"
    }

    fn available(&self, machine: &Machine, _target: &Target) -> Result<(), String> {
        machine.needs(machine.faketime.is_some(), "libfaketime")
    }

    fn treat(&self, dose: &Dose) -> Treatment {
        // A new place in the range for each run; monotonic clocks stay, or waits would break.
        let seconds = (dose.level * (dose.draw >> 11) as f64 / (1_u64 << 53) as f64).round();
        let shift = Treatment::variables([
            ("FAKETIME", format!("+{seconds}s")),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]);
        Treatment { preload: dose.machine.faketime.iter().cloned().collect(), ..shift }
    }
}
