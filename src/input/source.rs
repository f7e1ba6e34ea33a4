//! One log, opened: its name and all its bytes.

use serde::{Deserialize, Serialize};

use super::Bytes;
use crate::error::Problem;

/// What the bytes of a source are, told by their content and never by the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Lines of text.
    Log,
    /// XML with `<testsuites>` or `<testsuite>` at its root.
    JUnit,
    /// A JSON array of the annotations of a GitHub check run.
    Annotations,
    /// What a CI system answers about the jobs of a run, or about the run as a whole: GitHub's JSON.
    Answer,
    /// One value of JSON, such as settings or results that were kept beside the logs. It tells of no run.
    Document,
}

/// One log, opened.
#[derive(Debug)]
pub struct Source {
    /// The path as given; archive members as `run.zip!job/3_test.txt`; `-` for standard input.
    pub name: String,
    /// The bytes as stored, or as expanded where they were compressed. UTF-16 is converted.
    pub bytes: Bytes,
    pub kind: SourceKind,
    /// What kept it from being read whole, and remarks that lost nothing.
    pub problems: Vec<Problem>,
}
