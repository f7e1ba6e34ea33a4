//! The test that had begun and had no verdict when something ended the run.

use serde::{Deserialize, Serialize};

use crate::facts::failures::Event;
use crate::facts::{TestResult, TestResults};
use crate::text::lines::Index;
use crate::text::records::Reader;

/// A test without a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenTest {
    pub name: String,
    /// The line in which it began.
    pub line: u64,
    /// Seconds from there to the failure.
    pub seconds: f64,
    /// The longest that a test of the run took, which then passed.
    pub longest: Option<f64>,
}

/// Lines before the failure among which one bears its time.
const NEAR: u64 = 40;

/// Returns the test that ran last, where no verdict on it stands before the failure and lines bear times.
pub fn open_test(index: &Index<'_>, reader: &Reader, event: &Event, tests: &TestResults) -> Option<OpenTest> {
    let before: Vec<&TestResult> = tests.ran.iter().filter(|test| test.line <= event.first_line).collect();
    let last = before.last().filter(|test| test.word.is_empty())?;
    let time = |number| reader.parse(index.line(number)?).time;
    let from = event.first_line.saturating_sub(NEAR).max(last.line);
    let end = (from..=event.first_line).rev().find_map(time)?;
    let seconds = end.saturating_sub(time(last.line)?) as f64 / 1e9;
    let passed = before.iter().filter(|test| test.passed()).filter_map(|test| test.seconds);
    let longest = passed.max_by(f64::total_cmp);
    (seconds > 0.0).then(|| OpenTest { name: last.name.clone(), line: last.line, seconds, longest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble;
    use crate::facts::test_results::test_results;

    fn open(log: &str) -> Option<OpenTest> {
        let (index, reader) = (Index::new(log.as_bytes()), Reader::guess(log.as_bytes()));
        let event = assemble(&index, &reader).pop().unwrap();
        open_test(&index, &reader, &event, &test_results(&index, &reader))
    }

    #[test]
    fn a_test_is_open_until_its_verdict() {
        let log = |verdict: &str| {
            format!(
                "2026-03-01T10:00:00.000Z [ RUN      ] Ring.Push\n2026-03-01T10:00:02.000Z [       OK ] Ring.Push (2000 ms)\n\
                 2026-03-01T10:00:02.000Z [ RUN      ] Ring.Pop\n{verdict}\
                 2026-03-01T10:30:02.000Z ##[error]The operation was canceled.\n"
            )
        };
        let found = open(&log("")).unwrap();
        assert_eq!((found.name.as_str(), found.line, found.seconds), ("Ring.Pop", 3, 1800.0));
        assert_eq!(found.longest, Some(2.0));
        assert_eq!(open(&log("2026-03-01T10:00:03.000Z [       OK ] Ring.Pop (1000 ms)\n")), None);
    }
}
