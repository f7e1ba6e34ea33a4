//! Whether a command ran any test at all, by what it printed: the rows of `starting.toml`.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::plain::plain;
use crate::facts::runners;
use crate::rules::{Wordings, table};
use crate::text::lines::split;

/// Lines at either end of an output that are read; a command that did not start prints little.
const READ: usize = 400;

/// The test by which unittest says that there is none of the name.
const NOT_LOADED: &str = "_FailedTest";

#[derive(Deserialize)]
struct Row {
    next: String,
    /// True if the runner then ends with code 0.
    #[serde(default)]
    passes: bool,
    /// True if the runner always ends with code 0 then: with another code, tests ran and failed.
    #[serde(default)]
    never_fails: bool,
    /// A line that says that tests ran beside those that did not.
    others: Option<String>,
}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(table!("starting")));

/// Why a command ran no test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotStarted {
    /// The line that says so.
    pub line: String,
    /// What a person does about it.
    pub next: String,
}

/// Returns why the command that printed `output` ran no test, `passed` if it ended with code 0; `None` if it
/// ran one or nothing says otherwise.
pub fn not_started(output: &[u8], passed: bool) -> Option<NotStarted> {
    let lines: Vec<_> = split(output).map(plain).collect();
    let ends = lines.iter().take(READ).chain(lines.iter().skip(READ.max(lines.len().saturating_sub(READ))));
    let found = ends.into_iter().find_map(|text| {
        let row = TABLE.fitting(text.as_bytes()).next()?;
        let counts = if passed { row.passes } else { !row.never_fails };
        (counts && !row.others_ran(&lines))
            .then(|| NotStarted { line: text.trim().to_owned(), next: row.next.clone() })
    })?;
    // A test that ran may print anything; one that could not be loaded did not run.
    let ran = lines.iter().filter_map(|text| runners::test_line(text.as_bytes()));
    let ended = |test: &runners::TestLine| test.stage.is_verdict() && !test.id.contains(NOT_LOADED);
    (!ran.into_iter().any(|test| ended(&test))).then_some(found)
}

impl Row {
    fn others_ran(&self, lines: &[Cow<'_, str>]) -> bool {
        let form = self.others.as_ref().and_then(|form| Regex::new(form).ok());
        form.is_some_and(|form| lines.iter().any(|line| form.is_match(line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Embedded, check_examples};

    #[test]
    fn every_row_matches_what_it_must_and_nothing_else() {
        const FILE: Embedded = table!("starting");
        check_examples::<Row>(FILE, |row, example| {
            not_started(example.as_bytes(), row.never_fails).is_some()
        });
        let table: serde_json::Value = FILE.read();
        for row in table["row"].as_array().unwrap() {
            for miss in row["misses"].as_array().unwrap() {
                assert_eq!(not_started(miss.as_str().unwrap().as_bytes(), false), None);
            }
        }
    }

    #[test]
    fn a_test_that_ran_may_print_anything() {
        let output = b"t.py::test_a FAILED\nERROR: file or directory not found: x\n";
        assert_eq!(not_started(output, false), None);
        assert_eq!(not_started(b"bash: line 1: x: command not found\n", true), None, "a script went on");
        assert_eq!(not_started(b"  0 passing (4ms)\n  1 failing\n", false), None, "the one that ran failed");
        assert!(not_started(b"Ran 0 tests in 0.000s\n\nOK\n", true).is_some());
    }
}
