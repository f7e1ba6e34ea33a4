//! What test runners print line by line: that a test began, and how it ended.
//!
//! Knows the wordings in `runners.toml`. Must not know where in a log a line stands.

use std::sync::LazyLock;

use regex::bytes::Captures;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rules::{Wordings, captured};

/// What runs a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Framework {
    Pytest,
    Unittest,
    Gtest,
    Ctest,
    CargoTest,
    Nextest,
    GoTest,
    /// Another test framework, or a plain program.
    Command,
}

/// What a line tells of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub framework: Framework,
    /// As the runner prints it.
    pub id: String,
    pub stage: Stage,
    /// The worker that runs it, where the runner names one.
    pub worker: Option<String>,
    /// How long it took, where the runner says.
    pub seconds: Option<f64>,
}

/// How far a test is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    Began,
    /// The verdict, in the runner's own word.
    Ended(String),
    /// A verdict that is repeated at the end and tells nothing of the order.
    Summed(String),
}

/// What the lines of Firefox's harness hold. They are so many that only those near a failure are worth reading.
pub const HARNESS: &str = "TEST-";

/// Strings of which every other line about a test holds one: those of `runners.toml`, in its order.
pub const WORDS: [&str; 30] = [
    ".py::",
    ") ...",
    "FAIL: test",
    "ERROR: test",
    " OK ]",
    "FAILED  ]",
    "SKIPPED ]",
    " Test ",
    "... ok",
    "... FAILED",
    "... ignored",
    "PASS [",
    "FAIL [",
    "TIMEOUT [",
    "--- PASS",
    "--- FAIL",
    "--- SKIP",
    "ok 0",
    "ok 1",
    "ok 2",
    "ok 3",
    "ok 4",
    "ok 5",
    "ok 6",
    "ok 7",
    "ok 8",
    "ok 9",
    "[ RUN ",
    "=== RUN",
    "Test Case '",
];

#[derive(Deserialize)]
struct Row {
    framework: Framework,
    #[serde(default)]
    summary: bool,
    #[serde(default)]
    start: bool,
}

static TABLE: LazyLock<Wordings<Row>> =
    LazyLock::new(|| Wordings::embedded(include_str!("../rules/tests.toml")));

/// Returns what a line tells of a test. Up to two words may stand in front, as a time of receipt does, and anything
/// before `TEST-`; what else stands before a message, such as a worker or `ERROR:`, belongs to the verdict.
pub fn told(line: &[u8]) -> Option<Told> {
    let line = line.trim_ascii_end();
    let (begin, words) = memchr::memmem::find(line, HARNESS.as_bytes()).map_or((0, 3), |marked| (marked, 1));
    let mut texts = std::iter::successors(line.get(begin..), |text| rest(text)).take(words);
    let (_, row, captures) = texts.find_map(|text| TABLE.matches(text).next())?;
    let verdict = captured(&captures, "verdict");
    let stage = match (row, verdict) {
        (Row { start: true, .. }, _) => Stage::Began,
        (Row { summary: true, .. }, Some(verdict)) => Stage::Summed(verdict),
        (_, verdict) => Stage::Ended(verdict?),
    };
    let (id, worker) = (captured(&captures, "id")?, captured(&captures, "worker"));
    Some(Told { framework: row.framework, id, stage, worker, seconds: seconds(&captures) })
}

/// Returns what stands behind the first word.
fn rest(text: &[u8]) -> Option<&[u8]> {
    text.get(memchr::memchr(b' ', text)? + 1..)
}

impl Stage {
    /// Returns true if and only if it says how the test ended.
    pub fn is_verdict(&self) -> bool {
        *self != Self::Began
    }

    /// Returns true if and only if the test failed.
    pub fn is_failure(&self) -> bool {
        self.word().is_some_and(|word| !GOOD.iter().any(|good| word.starts_with(good)))
    }

    /// Returns true if and only if the test ran and passed.
    pub fn is_pass(&self) -> bool {
        self.word().is_some_and(|word| word.starts_with("pass") || word == "ok")
    }

    fn word(&self) -> Option<String> {
        let (Self::Ended(verdict) | Self::Summed(verdict)) = self else { return None };
        let word = verdict.trim().to_ascii_lowercase();
        Some(word.trim_start_matches('*').trim_start_matches("test-").to_owned())
    }
}

/// With what the verdicts begin of tests that did not fail.
const GOOD: [&str; 7] = ["pass", "ok", "skip", "ignored", "xfail", "xpass", "not run"];

fn seconds(captures: &Captures<'_>) -> Option<f64> {
    let number = |name| captured(captures, name)?.parse::<f64>().ok();
    number("seconds").or_else(|| Some(number("milliseconds")? / 1000.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runner_is_read() {
        let ended = |verdict: &str| Stage::Ended(verdict.to_owned());
        for (line, id, stage) in [
            ("tests/test_a.py::test_b PASSED  [ 50%]", "tests/test_a.py::test_b", ended("PASSED")),
            ("FAILED t.py::d[8] - boom", "t.py::d[8]", Stage::Summed("FAILED".to_owned())),
            ("test_a (pkg.test_x.Case) ... FAIL", "test_a (pkg.test_x.Case)", ended("FAIL")),
            ("test_a (pkg.test_x.Case) ... ", "test_a (pkg.test_x.Case)", Stage::Began),
            ("[ RUN      ] Ring.Gather/3", "Ring.Gather/3", Stage::Began),
            ("[       OK ] Ring.Gather/3 (12 ms)", "Ring.Gather/3", ended("OK")),
            (" 3/9 Test  #3: ring_gather ......***Failed    0.10 sec", "ring_gather", ended("***Failed")),
            ("test ring::gather ... FAILED", "ring::gather", ended("FAILED")),
            ("        PASS [   0.004s] ring tests::send", "tests::send", ended("PASS")),
            ("=== RUN   TestRing", "TestRing", Stage::Began),
            ("    --- FAIL: TestRing/gather (0.00s)", "TestRing/gather", ended("FAIL")),
            ("not ok 4 - the turnover adds up", "the turnover adds up", ended("not ok")),
            ("10:14:52  INFO - TEST-START | ring/test_a.html", "ring/test_a.html", Stage::Began),
            ("TEST-OK | ring/test_a.html | took 12ms", "ring/test_a.html", ended("TEST-OK")),
            ("TEST-PASS | ring/test_a.js | took 12ms", "ring/test_a.js", ended("TEST-PASS")),
            ("TEST-UNEXPECTED-FAIL | a.html | torn", "a.html", ended("TEST-UNEXPECTED-FAIL")),
        ] {
            let found = told(line.as_bytes()).map(|told| (told.id, told.stage));
            assert_eq!(found, Some((id.to_owned(), stage)), "{line}");
        }
        let check = "TEST-PASS | ring/test_a.html | the ring is whole";
        assert_eq!(told(check.as_bytes()), None, "one check of a test is not its verdict");
    }

    #[test]
    fn verdicts_are_good_or_bad_whatever_their_words() {
        let is = |word: &str| {
            let stage = Stage::Ended(word.to_owned());
            (stage.is_pass(), stage.is_failure())
        };
        for word in ["PASSED", "ok", "TEST-OK", "TEST-PASS"] {
            assert_eq!(is(word), (true, false), "{word}");
        }
        for word in ["skipped 'no ring'", "XFAIL", "ignored", "***Not Run"] {
            assert_eq!(is(word), (false, false), "{word}");
        }
        for word in ["FAILED", "***Timeout", "not ok", "TEST-UNEXPECTED-TIMEOUT"] {
            assert_eq!(is(word), (false, true), "{word}");
        }
    }
}
