//! Chooses the reader for a file of verdicts.

use super::{Verdict, annotations, junit};
use crate::error::Problem;
use crate::input::SourceKind;

/// Returns the verdicts in `bytes`, in the order in which they stand there, and where the file is
/// broken. A log has none.
pub fn read(source: &str, bytes: &[u8], kind: SourceKind) -> (Vec<Verdict>, Vec<Problem>) {
    match kind {
        SourceKind::Log | SourceKind::Answer | SourceKind::Document => (Vec::new(), Vec::new()),
        SourceKind::JUnit => junit::read(source, bytes),
        SourceKind::Annotations => annotations::read(source, bytes),
    }
}
