//! From hot lines to events.

use super::assemblers::{blocks, heads_report, telling};
use super::event::Event;
use super::passage::{Piece, lanes, read, stretches};
use super::triggers::Hot;
use crate::lines::{Index, Line};
use crate::records::Reader;

/// Returns the events round the `hot` lines, in the order of their first lines.
pub fn assemble(index: &Index<'_>, reader: &Reader, hot: &[Hot]) -> Vec<Event> {
    let hot: Vec<u64> = hot.iter().filter(|hot| tells(index, reader, hot)).map(|hot| hot.number).collect();
    let mut events = Vec::new();
    for (first, last) in stretches(&hot, index.lines()) {
        for lane in lanes(read(index, reader, &hot, first, last)) {
            events.extend(blocks(&lane).into_iter().map(|block| block.into_event(&lane)));
        }
    }
    events.sort_by_key(|event: &Event| (event.first_line, event.last_line));
    events
}

/// Returns true if and only if the whole words of a hot line say that something went wrong, or
/// that a step ended: pieces of words, by which it was found, say less.
fn tells(index: &Index<'_>, reader: &Reader, hot: &Hot) -> bool {
    let line =
        Line { number: hot.number, start: hot.start as u64, bytes: &index.bytes()[hot.start..hot.end] };
    let piece = Piece::new(line, reader, true);
    telling(&piece) || heads_report(&piece)
}
