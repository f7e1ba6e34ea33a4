//! The order of tests: what each framework can be told about it.

use super::{Dose, Target, Treatment};
use crate::facts::runner_commands::shuffling;
use crate::facts::runners::Framework;

/// Returns the reason if no tests can be put before the one under test.
pub fn can_precede(target: &Target) -> Result<(), String> {
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
pub fn precede(target: &Target, tests: &[String]) -> Treatment {
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

/// Returns the reason if the framework cannot shuffle its tests.
pub fn can_shuffle(target: &Target) -> Result<(), String> {
    let words = shuffling(target.framework, 1);
    words.map(|_| ()).ok_or_else(|| "its framework has no order to shuffle".to_owned())
}

/// Shuffles the tests by the dose's draw.
pub fn shuffle(dose: &Dose) -> Treatment {
    // gtest accepts seeds up to 99999; the others take any.
    let seed = dose.draw % 99_999 + 1;
    let arguments = shuffling(dose.target.framework, seed).unwrap_or_default();
    let python_path = vec![dose.machine.python_shim.clone()];
    Treatment { arguments, python_path, ..Treatment::variables([("NDLOG_SEED", seed.to_string())]) }
}
