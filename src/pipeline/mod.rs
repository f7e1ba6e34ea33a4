//! The pipeline: the rooms in their order, on all cores.
//!
//! Knows threads, and which verb follows which. Must not know what any of them does.

pub mod excerpts;
pub mod known;
pub mod saved;
pub mod templates;

use std::path::PathBuf;

use crate::events::{self, Event};
use crate::lines::Index;
use crate::records::Reader;
use crate::sources::{self, Limits, Request, Source};

/// Reads each source in turn and hands its events over.
pub fn each_event_list(
    paths: &[PathBuf],
    mut visit: impl FnMut(&str, &[Event]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let found = sources::find(&Request { paths: paths.to_vec(), files_from: None });
    let mut result = Ok(());
    for input in &found.inputs {
        sources::open(input, &Limits::default(), &mut |source: Source| {
            if result.is_ok() {
                result = visit(&source.name, &events_of(&source.bytes));
            }
        });
    }
    result
}

/// Bytes from which the form of a log's lines is guessed.
const SAMPLE: usize = 256 << 10;

fn events_of(bytes: &[u8]) -> Vec<Event> {
    let index = Index::new(bytes);
    let hot: Vec<u64> = events::scan(bytes).hot.iter().map(|hot| hot.number).collect();
    let reader = Reader::guess(&bytes[..bytes.len().min(SAMPLE)]);
    events::assemble(&index, &reader, &hot)
}
