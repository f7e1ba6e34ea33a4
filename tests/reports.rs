//! Reports as a person gets them: the binary, saved findings, files, pipes and a browser.

#[path = "reports/browser.rs"]
mod browser;
mod consumers;
#[path = "reports/files.rs"]
mod files;
#[path = "reports/hostile_fields.rs"]
mod hostile_fields;
#[path = "reports/logs.rs"]
mod logs;
#[cfg(feature = "tables")]
#[path = "reports/query.rs"]
mod query;
mod skip;
#[path = "reports/util.rs"]
mod util;
