//! The test again and again in one go.

use super::seen_by_python;
use crate::facts::runner_commands::repeating;
use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment, looped};

pub const ALL: &[Amplifier] = &[
    Amplifier::new("no-reset", no_reset).of_many_causes(),
    Amplifier::new("repeat", repeat).of_many_causes().only_if(can_repeat),
];

/// Runs it again and again in one go, without a reset between.
fn no_reset(dose: &Dose) -> Treatment {
    looped(dose.count())
}

/// Repeats the test in one process, which plain runs cannot do.
fn repeat(dose: &Dose) -> Treatment {
    let count = dose.count();
    let arguments = repeating(dose.target.framework, count).into_iter().flatten().collect();
    let times = match dose.target.framework {
        Framework::Pytest => seen_by_python(dose, [("NDLOG_REPEAT", count.to_string())]),
        Framework::Unittest => seen_by_python(dose, [("NDLOG_UNITTEST_REPEAT", count.to_string())]),
        _ => Treatment::default(),
    };
    Treatment { arguments, stretch: f64::from(count), ..times }
}

fn can_repeat(_: &Machine, target: &Target) -> Result<(), String> {
    let none = || "its framework cannot repeat a test in one process; plain runs do the rest".to_owned();
    repeating(target.framework, 1).map(|_| ()).ok_or_else(none)
}
