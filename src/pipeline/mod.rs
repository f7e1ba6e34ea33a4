//! The pipeline: the rooms in their order, on all cores.
//!
//! Knows threads, and which verb follows which. Must not know what any of them does.

mod analyzer;
mod background;
pub mod clue_hits;
mod cluster;
mod diff;
pub mod excerpts;
pub mod experiment;
pub mod explain;
#[cfg(test)]
mod growth;
pub mod identity;
pub mod known;
pub mod marks;
mod memory;
mod merge;
pub mod plots;
mod reading;
mod runs;
mod same;
pub mod saved;
mod scan;
mod shown;
mod summaries;
pub mod templates;
mod why;

pub use analyzer::{Analyzer, AnalyzerBuilder, Error};
pub use cluster::{Clustered, Logs, Read, cluster, read};
pub use diff::diff;
pub use memory::Memory;
pub use merge::{Parts, merge, remembered};
pub use scan::{Scan, scan};
pub use shown::Shown;

use std::path::PathBuf;

use crate::facts::failures::{self, Event};
use crate::input::{self, Limits, Request, Source};
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Reads each source in turn and hands its events over.
pub fn each_event_list(
    paths: &[PathBuf],
    mut visit: impl FnMut(&Index<'_>, &str, &[Event]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let found = input::find(&Request { paths: paths.to_vec(), files_from: None });
    let mut result = Ok(());
    for input in &found.inputs {
        input::open(input, &Limits::default(), &mut |source: Source| {
            let reader = Reader::guess(&source.bytes);
            if result.is_ok() {
                let index = Index::new(&source.bytes);
                result = visit(&index, &source.name, &failures::assemble(&index, &reader));
            }
        });
    }
    result
}
