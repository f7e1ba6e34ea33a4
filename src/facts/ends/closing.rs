//! What a log ends with: after it nothing goes on.

use crate::facts::failures::{Event, Kind, Report, Role, form};
use crate::text::lines::{Index, Line};

/// Lines with words that may follow the last report of a log: an exit status, a hint, a prompt.
const AFTER: usize = 8;

/// Lines with words that may follow what a tool said of why it gave up: more would be its going on.
const AFTER_LAST_ERROR: usize = 3;

/// Levels of those who go on.
const CALM: [&str; 5] = ["info", "notice", "debug", "trace", "verbose"];

/// Lines of a log's end that are looked at.
const TAIL: u64 = 400;

/// Kinds of which a report says that a program ended itself or was ended.
const REPORTS: [Kind; 6] =
    [Kind::Exception, Kind::Crash, Kind::Sanitizer, Kind::Race, Kind::Deadlock, Kind::Assertion];

/// Returns true if and only if the log ends with this line, or with the event that it belongs to.
pub fn closes(index: &Index<'_>, events: &[Event], line: u64) -> bool {
    nothing_goes_on(index, last_of(events, line), AFTER)
}

/// Returns true if and only if next to nothing follows this line, or the event that it belongs to, none of it in the calm
/// voice of one who goes on, and none of it as before.
pub fn is_last_error(index: &Index<'_>, events: &[Event], line: u64) -> bool {
    nothing_goes_on(index, last_of(events, line), AFTER_LAST_ERROR)
        && !index.range(line + 1, index.lines()).take(TAIL as usize).any(|line| is_calm(line.bytes))
        && !goes_on_as_before(index, line)
}

/// Returns true if and only if a line behind this one says the same as the last before it, whatever their numbers: what was
/// done before the error is done on. Lines that name places belong to reports.
fn goes_on_as_before(index: &Index<'_>, line: u64) -> bool {
    let has_words = |line: &Line<'_>| line.bytes.iter().any(u8::is_ascii_alphabetic);
    let names_place = |line: &Line<'_>| line.bytes.windows(2).any(|pair| matches!(pair, [b':', b'0'..=b'9']));
    let before = index.range_from_end(line.saturating_sub(TAIL), line.saturating_sub(1)).find(has_words);
    let Some(before) = before.filter(|line| !names_place(line)).map(|line| form(line.bytes)) else {
        return false;
    };
    let behind = index.range(line + 1, index.lines()).take(TAIL as usize).filter(has_words);
    behind.map(|line| form(line.bytes)).any(|behind| behind == before)
}

/// Returns true if and only if a line begins with a level that tells of no error.
fn is_calm(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    let word =
        text.split(|byte| !byte.is_ascii_alphabetic()).find(|word| !word.is_empty()).unwrap_or_default();
    CALM.iter().any(|level| word.eq_ignore_ascii_case(level.as_bytes()))
        && text
            .get(word.len()..)
            .is_some_and(|rest| rest.starts_with(b":") || word.iter().all(u8::is_ascii_uppercase))
}

/// Returns the last line of the events that hold this one.
fn last_of(events: &[Event], line: u64) -> u64 {
    let holds = |event: &&Event| (event.first_line..=event.last_line).contains(&line);
    events.iter().filter(holds).map(|event| event.last_line).fold(line, u64::max)
}

/// Returns the report of a program's own end that closes the log, as a traceback does of a program that died.
pub fn report<'e>(index: &Index<'_>, events: &'e [Event]) -> Option<&'e Event> {
    let is_report = |event: &&Event| {
        event.role == Role::Root
            && (event.report == Report::Fault
                || REPORTS.contains(&event.kind) && (event.frames.len() > 1 || event.class.is_some()))
    };
    events.iter().rev().filter(is_report).find(|event| nothing_goes_on(index, event.last_line, AFTER))
}

fn nothing_goes_on(index: &Index<'_>, last: u64, after: usize) -> bool {
    let left = index.lines().saturating_sub(last);
    let words = || index.range(last + 1, index.lines()).filter(|line| !line.bytes.trim_ascii().is_empty());
    left <= TAIL && words().take(after + 1).count() <= after
}
