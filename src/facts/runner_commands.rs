//! How test runners are called: which one a command line runs, and the words by which it is asked for one test.
//!
//! Knows the rules in `runner_commands.toml`. Must not know which command of a log counts.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::runners::Framework;
use crate::rules::{Embedded, Wordings, table};

/// A way to call a test runner; the keys are explained in the table.
#[derive(Debug, Deserialize)]
pub struct RunnerCommand {
    pub framework: Framework,
    pub by_name: Option<String>,
    #[serde(default)]
    pub programs: Vec<String>,
    #[serde(default)]
    pub built: bool,
    #[serde(default)]
    pub scripts: bool,
    #[serde(default)]
    pub refuse: Vec<String>,
    #[serde(default)]
    pub drop: Vec<String>,
    pub leaves_out: Option<String>,
    pub replaces: Option<String>,
    pub after: Option<String>,
    pub then: Option<String>,
    #[serde(default)]
    pub narrow: Vec<String>,
    #[serde(default)]
    pub anew: Vec<String>,
    #[serde(default)]
    pub else_anew: Vec<String>,
    #[serde(default)]
    pub cleans: bool,
    pub together: Option<String>,
    pub apart: Option<String>,
    pub repeat: Option<Vec<String>>,
    pub shuffle: Option<Vec<String>>,
}

/// The table as it is written.
const TABLE: Embedded = table!("runner_commands");

static ROWS: LazyLock<Wordings<RunnerCommand>> = LazyLock::new(|| Wordings::embedded(TABLE));

/// Returns what runs tests in a command line.
pub fn called(line: &str) -> Framework {
    let mut parts = line.split(['\n', ';', '|']).flat_map(|part| part.split("&&"));
    let found = parts.find_map(|part| {
        let row = ROWS.fitting(part.trim().as_bytes()).next()?;
        Some(row.framework).filter(|framework| *framework != Framework::Command)
    });
    found.unwrap_or(Framework::Command)
}

/// Returns the ways in which a runner is called.
pub fn ways(framework: Framework) -> impl Iterator<Item = &'static RunnerCommand> {
    ROWS.rows().filter(move |row| row.framework == framework)
}

/// Returns true if the runner may run several tests at the same time, called by such a line.
pub fn runs_together(framework: Framework, line: &str) -> bool {
    let matches = |form: &String| Regex::new(form).is_ok_and(|form| form.is_match(line));
    ways(framework)
        .any(|way| way.together.as_ref().is_some_and(matches) && !way.apart.as_ref().is_some_and(matches))
}

/// Returns the words by which a runner repeats a test in one process; none of them where ndlog adds something to it.
pub fn repeating(framework: Framework, count: u32) -> Option<Vec<String>> {
    let words = ways(framework).find_map(|way| way.repeat.as_ref())?;
    Some(words.iter().map(|word| word.replace("{count}", &count.to_string())).collect())
}

/// Returns the words by which a runner shuffles its tests.
pub fn shuffling(framework: Framework, seed: u64) -> Option<Vec<String>> {
    let words = ways(framework).find_map(|way| way.shuffle.as_ref())?;
    Some(words.iter().map(|word| word.replace("{seed}", &seed.to_string())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_examples;

    #[test]
    fn every_runner_is_recognised_by_its_command() {
        check_examples::<RunnerCommand>(TABLE, |row, example| called(example) == row.framework);
        let table: serde_json::Value = TABLE.read();
        for row in table["row"].as_array().unwrap() {
            let own: Framework = serde_json::from_value(row["framework"].clone()).unwrap();
            for line in row["leaves"].as_array().unwrap() {
                let line = line.as_str().unwrap();
                assert_ne!(called(line), own, "{line}");
            }
        }
    }

    #[test]
    fn tests_run_at_the_same_time_where_the_runner_does_so_or_is_told_to() {
        use Framework::{CargoTest, Ctest, GoTest, Jest, Mocha, Pytest, Rspec, Unittest};
        for (framework, line, together) in [
            (CargoTest, "cargo test", true),
            (CargoTest, "cargo test -- --test-threads=1", false),
            (GoTest, "go test ./...", true),
            (Ctest, "ctest -j8", true),
            (Ctest, "ctest --output-on-failure", false),
            (Pytest, "pytest -n auto", true),
            (Pytest, "pytest -v", false),
            (Jest, "npx jest", true),
            (Jest, "npx jest --runInBand", false),
            (Mocha, "mocha --parallel spec", true),
            (Mocha, "mocha spec", false),
            (Unittest, "python -m unittest", false),
            (Rspec, "rspec", false),
        ] {
            assert_eq!(runs_together(framework, line), together, "{line}");
        }
    }

    #[test]
    fn of_a_line_with_several_parts_the_one_that_runs_tests_counts() {
        for (line, framework) in [
            ("pip install pytest; ./run.sh", Framework::Command),
            ("npm ci && npx jest --ci", Framework::Jest),
            ("set -o pipefail; go test ./... | tee go.log", Framework::GoTest),
            ("apt-get -y install bats", Framework::Command),
        ] {
            assert_eq!(called(line), framework, "{line}");
        }
    }
}
