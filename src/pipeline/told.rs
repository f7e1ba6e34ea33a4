//! What one source tells: how its run ended, and what went wrong.

use serde::de::IgnoredAny;

use crate::error::Problem;
use crate::facts::failures::verdicts::Verdict;
use crate::facts::failures::{self, Ending, Event};
use crate::input::{Source, SourceKind};
use crate::ranking;
use crate::text::lines::Index;
use crate::text::records::Reader;

/// What a source tells: how its run ended, and what went wrong, the first to read in front.
pub struct Told {
    pub ending: Ending,
    /// False if it is data, which no words make a failure.
    pub is_log: bool,
    pub events: Vec<Event>,
    pub problems: Vec<Problem>,
}

/// Reads a source of any kind.
pub fn told(source: &Source, index: &Index<'_>, reader: &Reader) -> Told {
    match source.kind {
        SourceKind::Log => tell_log(index, reader),
        SourceKind::JUnit | SourceKind::Annotations => tell_verdicts(source),
    }
}

fn tell_log(index: &Index<'_>, reader: &Reader) -> Told {
    if is_document(index.bytes()) {
        return Told { ending: Ending::Unknown, is_log: false, events: Vec::new(), problems: Vec::new() };
    }
    let events = failures::assemble(index, reader);
    let silences = failures::silences(index, reader, &events);
    let ending = match (failures::ending(index, reader, &events), silences.first()) {
        (Ending::Failed(line), _) => Ending::Failed(line),
        (_, Some(silence)) => Ending::Failed(silence.headline),
        (ending, None) => ending,
    };
    let standings = ranking::order(&events, |event| failures::tolerated(index, event));
    let shown = ranking::shown(&events, &standings);
    let mut events: Vec<Event> = shown.iter().map(|standing| events[standing.event].clone()).collect();
    events.extend(silences);
    Told { ending, is_log: true, events, problems: Vec::new() }
}

fn tell_verdicts(source: &Source) -> Told {
    let (verdicts, problems) = failures::verdicts::read(&source.name, &source.bytes, source.kind);
    let all = verdicts.len();
    let events: Vec<Event> =
        verdicts.into_iter().filter(Verdict::is_failure).map(Verdict::into_event).collect();
    let ending = match events.first() {
        Some(first) => Ending::Failed(first.headline),
        None if all > 0 => Ending::Passed(1),
        None => Ending::Unknown,
    };
    Told { ending, is_log: false, events, problems }
}

/// Bytes from which on a file that is one JSON value is data and no log.
const DOCUMENT: usize = 2 << 10;

fn is_document(bytes: &[u8]) -> bool {
    let opens = bytes.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'['));
    opens && bytes.len() > DOCUMENT && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}
