//! How a run ended, as far as its log says.

use super::event::{Event, Kind, Role};
use super::shapes::{Shape, shapes};
use super::vocabulary::{Word, classes};
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
const TAIL: u64 = 300;

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
    match event.role {
        Role::Generic => true,
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

fn says_success(text: &[u8]) -> bool {
    const ENDS: [&[u8]; 8] = [
        b"PASS",
        b"ok  \t",
        b"BUILD SUCCESS",
        b"test result: ok",
        b"Job succeeded",
        b"Post job cleanup",
        b"Cleaning up orphan processes",
        b"Done. Your build exited with 0",
    ];
    let text = text.trim_ascii();
    ENDS.iter().any(|end| text.starts_with(end))
        || shapes(text).contains(Shape::StepPassed as u32)
        || classes(text).contains(Word::Success as u32) && classes(text).contains(Word::Test as u32)
}
