//! How a run ended, as far as its log says.

use std::sync::OnceLock;

use regex::bytes::RegexSet;

use super::event::{Event, Kind, Role};
use super::shapes::Shape;
use super::vocabulary::Word;
use crate::lines::Index;
use crate::records::Reader;

/// What a log says about how its run ended, and which line says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A line says that something failed.
    Failed(u64),
    /// Nothing says so, and a line near the end says that it went well.
    Passed(u64),
    /// Nothing says either.
    Unknown,
}

/// Lines from the end in which success is looked for.
const TAIL: u64 = 200;

/// Reads how the run ended.
pub fn ending(index: &Index<'_>, reader: &Reader, events: &[Event]) -> Ending {
    if let Some(event) = events.iter().find(|event| decides(event)) {
        return Ending::Failed(event.headline);
    }
    let lines = index.lines();
    let success = index
        .range(lines.saturating_sub(TAIL), lines)
        .filter(|line| says_success(&reader.parse(*line).message));
    success.last().map_or(Ending::Unknown, |line| Ending::Passed(line.number))
}

/// Returns true if and only if the event cannot stand in the log of a run that went well.
fn decides(event: &Event) -> bool {
    let looks = |shape: Shape| event.look.head_shape.contains(shape as u32);
    let says = |word: Word| event.look.head_words.contains(word as u32);
    match event.role {
        Role::Generic => true,
        // `1 failed, 467 passed`: the summary of a test framework.
        Role::Root if looks(Shape::CountBad) && says(Word::Failure) && says(Word::Success) => true,
        Role::Root => {
            looks(Shape::CiError)
                || looks(Shape::Cross)
                || matches!(event.kind, Kind::Sanitizer | Kind::Race) && event.class.is_some()
                || matches!(event.kind, Kind::Deadlock | Kind::Test | Kind::Silence | Kind::Kill)
                || matches!(event.kind, Kind::Crash | Kind::Exception | Kind::Assertion)
                    && event.frames.len() > 1
        }
        _ => false,
    }
}

/// Lines with which a runner or a test framework closes a whole run that went well. The success of
/// one test or step says nothing of the run.
const ENDS: &[&str] = &[
    r"^PASS$",
    r"^ok  \t",
    r"BUILD SUCCESS(?:FUL)?\b",
    r"^test result: ok",
    r"^Job succeeded",
    r"^Post job cleanup|^Cleaning up orphan processes",
    r"Your build exited with 0",
    r"^OK(?: \(\d+ (?:tests?|assertions)|$| \(skipped)",
    r"^=+ (?:\d+ (?:passed|skipped|xfailed|xpassed|warnings?|deselected)(?:, )?)+ in [\d.]+",
    r"^100% tests passed",
    r"^\[  PASSED  \] \d+ tests?\.$",
    r"^All tests passed|^Tests:\s+(?:\d+ skipped, )?\d+ passed, \d+ total",
    r"^\s*\d+ passing \(",
    r"^\d+ examples?, 0 failures",
];

fn says_success(text: &[u8]) -> bool {
    static ENDINGS: OnceLock<RegexSet> = OnceLock::new();
    let endings = ENDINGS.get_or_init(|| {
        RegexSet::new(ENDS.iter().map(|end| format!("(?-u){end}")))
            .unwrap_or_else(|error| panic!("endings: {error}"))
    });
    endings.is_match(text.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(log: &str, expected: Ending) {
        let reader = Reader::guess(log.as_bytes());
        assert_eq!(ending(&Index::new(log.as_bytes()), &reader, &[]), expected, "{log}");
    }

    #[test]
    fn only_the_end_of_a_whole_run_says_that_it_passed() {
        check("test_ring PASSED [100%]\n", Ending::Unknown);
        check("test_ring PASSED\n===== 3 passed, 1 skipped in 0.12s =====\n", Ending::Passed(2));
        check("===== 1 failed, 3 passed in 0.12s =====\n", Ending::Unknown);
        check("[  PASSED  ] 3 tests.\n", Ending::Passed(1));
        check("test result: ok. 3 passed; 0 failed; 0 ignored\n", Ending::Passed(1));
    }
}
