//! Which limit fired: the shortest one first, the longer ones in its train.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::bytes::Regex;
use serde::{Deserialize, Serialize};

use crate::durations::hugs;
use crate::facts::limits;
use crate::rules::captured;

/// A time limit that a line says has fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Whose limit it is, such as `pytest-timeout` or `collective watchdog`.
    pub name: String,
    /// In seconds.
    pub limit: f64,
    /// Seconds that had passed, where the line says.
    pub elapsed: Option<f64>,
    /// 1-based.
    pub line: u64,
}

/// Returns the limit that a line says has fired.
pub fn fired(text: &[u8], line: u64) -> Option<Clock> {
    stated(text, line, true)
}

/// Returns the limit that a line sets, as a command or a heading does, without saying that it fired.
pub fn set(text: &[u8], line: u64) -> Option<Clock> {
    may_set(text).then(|| stated(text, line, false)).flatten()
}

/// Returns false if a line cannot set a limit.
pub fn may_set(text: &[u8]) -> bool {
    static WORD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("imeout"));
    WORD.find(text).is_some()
}

fn stated(text: &[u8], line: u64, fired: bool) -> Option<Clock> {
    let told = limits::stated(text.trim_ascii_end()).find(|told| told.wording.fired == fired)?;
    Some(Clock { name: told.wording.name.clone(), limit: told.seconds, elapsed: told.elapsed, line })
}

/// How long something took, and the limit that it comes so near that the limit ended it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hugged {
    pub clock: Clock,
    /// Seconds that were taken.
    pub took: f64,
    /// The line that says so, 1-based.
    pub line: u64,
}

/// Returns the shortest limit that one of the durations, in seconds and with their lines, is just as long as.
pub fn hugged(set: &[Clock], took: &[(f64, u64)]) -> Option<Hugged> {
    let near = set.iter().flat_map(|clock| {
        let near = took.iter().find(|(seconds, _)| hugs(*seconds, clock.limit))?;
        Some(Hugged { clock: clock.clone(), took: near.0, line: near.1 })
    });
    near.min_by(|a, b| a.clock.limit.total_cmp(&b.clock.limit))
}

/// Returns the seconds that the verdict on a test says it took: `FAILED [30.02s]`, `--- FAIL: TestRing (30.00s)`.
pub fn took(text: &[u8]) -> Option<f64> {
    static TOOK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u)(?:[\[(] *|\b(?:in|after|took) |: )(?P<number>\d+(?:\.\d+)?) ?(?P<unit>ms|s|sec|seconds)\b").ok()
    });
    let found = TOOK.as_ref()?.captures(text)?;
    let number: f64 = captured(&found, "number")?.parse().ok()?;
    Some(if found.name("unit")?.as_bytes() == b"ms" { number / 1000.0 } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_says_a_limit_fired_gives_its_seconds() {
        for (text, limit, elapsed) in [
            ("E   Failed: Timeout >30.0s", Some(30.0), None),
            ("panic: test timed out after 1m30s", Some(90.0), None),
            ("##[error]The action 'Run tests' has timed out after 20 minutes.", Some(1200.0), None),
            (
                "WorkNCCL(SeqNum=3, OpType=ALLREDUCE, Timeout(ms)=600000) ran for 600060 milliseconds",
                Some(600.0),
                Some(600.06),
            ),
            ("3/9 Test #3: ring ...........***Timeout  30.02 sec", Some(30.02), Some(30.02)),
            ("timeout: 300.0s", None, None),
            ("retrying in 5 seconds", None, None),
        ] {
            let found = fired(text.as_bytes(), 1);
            assert_eq!(
                (found.as_ref().map(|clock| clock.limit), found.and_then(|clock| clock.elapsed)),
                (limit, elapsed),
                "{text}"
            );
        }
    }

    #[test]
    fn a_verdict_just_as_late_as_a_limit_hugs_it() {
        let clock = |text: &str| set(text.as_bytes(), 3);
        assert_eq!(clock("pytest -x --timeout=120 tests/").map(|clock| clock.limit), Some(120.0));
        assert_eq!(clock("panic: test timed out after 1m30s"), None, "that one fired");
        let limits: Vec<Clock> = clock("pytest -x --timeout=30 tests/").into_iter().collect();
        for (text, hugs) in [
            ("tests/test_ring.py::test_pop FAILED [30.02s]", true),
            ("--- FAIL: TestRing (29.99s)", true),
            ("not ok 4 - pop (30010 ms)", true),
            ("--- FAIL: TestRing (12.00s)", false),
            ("30 tests", false),
        ] {
            let took: Vec<(f64, u64)> =
                took(text.as_bytes()).map(|seconds| (seconds, 9)).into_iter().collect();
            assert_eq!(hugged(&limits, &took).is_some(), hugs, "{text}");
        }
    }
}
