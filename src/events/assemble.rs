//! From hot lines to events.

use super::assemblers::blocks;
use super::event::Event;
use super::passage::{lanes, read, stretches};
use crate::lines::Index;
use crate::records::Reader;

/// Returns the events round the `hot` lines (ascending numbers), in the order of their first lines.
pub fn assemble(index: &Index<'_>, reader: &Reader, hot: &[u64]) -> Vec<Event> {
    let mut events = Vec::new();
    for (first, last) in stretches(hot, index.lines()) {
        for lane in lanes(read(index, reader, first, last)) {
            events.extend(blocks(&lane).into_iter().map(|block| block.into_event(&lane)));
        }
    }
    events.sort_by_key(|event: &Event| (event.first_line, event.last_line));
    events
}
