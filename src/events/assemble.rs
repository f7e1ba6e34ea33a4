//! From hot lines to events.

use super::assemblers::{blocks, heads_report, telling};
use super::event::Event;
use super::follow::follow;
use super::passage::{Piece, lanes};
use super::stretches::Stretches;
use super::traits::Known;
use super::triggers::hot_lines;
use crate::lines::Index;
use crate::records::Reader;

/// Returns the events of a log, in the order of their first lines.
pub fn assemble(index: &Index<'_>, reader: &Reader) -> Vec<Event> {
    let known = Known::default();
    let hot = hot_lines(index).map(|line| Piece::new(line, reader, &known, true)).filter(tells);
    let mut events = Vec::new();
    for passage in Stretches::new(index, hot) {
        for lane in lanes(passage) {
            events.extend(blocks(&lane).into_iter().map(|block| block.into_event(&lane)));
        }
    }
    events.sort_by_key(|event: &Event| (event.first_line, event.last_line));
    follow(&mut events);
    events
}

/// Returns true if and only if the whole words of a hot line say that something went wrong, or
/// that a step ended: pieces of words, by which it was found, say less.
fn tells(piece: &Piece<'_>) -> bool {
    telling(piece) || heads_report(piece)
}
