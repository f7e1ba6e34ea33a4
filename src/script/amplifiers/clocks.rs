//! The clock, and limits of time: faster, elsewhere, still, shorter.

use super::{is_python, seen_by_python};
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

pub const ALL: &[Amplifier] = &[
    // A deadline that comes sooner is a shorter limit.
    Amplifier::new("clock-rate", clock_rate).tightening().only_if(|machine, target| {
        machine.needs(machine.faketime.is_some() || is_python(target), "libfaketime")
    }),
    Amplifier::new("clock-shift", clock_shift)
        .only_if(|machine, _| machine.needs(machine.faketime.is_some(), "libfaketime")),
    Amplifier::new("clock-still", clock_still).only_if(can_stand_still),
    Amplifier::new("timeout-scale", timeout_scale).tightening().only_if(has_limit),
];

/// Lets the clock run so many times as fast, so that the test's own deadlines come sooner than its work: through
/// libfaketime or, in Python, a patch.
fn clock_rate(dose: &Dose) -> Treatment {
    let rate = dose.level.max(0.01);
    let stretch = (1.0 / rate).max(1.0);
    match &dose.machine.faketime {
        Some(library) => {
            let paced = Treatment::variables([("FAKETIME", format!("+0 x{rate}"))]);
            Treatment { preload: vec![library.clone()], stretch, ..paced }
        }
        None => Treatment { stretch, ..seen_by_python(dose, [("NDLOG_CLOCK_RATE", rate.to_string())]) },
    }
}

/// Shifts the wall clock by up to the given time, forwards, through libfaketime.
fn clock_shift(dose: &Dose) -> Treatment {
    // A new place in the range for each run; monotonic clocks stay, or waits would break.
    let seconds = (dose.level * (dose.draw >> 11) as f64 / (1_u64 << 53) as f64).round();
    let shift = Treatment::variables([
        ("FAKETIME", format!("+{seconds}s")),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]);
    Treatment { preload: dose.machine.faketime.iter().cloned().collect(), ..shift }
}

/// Lets the time of day stand still in Python, so that no two looks at it differ; what measures waits goes on. It hides
/// what needs the clock to go on between two looks, and may make failures of its own.
fn clock_still(dose: &Dose) -> Treatment {
    seen_by_python(dose, [("NDLOG_CLOCK_STILL", "1".to_owned())])
}

fn can_stand_still(_: &Machine, target: &Target) -> Result<(), String> {
    if is_python(target) { Ok(()) } else { Err("the clock is stopped in Python alone".to_owned()) }
}

/// Shortens the limit that fired.
fn timeout_scale(dose: &Dose) -> Treatment {
    let Some(limit) = dose.target.limit() else { return Treatment::default() };
    let value = dose.target.scaled(limit, dose.level.max(dose.target.least_factor(limit)));
    match (&limit.variable, &limit.option) {
        (Some(variable), _) => Treatment::variables([(variable.as_str(), value)]),
        (None, Some(option)) => Treatment { options: vec![(option.clone(), value)], ..Treatment::default() },
        (None, None) => Treatment::default(),
    }
}

fn has_limit(_: &Machine, target: &Target) -> Result<(), String> {
    let none = || "no log shows a limit that a variable or an option sets".to_owned();
    target.limit().map(|_| ()).ok_or_else(none)
}
