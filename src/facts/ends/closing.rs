//! What a log ends with: after it nothing goes on.

use crate::facts::failures::{Event, Kind, Report, Role};
use crate::text::lines::Index;

/// Lines with words that may follow the last report of a log: an exit status, a hint, a prompt.
const AFTER: usize = 8;

/// Lines of a log's end that are looked at.
const TAIL: u64 = 400;

/// Kinds of which a report says that a program ended itself or was ended.
const REPORTS: [Kind; 6] =
    [Kind::Exception, Kind::Crash, Kind::Sanitizer, Kind::Race, Kind::Deadlock, Kind::Assertion];

/// Returns true if and only if the log ends with this line, or with the event that it belongs to.
pub fn closes(index: &Index<'_>, events: &[Event], line: u64) -> bool {
    let holds = |event: &&Event| (event.first_line..=event.last_line).contains(&line);
    let last = events.iter().filter(holds).map(|event| event.last_line).fold(line, u64::max);
    nothing_goes_on(index, last)
}

/// Returns the report of a program's own end that closes the log, as a traceback does of a program that died.
pub fn report<'e>(index: &Index<'_>, events: &'e [Event]) -> Option<&'e Event> {
    let is_report = |event: &&Event| {
        event.role == Role::Root
            && (event.report == Report::Fault
                || REPORTS.contains(&event.kind) && (event.frames.len() > 1 || event.class.is_some()))
    };
    events.iter().rev().filter(is_report).find(|event| nothing_goes_on(index, event.last_line))
}

fn nothing_goes_on(index: &Index<'_>, last: u64) -> bool {
    let left = index.lines().saturating_sub(last);
    let words = || index.range(last + 1, index.lines()).filter(|line| !line.bytes.trim_ascii().is_empty());
    left <= TAIL && words().take(AFTER + 1).count() <= AFTER
}
