//! Store: what was seen when, and what is known of it.
//!
//! Knows issues, owners, the history of runs, and how facts are kept in files. Must not know how logs are read or how
//! anything is shown.

mod folder;
mod issues;
mod last_look;
mod owners;
mod past;
mod rules;
mod run_files;
mod runs;

pub mod part;

pub use folder::{STORE, Store};
pub use issues::{Issue, assign, is_over};
pub use last_look::LastLook;
pub use owners::Owners;
pub use past::{Gone, Look, Past, Share, State};
pub use rules::RULES;
pub use runs::{SeenFailure, SeenRun, SeenRuns};
