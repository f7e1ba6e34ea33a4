//! ndlog reads CI logs, finds what failed, groups the same failure across runs, ranks the likely causes and hands over
//! an experiment that makes the failure happen again.
//!
//! An [`Analyzer`] reads each log once into [`Facts`]. What failed in all of them, and why, is found from facts alone
//! and returned as [`Findings`], whose parts are in [`document`]. Facts can be written and read with serde, so logs may
//! be read on many machines and their facts brought together on one; the order changes nothing. What can go wrong is an
//! [`Error`]; what is damaged in a log is no error but a [`Problem`] among its facts.
//!
//! ```
//! use ndlog::Analyzer;
//!
//! let failed = b"[ RUN      ] Ring.Pop\nring.cc:31: Failure\n[  FAILED  ] Ring.Pop (3 ms)\n";
//! let passed = b"[ RUN      ] Ring.Pop\n[       OK ] Ring.Pop (3 ms)\n[  PASSED  ] 1 test.\n";
//!
//! let analyzer = Analyzer::builder().build()?;
//! let mut facts = analyzer.read("monday.log", &failed[..])?;
//! facts.extend(analyzer.read_passing("tuesday.log", &passed[..])?);
//!
//! let findings = analyzer.analyze(&facts);
//! let cluster = &findings.clusters[0];
//! println!("{}: {}, probably {}", cluster.id, cluster.title, cluster.causes[0].cause);
//! assert_eq!(cluster.occurrences[0].test.as_deref(), Some("Ring.Pop"));
//! # Ok::<(), ndlog::Error>(())
//! ```
//!
//! Everything else is the program's own. `ARCHITECTURE.md` draws the map of its rooms.
#![forbid(unsafe_op_in_unsafe_fn)]

#[macro_use]
mod words;

mod durations;
mod error;
mod json;
mod rules;
mod secrets;
mod stats;
mod whole_file;

mod background;
mod causes;
mod clusters;
mod diff;
mod experiment;
mod facts;
mod findings;
mod folder;
mod input;
mod ranking;
mod reports;
mod runs;
mod script;
mod settings;
mod signatures;
mod store;
#[cfg(feature = "tables")]
mod tables;
mod templates;
mod text;
mod trials;

mod commands;
mod pipeline;

pub use error::Problem;
pub use facts::Facts;
pub use findings::Findings;
pub use pipeline::{Analyzer, AnalyzerBuilder, Error};

/// The parts of [`Findings`]: the document that `ndlog cluster --format json` writes.
pub mod document {
    pub use crate::causes::Grade;
    pub use crate::facts::clues::Family;
    pub use crate::facts::failures::Kind;
    pub use crate::findings::{
        CauseSummary, ClusterSummary, EvidenceSummary, OccurrenceSummary, Row, RunSummary, SourceSummary,
        Totals,
    };
    pub use crate::signatures::Cause;
}

/// What ndlog's own program, benches, fuzz targets and tests use. It changes without notice.
#[doc(hidden)]
pub mod inner {
    pub use crate::causes::{Grade, Group, compare, race};
    pub use crate::commands::CommandLine;
    pub use crate::diff::{Baseline, Novelty, subtract};
    pub use crate::experiment::{Oracle, Pattern, SCHEMA};
    pub use crate::facts::Bound;
    pub use crate::facts::answers::read as read_answer;
    pub use crate::facts::environment::Exposure;
    pub use crate::facts::failures::verdicts::read as read_verdicts;
    pub use crate::facts::failures::{assemble, shapes, tolerated};
    pub use crate::facts::scan::scan as scan_bytes;
    pub use crate::facts::steps::Run;
    pub use crate::facts::test_results::TestLines;
    pub use crate::facts::test_results::test_results;
    pub use crate::input::{Limits, Request, SourceKind, open_bytes};
    pub use crate::pipeline::identity::is_same;
    pub use crate::pipeline::{Clustered, Logs, Parts, Scan, cluster, merge, scan};
    pub use crate::ranking::order;
    pub use crate::reports::warn;
    pub use crate::rules::required_literals;
    pub use crate::runs::Verdict;
    pub use crate::script::write as write_test;
    pub use crate::secrets::Mask;
    pub use crate::settings::read as read_settings;
    pub use crate::signatures::{Catalog, Entry};
    pub use crate::stats::{Random, median};
    pub use crate::store::part::read as read_part;
    pub use crate::templates::mine;
    pub use crate::text::lines::{Index, Literals, clean, split};
    pub use crate::text::masks::mask;
    pub use crate::text::records::{Level, Reader, longest_gap, parse};
}
