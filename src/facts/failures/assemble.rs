//! From hot lines to events.

use super::assemblers::blocks;
use super::cascades::follow;
use super::event::Event;
use super::failing_tests::name_after_the_only_one;
use super::line_cache::Known;
use super::line_view::lanes;
use super::retries::retries;
use super::selection::{Selection, selection};
use super::steps::Steps;
use super::tally::Tally;
use super::windows::Stretches;
use crate::facts::Coverage;
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Returns the events of a log, in the order of their first lines.
pub fn assemble(index: &Index<'_>, reader: &Reader) -> Vec<Event> {
    assemble_covered(index, reader).0
}

/// Returns the same, and how much of the log was looked at.
pub fn assemble_covered(index: &Index<'_>, reader: &Reader) -> (Vec<Event>, Coverage) {
    let known = Known::default();
    let mut events = Vec::new();
    let Selection { pieces, tally, mut coverage } = selection(index, reader, &known);
    for passage in Stretches::new(index, pieces.into_iter()) {
        coverage.lines_read_closely += passage.len() as u64;
        for lane in lanes(passage) {
            events.extend(blocks(&lane).into_iter().map(|block| block.into_event(&lane)));
        }
    }
    events.sort_by_key(|event: &Event| (event.first_line, event.last_line));
    follow(&mut events);
    retries(&mut events);
    name_after_the_only_one(&mut events);
    Steps::find(index, reader).note(index, &mut events);
    count(index, &tally, &mut events);
    (events, coverage)
}

/// Notes of each event how often the log says the same.
fn count(index: &Index<'_>, tally: &Tally, events: &mut [Event]) {
    for event in events {
        let headline = index.line(event.headline);
        event.look.times = headline.map_or(0, |line| tally.times(line.bytes));
    }
}
