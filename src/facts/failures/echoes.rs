//! What a CI system or a harness says again of the line before it: one failure, not two.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Event, Role, Shape};
use crate::rules::{Embedded, LazyRegex, Wordings, table};

/// The table as it is written; its head tells what the keys mean.
const DATA: Embedded = table!("echoes");

/// Bytes of words below which they are no message of their own.
const SHORT: usize = 8;

/// Lines from a message to its echo.
const NEXT: u64 = 2;

#[derive(Deserialize)]
struct Row {
    before: LazyRegex,
}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Joins to each event the next one where that is marked as an error by the CI system and says no more than the end of
/// the event's own words, or where a row of `echoes.toml` says that it names the same test. `events` are in the order of their lines.
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

/// Returns true if and only if a row says that `echo` names the test again of which the line above it told.
fn names_again(message: &str, echo: &str) -> bool {
    TABLE.matches(message.trim().as_bytes()).any(|(_, row, captures)| {
        let front = captures.name("test").and_then(|test| echo.as_bytes().strip_suffix(test.as_bytes()));
        front.is_some_and(|front| row.before.is_match(front))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;

    #[test]
    fn what_the_ci_system_says_again_is_no_failure_of_its_own() {
        for (log, expected, why) in [
            ("[ring] FATAL: received signal 3\n##[error]received signal 3\n", vec![(1, 2)], "the same words"),
            ("[ring] FATAL: received signal 3\n##[error]cannot go on\n", vec![(1, 1), (2, 2)], "other words"),
            ("not ok 2 - pops\nFAIL: ring.t 2 - pops\n", vec![(1, 2)], "the harness on the same test"),
            ("ring failed: torn\n\n\n\n\n\n##[error]torn\n", vec![(1, 1), (7, 7)], "far away"),
        ] {
            let events = events_in(log);
            let lines: Vec<_> = events.iter().map(|event| (event.first_line, event.last_line)).collect();
            assert_eq!(lines, expected, "{why}: {log}");
        }
    }

    #[test]
    fn each_row_joins_its_pairs_and_no_others() {
        #[derive(Deserialize)]
        struct Pairs {
            name: String,
            examples: Vec<(String, String)>,
            never: Vec<(String, String)>,
        }
        let table: serde_json::Value = DATA.read();
        let rows: Vec<Pairs> = serde_json::from_value(table["row"].clone()).unwrap();
        for row in &rows {
            for (message, echo) in &row.examples {
                assert!(names_again(message, echo), "{}: {message} | {echo}", row.name);
            }
            for (message, echo) in &row.never {
                assert!(!names_again(message, echo), "{}: {message} | {echo}", row.name);
            }
        }
    }
}
