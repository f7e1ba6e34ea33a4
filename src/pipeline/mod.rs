//! The pipeline: the rooms in their order, on all cores.
//!
//! Knows threads, and which verb follows which. Must not know what any of them does.

mod analysis;
mod cluster;
mod contrast;
mod diff;
pub mod excerpts;
pub mod experiment;
pub mod explain;
pub mod identity;
pub mod known;
pub mod plots;
pub mod saved;
mod summary;
pub mod templates;
mod told;
mod why;

pub use cluster::{Clustered, Logs, cluster};
pub use diff::{Differing, diff};

use std::path::PathBuf;

use crate::events::{self, Event};
use crate::lines::Index;
use crate::records::Reader;
use crate::sources::{self, Limits, Request, Source};

/// Reads each source in turn and hands its events over.
pub fn each_event_list(
    paths: &[PathBuf],
    mut visit: impl FnMut(&Index<'_>, &str, &[Event]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let found = sources::find(&Request { paths: paths.to_vec(), files_from: None });
    let mut result = Ok(());
    for input in &found.inputs {
        sources::open(input, &Limits::default(), &mut |source: Source| {
            let reader = Reader::guess(&source.bytes);
            if result.is_ok() {
                let index = Index::new(&source.bytes);
                result = visit(&index, &source.name, &events::assemble(&index, &reader));
            }
        });
    }
    result
}
