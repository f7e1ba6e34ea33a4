//! The one line worth reading in a log in which no failure was recognised.

use super::table::{Clues, Stands};
use crate::facts::failures::{Event, Kind, Role, TakenBy};
use crate::facts::reading::Reading;
use crate::text::lines::{Index, Line};
use crate::text::records::Reader;

/// A log of more lines is no excerpt that somebody made because something failed.
const EXCERPT: u64 = 200;
/// Wordings that weigh less stand in many a healthy log.
const LEAST: f64 = 1.0;

/// Returns the line that says most about why, as an event, if `index` is a short excerpt and has one;
/// of several that say as much the first.
pub fn alone(index: &Index<'_>, reader: &Reader, reading: &Reading<'_>) -> Option<Event> {
    if index.lines() > EXCERPT {
        return None;
    }
    let told = |line| Some((weight_and_kind(line, reader, reading)?, line));
    let mut best: Option<((f64, Kind), Line<'_>)> = None;
    for (said, line) in index.range(1, EXCERPT).filter_map(told) {
        if best.as_ref().is_none_or(|((weight, _), _)| said.0 > *weight) {
            best = Some((said, line));
        }
    }
    let ((weight, kind), line) = best?;
    (weight >= LEAST).then(|| event(kind, line, reader))
}

fn weight_and_kind(line: Line<'_>, reader: &Reader, reading: &Reading<'_>) -> Option<(f64, Kind)> {
    let record = reader.parse(line);
    let known = reading.known.recognise(&record).filter(|found| found.role == Role::Root);
    let known = known.map(|found| (found.weight, found.kind));
    let clues = Clues::embedded();
    let clued = clues.find(&record, Stands::In, None).into_iter().filter_map(|clue| clues.all.get(clue));
    let clued = clued.filter(|clue| !clue.unfinished);
    let clued = clued.map(|clue| ((reading.clue_weight)(&clue.name), clue.family.kind()));
    known.into_iter().chain(clued).max_by(|a, b| a.0.total_cmp(&b.0))
}

fn event(kind: Kind, line: Line<'_>, reader: &Reader) -> Event {
    let record = reader.parse(line);
    let message = String::from_utf8_lossy(record.message.trim_ascii()).into_owned();
    let (lines, bytes) = (line.number..=line.number, line.start..line.end());
    Event {
        text: vec![message.clone()],
        time: record.when,
        actor: record.actor,
        ..Event::new(kind, TakenBy::TellingLine, lines, bytes, message)
    }
}
