//! Events: which lines belong together and say that something went wrong.
//!
//! Knows stack traces, crash reports, test verdicts, hardware reports, kills, silences. Must not
//! know whether an event is known, frequent or important.

mod event;
pub mod verdicts;

pub use event::{Event, Frame, Kind, Role};
