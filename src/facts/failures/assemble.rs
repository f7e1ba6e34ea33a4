//! From hot lines to events.

use super::assemblers::{self, blocks};
use super::cascades::follow;
use super::commands;
use super::echoes::join_echoes;
use super::event::Event;
use super::failing_tests::name_after_the_only_one;
use super::known_lines::known_lines;
use super::line_cache;
use super::line_view::lanes;
use super::retries::retries;
use super::selection::{Selection, selection};
use super::tally::Tally;
use super::windows::Stretches;
use super::{shapes, vocabulary};
use crate::facts::Coverage;
use crate::facts::known::{Known, KnownFailure};
use crate::facts::scan::{Found, scan};
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Makes the tables now that every failing log needs.
pub fn prepare() {
    vocabulary::prepare();
    shapes::prepare();
    assemblers::prepare();
}

/// Returns the events of a log, in the order of their first lines.
pub fn assemble(index: &Index<'_>, reader: &Reader) -> Vec<Event> {
    let found = scan(index.bytes(), reader, &|_| {}).1;
    assemble_scanned(index, reader, &found, &NothingKnown).0
}

#[cfg(test)]
pub fn events_in(log: impl AsRef<str>) -> Vec<Event> {
    let log = log.as_ref().as_bytes();
    assemble(&Index::new(log), &Reader::guess(log))
}

/// Returns the same from what a scan of the log found, with what `known` recognises besides; and how much of the log was
/// looked at.
pub fn assemble_scanned(
    index: &Index<'_>,
    reader: &Reader,
    found: &Found,
    known: &dyn Known,
) -> (Vec<Event>, Coverage) {
    let cache = line_cache::Known::default();
    let mut events = Vec::new();
    let hot = &found.hot;
    let Selection { pieces, mut coverage } = selection(index, reader, &cache, &hot.tally, &hot.failed);
    for passage in Stretches::new(index, pieces.into_iter()) {
        coverage.lines_read_closely += passage.len() as u64;
        for lane in lanes(passage) {
            events.extend(blocks(&lane).into_iter().filter_map(|block| block.into_event(&lane)));
        }
    }
    let by_line = |event: &Event| (event.first_line, event.last_line);
    events.sort_by_key(by_line);
    events.extend(known_lines(index, reader, &hot.tally, known, &events));
    events.sort_by_key(by_line);
    join_echoes(&mut events);
    follow(&mut events);
    retries(&mut events);
    hot.steps.note(index, &mut events);
    commands::note(index, reader, &mut events);
    name_after_the_only_one(&mut events);
    count(index, &hot.tally, &mut events);
    (events, coverage)
}

/// Notes of each event how often the log says the same.
fn count(index: &Index<'_>, tally: &Tally, events: &mut [Event]) {
    for event in events {
        let headline = index.line(event.headline);
        event.look.times = headline.map_or(0, |line| tally.times(line.bytes));
    }
}

/// Recognises no line.
struct NothingKnown;

impl Known for NothingKnown {
    fn known_line(&self, _: &[u8]) -> Option<KnownFailure<'_>> {
        None
    }

    fn may_know(&self, _: &[u8]) -> bool {
        false
    }

    fn each_maybe_known(&self, _: &[u8], _: &mut dyn FnMut(usize)) {}
}
