//! A test that began and had no verdict when its log ended, where nothing else says what went wrong.

use super::failures::{Event, silence};
use super::{TestResult, TestResults};
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Returns the test that began last of those without a verdict. Where no test has one, the runner may print none.
pub fn unfinished(index: &Index<'_>, reader: &Reader, tests: &TestResults) -> Option<Event> {
    let judged = tests.ran.iter().any(|test| !test.word.is_empty());
    let open = |test: &&TestResult| test.word.is_empty();
    let test = tests.ran.iter().rfind(open).filter(|_| judged && !tests.cut)?;
    let (first, last) = (index.line(test.line)?, index.line(index.lines())?);
    let message = format!("no verdict on a test when the log ended: {}", test.name);
    Some(Event { test: Some(test.name.clone()), ..silence(reader, first, last, message) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::test_results::test_results;

    fn open(log: &str) -> Option<(u64, String)> {
        let (index, reader) = (Index::new(log.as_bytes()), Reader::guess(log.as_bytes()));
        let event = unfinished(&index, &reader, &test_results(&index, &reader))?;
        Some((event.headline, event.test?))
    }

    #[test]
    fn the_last_test_without_a_verdict_is_open() {
        let slow = "        PASS [   0.156s] ring tests::pops\n        SLOW [> 60.000s] ring tests::push\n        PASS [  90.890s] ring tests::push\n";
        assert_eq!(open(slow), None, "each has its verdict");
        let hangs = format!(
            "{slow}        SLOW [> 60.000s] ring tests::send\n        SLOW [>120.000s] ring tests::send\n"
        );
        assert_eq!(open(&hangs), Some((4, "tests::send".to_owned())));
        let cut = "[ RUN      ] Ring.Push\n[       OK ] Ring.Push (3 ms)\n[ RUN      ] Ring.Pop\n";
        assert_eq!(open(cut), Some((3, "Ring.Pop".to_owned())));
        assert_eq!(
            open("[ RUN      ] Ring.Push\n[ RUN      ] Ring.Pop\n"),
            None,
            "the runner prints no verdicts"
        );
    }
}
