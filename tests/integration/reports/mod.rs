//! Reports as a person gets them: the binary, saved findings, files, pipes and a browser.

mod browser;
mod files;
mod hostile_fields;
mod logs;
#[cfg(feature = "tables")]
mod query;
mod util;
