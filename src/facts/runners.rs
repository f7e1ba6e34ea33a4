//! What test runners print line by line: that a test began, and how it ended.
//!
//! Knows the rules in `tests.toml`. Must not know where in a log a line stands.

use std::sync::LazyLock;

use regex::bytes::Captures;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rules::{Embedded, Sketch, Wordings, captured, table};
use crate::text::lines::Literals;

/// What runs a test.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Framework {
    Pytest,
    Unittest,
    Gtest,
    Ctest,
    CargoTest,
    Nextest,
    GoTest,
    Ginkgo,
    Jest,
    Vitest,
    Mocha,
    /// JUnit and others through Maven's Surefire.
    Maven,
    /// JUnit and others through Gradle.
    Gradle,
    Rspec,
    Bats,
    /// Another test framework, or a plain program.
    #[default]
    Command,
}

/// What a line tells of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct TestLine {
    pub framework: Framework,
    /// As the runner prints it.
    pub id: String,
    pub stage: Stage,
    /// The worker that runs it, where the runner names one.
    pub worker: Option<String>,
    /// How long it took, where the runner says.
    pub seconds: Option<f64>,
    /// True if lists of tests have such lines, too.
    pub listed: bool,
}

/// How far a test is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    Began,
    Ended(Verdict),
    /// A verdict that is repeated at the end and tells nothing of the order.
    Summed(Verdict),
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub result: TestEnd,
    /// In the runner's own word.
    pub word: String,
}

/// How a test ended, whatever its runner calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestEnd {
    Passed,
    Failed,
    /// It did not run, or failed as was expected of it.
    Skipped,
}

#[derive(Deserialize)]
struct Row {
    framework: Framework,
    #[serde(default)]
    summary: bool,
    #[serde(default)]
    start: bool,
    #[serde(default)]
    first: bool,
    #[serde(default)]
    listed: bool,
}

/// The table as it is written.
const TABLE: Embedded = table!("tests");

static RULES: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(TABLE));

static STRINGS: LazyLock<Vec<String>> =
    LazyLock::new(|| RULES.literals().unwrap_or_else(|faults| unreachable!("a test derives all: {faults}")));

/// Returns strings of which each line about a test holds one, derived from the rules.
pub fn strings() -> &'static [String] {
    &STRINGS
}

/// What finds the lines about tests.
pub static SOUGHT: LazyLock<Sought> = LazyLock::new(|| {
    let strings = RULES.strings().unwrap_or_else(|faults| unreachable!("a test derives all: {faults}"));
    let literals = Literals::new(&strings.keys().map(String::as_str).collect::<Vec<_>>());
    Sought { literals, needed_by: strings.into_values().collect() }
});

/// The strings of the rules, and which rules may read a line by those that it holds.
pub struct Sought {
    pub literals: Literals,
    /// For each string the rules that read no line without one of theirs.
    needed_by: Vec<Vec<usize>>,
}

impl Sought {
    /// Returns the rows that may read a line, in their order.
    fn rows(&self, line: &[u8]) -> Vec<usize> {
        let held = self.literals.held(line).into_iter();
        let rows = held.filter_map(|string| self.needed_by.get(usize::from(string)));
        let mut rows: Vec<usize> = rows.flatten().copied().collect();
        rows.sort_unstable();
        rows.dedup();
        let sketch = Sketch::of(line, rows.len());
        rows.retain(|row| RULES.may_match(*row, &sketch));
        rows
    }
}

/// What the lines of Firefox's harness hold, behind whatever stands before it.
const HARNESS: &[u8] = b"TEST-";

/// Returns what a line tells of a test. Up to two words may stand in front, as a time of receipt does, and anything before
/// `TEST-`; what else stands before a message, such as a worker or `ERROR:`, belongs to the verdict.
pub fn test_line(line: &[u8]) -> Option<TestLine> {
    let line = line.trim_ascii_end();
    let rows = SOUGHT.rows(line);
    if rows.is_empty() {
        return None;
    }
    let (begin, words) = memchr::memmem::find(line, HARNESS).map_or((0, 3), |marked| (marked, 1));
    let mut texts = std::iter::successors(line.get(begin..), |text| rest(text)).take(words);
    let (row, captures) = texts.find_map(|text| {
        let before = line.get(begin..line.len() - text.len()).unwrap_or_default();
        let mut fitting = RULES.firsts(rows.iter().copied(), text, line);
        fitting.find(|(_, row, _)| !row.first || is_time(before)).map(|(_, row, captures)| (row, captures))
    })?;
    let stage = match (row, verdict(&captures)) {
        (Row { start: true, .. }, _) => Stage::Began,
        (Row { summary: true, .. }, verdict) => Stage::Summed(verdict?),
        (_, verdict) => Stage::Ended(verdict?),
    };
    let (id, worker) = (captured(&captures, "id")?, captured(&captures, "worker"));
    let (framework, seconds, listed) = (row.framework, seconds(&captures), row.listed);
    Some(TestLine { framework, id, stage, worker, seconds, listed })
}

/// Returns the verdict that a message consists of, and whose it is: it names no test, and is on the one that began last.
pub fn verdict_alone(message: &[u8]) -> Option<(Framework, Verdict)> {
    let message = message.trim_ascii_end();
    let (_, row, captures) = RULES.firsts(SOUGHT.rows(message), message, message).next()?;
    let names_none = captured(&captures, "id").is_none();
    verdict(&captures).filter(|_| names_none).map(|verdict| (row.framework, verdict))
}

/// Returns true if and only if no word stands in `text`, as in a time.
fn is_time(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'T' | b'Z') || !byte.is_ascii_alphabetic())
}

/// Returns what stands behind the first word.
fn rest(text: &[u8]) -> Option<&[u8]> {
    text.get(memchr::memchr(b' ', text)? + 1..).map(<[u8]>::trim_ascii_start)
}

/// The groups of a verdict. A runner may have two words for one that cannot stand in one group.
const GROUPS: [(&str, TestEnd); 4] = [
    ("failed", TestEnd::Failed),
    ("passed", TestEnd::Passed),
    ("passed2", TestEnd::Passed),
    ("skipped", TestEnd::Skipped),
];

fn verdict(captures: &Captures<'_>) -> Option<Verdict> {
    GROUPS.iter().find_map(|(group, result)| {
        let word = captured(captures, group)?;
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let word = if bare.is_empty() { &word } else { bare };
        Some(Verdict { result: *result, word: word.to_owned() })
    })
}

impl Stage {
    /// Returns true if and only if it says how the test ended.
    pub fn is_verdict(&self) -> bool {
        *self != Self::Began
    }

    /// Returns true if and only if the test failed.
    pub fn is_failure(&self) -> bool {
        self.result() == Some(TestEnd::Failed)
    }

    /// Returns true if and only if the test ran and passed.
    pub fn is_pass(&self) -> bool {
        self.result() == Some(TestEnd::Passed)
    }

    fn result(&self) -> Option<TestEnd> {
        let (Self::Ended(verdict) | Self::Summed(verdict)) = self else { return None };
        Some(verdict.result)
    }
}

fn seconds(captures: &Captures<'_>) -> Option<f64> {
    let number = |name| captured(captures, name)?.parse::<f64>().ok();
    let seconds = || number("seconds").or_else(|| number("seconds2"));
    seconds().or_else(|| Some(number("milliseconds")? / 1000.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_examples;

    #[test]
    fn every_rule_reads_its_examples_and_no_others() {
        check_examples::<Row>(TABLE, |row, example| {
            let (told, alone) = (test_line(example.as_bytes()), verdict_alone(example.as_bytes()));
            let framework = told.map(|test| test.framework).or(alone.map(|(framework, _)| framework));
            framework == Some(row.framework)
        });
        assert_eq!(RULES.literals().err(), None);
        for line in ["ring: ok", "passed the ring", "FAIL: the ring is torn", "x ok"] {
            assert_eq!(test_line(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn every_runner_is_read() {
        let ended = |word: &str, result| Stage::Ended(Verdict { result, word: word.to_owned() });
        let passed = |word: &str| ended(word, TestEnd::Passed);
        let failed = |word: &str| ended(word, TestEnd::Failed);
        let summed = |word: &str| Stage::Summed(Verdict { result: TestEnd::Failed, word: word.to_owned() });
        for (line, id, stage) in [
            ("tests/test_a.py::test_b PASSED  [ 50%]", "tests/test_a.py::test_b", passed("PASSED")),
            ("FAILED t.py::d[8] - boom", "t.py::d[8]", summed("FAILED")),
            ("tests/test_a.py::test_b ", "tests/test_a.py::test_b", Stage::Began),
            ("test_a (pkg.test_x.Case) ... FAIL", "test_a (pkg.test_x.Case)", failed("FAIL")),
            ("test_a (pkg.test_x.Case) ... ", "test_a (pkg.test_x.Case)", Stage::Began),
            ("[ RUN      ] Ring.Gather/3", "Ring.Gather/3", Stage::Began),
            ("[       OK ] Ring.Gather/3 (12 ms)", "Ring.Gather/3", passed("OK")),
            (" 3/9 Test  #3: ring_gather ......***Failed    0.10 sec", "ring_gather", failed("Failed")),
            ("\t  3 - ring_gather (Failed)", "ring_gather", summed("Failed")),
            ("test ring::gather ... FAILED", "ring::gather", failed("FAILED")),
            ("        PASS [   0.004s] ring tests::send", "tests::send", passed("PASS")),
            ("     SIGSEGV [   0.004s] ring tests::send", "tests::send", failed("SIGSEGV")),
            ("=== RUN   TestRing", "TestRing", Stage::Began),
            ("    --- FAIL: TestRing/gather (0.00s)", "TestRing/gather", failed("FAIL")),
            ("not ok 4 - the turnover adds up", "the turnover adds up", failed("not ok")),
            ("not ok 3 - closes # TODO later", "closes", ended("not ok", TestEnd::Skipped)),
            ("10:14:52  INFO - TEST-START | ring/test_a.html", "ring/test_a.html", Stage::Began),
            ("TEST-OK | ring/test_a.html | took 12ms", "ring/test_a.html", passed("TEST-OK")),
            ("TEST-UNEXPECTED-FAIL | a.html | torn", "a.html", failed("TEST-UNEXPECTED-FAIL")),
            (
                "Test Case '-[RingTests.RingTest testOpens]' failed (0.003 seconds).",
                "RingTests.RingTest testOpens",
                failed("failed"),
            ),
            (
                "not ok 66    - diagnostic_report                  123 ms",
                "diagnostic_report",
                failed("not ok"),
            ),
            ("    ✕ closes the ring (3 ms)", "closes the ring", failed("✕")),
        ] {
            let found = test_line(line.as_bytes()).map(|test| (test.id, test.stage));
            assert_eq!(found, Some((id.to_owned(), stage)), "{line}");
        }
        let check = "TEST-PASS | ring/test_a.html | the ring is whole";
        assert_eq!(test_line(check.as_bytes()), None, "one check of a test is not its verdict");
        for (line, why) in [
            ("2026-11-22T10:14:52Z 0.31s call     tests/test_a.py::test_b", "how long a test took"),
            ("rerun of tests/test_a.py::test_b", "words about a test"),
        ] {
            assert_eq!(test_line(line.as_bytes()), None, "{why}");
        }
    }

    #[test]
    fn the_strings_find_every_line_that_a_rule_reads() {
        let table: serde_json::Value = TABLE.read();
        for row in table["row"].as_array().unwrap() {
            for example in row["examples"].as_array().unwrap() {
                let example = example.as_str().unwrap();
                assert!(SOUGHT.literals.are_in(example.as_bytes()), "{example}");
            }
        }
    }
}
