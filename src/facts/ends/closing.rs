//! What a log ends with: after it nothing goes on.

use super::{epilogue, fronts, no_failures};
use crate::facts::failures::{Event, Kind, Report, Role, Shape, Word, begins_command, form};
use crate::text::lines::{Index, Line, clean};
use crate::text::records::{Level, parse};

/// Lines with words that may follow the last report of a log: an exit status, a hint, a prompt.
const AFTER: usize = 8;

/// Lines with words that may follow what a tool said of why it gave up, or of how well it went: more would be its going on.
const AFTER_LAST_WORDS: usize = 3;

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
    nothing_but_failures(index, events, last_of(events, line))
        && !is_of_service(index, line)
        && !index.line(line).is_some_and(|line| no_failures::tells_of_none(&parse(line).message))
        && !events.iter().any(|event| event.report == Report::Aside && event.holds(line))
        && !epilogue::without(index.range(line + 1, index.lines()).take(TAIL as usize))
            .any(|line| is_calm(line.bytes))
        && !goes_on_as_before(index, line)
}

/// Returns true if and only if next to nothing follows this line, and nothing in the log looks like a failure, but for what
/// its level says is only a warning.
pub fn is_last_success(index: &Index<'_>, events: &[Event], line: u64) -> bool {
    let warns = |event: &Event| level(index, event.headline).is_some_and(|level| level <= Level::Warning);
    // That nothing failed may be said in words of failure.
    let is_itself = |event: &Event| event.first_line == line && event.last_line == line;
    nothing_goes_on(index, line, AFTER_LAST_WORDS)
        && events.iter().all(|event| is_itself(event) || warns(event))
}

/// Returns the level that a line bears.
fn level(index: &Index<'_>, line: u64) -> Option<Level> {
    index.line(line).map(parse).and_then(|record| record.level)
}

/// Returns the failure that closes the log, said once and in the form of an error.
pub fn last_failure<'e>(index: &Index<'_>, events: &'e [Event]) -> Option<&'e Event> {
    let last = events.iter().max_by_key(|event| event.last_line)?;
    let counts = last.role == Role::Root
        && !matches!(last.report, Report::Aside | Report::Retried)
        && last.look.times <= 1
        && is_plain(last);
    (counts && is_last_error(index, events, last.headline)).then_some(last)
}

/// Shapes of a headline that tell of an error, whatever its words.
const PLAIN: [Shape; 9] = [
    Shape::ErrorStart,
    Shape::ErrorColon,
    Shape::CapsFail,
    Shape::ExceptionHead,
    Shape::Level,
    Shape::CountBad,
    Shape::Cross,
    Shape::CiError,
    Shape::ThreadPanic,
];

/// Words beside which a word of failure tells of none, or of none that ended anything.
const DENYING: [Word; 8] = [
    Word::Success,
    Word::Done,
    Word::Skip,
    Word::Advice,
    Word::Retry,
    Word::Warning,
    Word::Deprecation,
    Word::Detail,
];

/// Returns true if and only if the form of a failure tells that it is one. Those who write times before their lines go on after
/// an error, unless its level says what it is.
fn is_plain(event: &Event) -> bool {
    let (shape, words) = (event.look.head_shape, event.look.head_words);
    let is_denied = DENYING.iter().any(|word| words.contains(*word as u32));
    let is_shaped = || PLAIN.iter().any(|plain| shape.contains(*plain as u32));
    let is_kind = matches!(event.kind, Kind::Test | Kind::Build) || REPORTS.contains(&event.kind);
    let is_timed = event.time.is_some() && !shape.contains(Shape::Level as u32);
    !is_denied && !is_timed && (is_kind || is_shaped() || is_programs(event))
}

/// Returns true if and only if a program says what it lacks, as `cp: cannot stat 'ring': No such file or directory`.
fn is_programs(event: &Event) -> bool {
    let lacks = [Word::Inability, Word::Absence, Word::Denial, Word::Invalidity];
    lacks.iter().any(|word| event.look.head_words.contains(*word as u32))
        && (fronts::without_mark(event.message.as_bytes()).is_some() || names_program(&event.message))
}

fn names_program(message: &str) -> bool {
    let program = message.split(": ").next().filter(|program| program.len() < message.len());
    let is_name = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '.' | '_' | '/' | '-');
    program.is_some_and(|program| program.len() > 1 && program.chars().all(is_name))
}

/// Returns true if and only if a service wrote the line: time, host and process stand before its words.
fn is_of_service(index: &Index<'_>, line: u64) -> bool {
    let record = index.line(line).map(parse);
    record.is_some_and(|record| record.when.is_some() && record.actor.host.is_some())
}

/// Returns true if and only if a line behind this one says the same as the last before it, whatever their numbers: what was
/// done before the error is done on. Lines that name places belong to reports.
fn goes_on_as_before(index: &Index<'_>, line: u64) -> bool {
    let names_place = |line: &Line<'_>| line.bytes.windows(2).any(|pair| matches!(pair, [b':', b'0'..=b'9']));
    let before = index.range_from_end(line.saturating_sub(TAIL), line.saturating_sub(1)).find(is_said);
    let Some(before) = before.filter(|line| !names_place(line)).map(|line| form(line.bytes)) else {
        return false;
    };
    let behind = index.range(line + 1, index.lines()).take(TAIL as usize).filter(is_said);
    behind.map(|line| form(line.bytes)).any(|behind| behind == before)
}

/// Returns true if and only if a line says something: it has words beside a caller's `remote:`.
fn is_said(line: &Line<'_>) -> bool {
    let text = line.bytes.trim_ascii();
    let is_caller = text.ends_with(b":") && !text.contains(&b' ');
    text.iter().any(u8::is_ascii_alphabetic) && !is_caller
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
    events.iter().filter(|event| event.holds(line)).map(|event| event.last_line).fold(line, u64::max)
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

/// Returns true if and only if next to nothing follows a line.
fn nothing_goes_on(index: &Index<'_>, last: u64, after: usize) -> bool {
    nothing_follows(index, behind_object(index, last), after, |_| true)
}

/// Returns true if and only if next to nothing follows a line but what failed, too, or why.
fn nothing_but_failures(index: &Index<'_>, events: &[Event], last: u64) -> bool {
    let last = behind_object(index, last);
    let failed =
        |event: &&Event| event.first_line > last && !matches!(event.report, Report::Aside | Report::Retried);
    let is_other = |line: &Line<'_>| !events.iter().filter(failed).any(|event| event.holds(line.number));
    nothing_follows(index, last, AFTER_LAST_WORDS, is_other)
}

/// Returns true if and only if at the most so many lines with words follow a line, of those that `counts` takes.
fn nothing_follows(index: &Index<'_>, last: u64, after: usize, counts: impl Fn(&Line<'_>) -> bool) -> bool {
    let words = || epilogue::without(index.range(last + 1, index.lines())).filter(&counts);
    index.lines().saturating_sub(last) <= TAIL && words().take(after + 1).count() <= after
}

/// Lines of what an error holds, as its program writes it behind the last frame.
const OBJECT: usize = 60;

/// Returns the line that closes the braces which a line opens, as an error object is written behind `at pop (ring.js:3:1) {`;
/// the line itself where it opens none.
fn behind_object(index: &Index<'_>, line: u64) -> u64 {
    let opens = index.line(line).is_some_and(|line| line.bytes.trim_ascii_end().ends_with(b" {"));
    let mut behind = index.range(line + 1, index.lines()).take(OBJECT);
    let close = |line: &Line<'_>| line.bytes.trim_ascii_end() == b"}";
    opens.then(|| behind.find(close)).flatten().map_or(line, |line| line.number)
}

/// Returns the line of the last command before a line, or how far was looked back: what went well before it says nothing of
/// what the command did.
pub fn command_of(index: &Index<'_>, line: u64) -> u64 {
    let first = line.saturating_sub(TAIL);
    let mut before = index.range_from_end(first, line.saturating_sub(1));
    let begins =
        |line: &Line<'_>| begins_command(&parse(*line).message) || begins_command(&clean(line.bytes));
    before.find(begins).map_or(0, |line| line.number)
}
