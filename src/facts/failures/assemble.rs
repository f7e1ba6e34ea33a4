//! From hot lines to events.

use super::assemblers::blocks;
use super::cascades::follow;
use super::event::Event;
use super::failing_tests::name_after_the_only_one;
use super::line_cache::Known;
use super::line_view::lanes;
use super::retries::retries;
use super::selection::selection;
use super::windows::Stretches;
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Returns the events of a log, in the order of their first lines.
pub fn assemble(index: &Index<'_>, reader: &Reader) -> Vec<Event> {
    let known = Known::default();
    let mut events = Vec::new();
    for passage in Stretches::new(index, selection(index, reader, &known)) {
        for lane in lanes(passage) {
            events.extend(blocks(&lane).into_iter().map(|block| block.into_event(&lane)));
        }
    }
    events.sort_by_key(|event: &Event| (event.first_line, event.last_line));
    follow(&mut events);
    retries(&mut events);
    name_after_the_only_one(&mut events);
    events
}
