//! The tests that run before it, and in what order: what each framework can be told.

use super::seen_by_python;
use crate::facts::runner_commands::shuffling;
use crate::facts::runners::Framework;
use crate::script::{Amplifier, Dose, Machine, Target, Treatment};

pub const ALL: &[Amplifier] = &[
    Amplifier::new("order-replay", order_replay).only_if(can_precede),
    Amplifier::new("order-shuffle", order_shuffle).only_if(can_shuffle),
    Amplifier::new("polluter-pair", polluter_pair).only_if(can_precede),
    Amplifier::new("whole-suite", whole_suite).of_many_causes().only_if(has_whole),
];

/// Runs the tests before it that ran before it in CI.
fn order_replay(dose: &Dose) -> Treatment {
    let from = dose.target.preceding.len().saturating_sub(dose.count() as usize);
    precede(dose.target, dose.target.preceding.get(from..).unwrap_or_default())
}

/// Runs one of the earlier tests before it, another one each time.
fn polluter_pair(dose: &Dose) -> Treatment {
    let preceding = &dose.target.preceding;
    let nearest = preceding.len().min(dose.count() as usize).max(1);
    let back = 1 + dose.draw as usize % nearest;
    let polluter = preceding.len().checked_sub(back).and_then(|at| preceding.get(at));
    precede(dose.target, polluter.map(std::slice::from_ref).unwrap_or_default())
}

/// Returns the reason if no tests can be put before the one under test.
fn can_precede(_: &Machine, target: &Target) -> Result<(), String> {
    if target.preceding.is_empty() {
        return Err("no log shows which tests ran before it".to_owned());
    }
    match target.framework {
        Framework::Gtest | Framework::GoTest => Ok(()),
        Framework::Pytest | Framework::Unittest if target.names_test => Ok(()),
        Framework::Pytest | Framework::Unittest => Err("the command does not name the test".to_owned()),
        _ => Err("its framework cannot be told which tests run first in the same process".to_owned()),
    }
}

/// Runs `tests` before the one under test.
fn precede(target: &Target, tests: &[String]) -> Treatment {
    let with_test = |separator: &str| {
        let all: Vec<&str> = tests.iter().chain(&target.test).map(String::as_str).collect();
        all.join(separator)
    };
    let stretch = tests.len() as f64;
    match target.framework {
        Framework::Gtest => {
            let options = vec![("--gtest_filter".to_owned(), with_test(":"))];
            Treatment { options, stretch, ..Treatment::default() }
        }
        Framework::GoTest => {
            let options = vec![("-run".to_owned(), format!("^({})$", with_test("|")))];
            Treatment { options, stretch, ..Treatment::default() }
        }
        _ => Treatment { before_test: tests.to_vec(), stretch, ..Treatment::default() },
    }
}

/// Shuffles the order of the tests for each run, by the dose's draw.
fn order_shuffle(dose: &Dose) -> Treatment {
    // gtest accepts seeds up to 99999; the others take any.
    let seed = dose.draw % 99_999 + 1;
    let arguments = shuffling(dose.target.framework, seed).unwrap_or_default();
    Treatment { arguments, ..seen_by_python(dose, [("NDLOG_SEED", seed.to_string())]) }
}

fn can_shuffle(_: &Machine, target: &Target) -> Result<(), String> {
    let words = shuffling(target.framework, 1);
    words.map(|_| ()).ok_or_else(|| "its framework has no order to shuffle".to_owned())
}

/// Runs it among all the tests that the command ran in CI.
fn whole_suite(dose: &Dose) -> Treatment {
    let Some((argv, seconds)) = &dose.target.whole else { return Treatment::default() };
    Treatment { instead: Some(argv.clone()), longer: 3.0 * seconds, ..Treatment::default() }
}

fn has_whole(_: &Machine, target: &Target) -> Result<(), String> {
    let as_it_is = || "the command runs all of its tests as it is".to_owned();
    target.whole.as_ref().map(|_| ()).ok_or_else(as_it_is)
}
