//! What a CI system or a harness says again of the line before it: one failure, not two.

use super::event::{Event, Role};
use super::shapes::Shape;

/// Bytes of words below which they are no message of their own.
const SHORT: usize = 8;

/// Lines from a message to its echo.
const NEXT: u64 = 2;

/// Joins to each event the next one where that is marked as an error by the CI system and says no more than the end of
/// the event's own words, or where it is Automake's word on a test of TAP. `events` are in the order of their lines.
pub fn join_echoes(events: &mut Vec<Event>) {
    let mut at = 1;
    while let Some([event, echo]) = events.get_mut(at - 1..=at) {
        if says_again(event, echo) {
            event.last_line = event.last_line.max(echo.last_line);
            event.byte_end = event.byte_end.max(echo.byte_end);
            event.look.body_shape.insert(Shape::CiError as u32);
            event.text.append(&mut echo.text);
            events.remove(at);
        } else {
            at += 1;
        }
    }
}

fn says_again(event: &Event, echo: &Event) -> bool {
    let marked = |event: &Event| event.look.head_shape.contains(Shape::CiError as u32);
    let near = echo.first_line > event.last_line && echo.first_line - event.last_line <= NEXT;
    let heads = echo.headline == echo.first_line && event.role == Role::Root;
    let words = echo.message.trim();
    let marks = || marked(echo) && !marked(event);
    let ends = || words.len() >= SHORT && event.message.trim().ends_with(words);
    let below = (event.first_line + 1..=event.last_line + NEXT).contains(&echo.first_line);
    heads && (near && marks() && ends() || below && names_again(&event.message, words))
}

/// `FAIL: ring.t 2 - pops` below `not ok 2 - pops`.
fn names_again(message: &str, echo: &str) -> bool {
    let test = message.trim().strip_prefix("not ok ");
    let front = test.and_then(|test| echo.strip_suffix(test));
    front.is_some_and(|front| front.starts_with("FAIL: ") && front.ends_with(' '))
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::assemble;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    #[test]
    fn what_the_ci_system_says_again_is_no_failure_of_its_own() {
        for (log, expected, why) in [
            ("[ring] FATAL: received signal 3\n##[error]received signal 3\n", vec![(1, 2)], "the same words"),
            ("[ring] FATAL: received signal 3\n##[error]cannot go on\n", vec![(1, 1), (2, 2)], "other words"),
            ("not ok 2 - pops\nFAIL: ring.t 2 - pops\n", vec![(1, 2)], "the harness on the same test"),
            ("ring failed: torn\n\n\n\n\n\n##[error]torn\n", vec![(1, 1), (7, 7)], "far away"),
        ] {
            let events = assemble(&Index::new(log.as_bytes()), &Reader::guess(log.as_bytes()));
            let lines: Vec<_> = events.iter().map(|event| (event.first_line, event.last_line)).collect();
            assert_eq!(lines, expected, "{why}: {log}");
        }
    }

    #[test]
    fn a_harness_names_the_test_that_tap_numbered() {
        for (message, echo, again) in [
            ("not ok 2 - pops", "FAIL: ring.t 2 - pops", true),
            ("not ok 2 - pops", "FAIL: ring.t 3 - push", false),
            ("not ok 2 - pops", "PASS: ring.t 2 - pops", false),
            ("error: 2 - pops", "FAIL: ring.t 2 - pops", false),
        ] {
            assert_eq!(super::names_again(message, echo), again, "{message} | {echo}");
        }
    }
}
