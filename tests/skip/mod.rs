//! Tests that cannot run on a machine: each is said, listed for a summary, and a failure where all are required.

use std::fs::OpenOptions;
use std::io::{Write, stderr};
use std::path::Path;

/// Notes that something was not tested, such as `pytest is not installed`.
///
/// # Panics
/// If `NDLOG_REQUIRE_ALL` is set, or the list cannot be written.
pub fn skip(what: &str) {
    assert!(std::env::var_os("NDLOG_REQUIRE_ALL").is_none(), "NDLOG_REQUIRE_ALL is set, and {what}");
    // The harness keeps what `eprintln!` writes to itself while a test passes.
    stderr().write_all(format!("SKIPPED: {what}\n").as_bytes()).unwrap();
    let list = Path::new(env!("CARGO_TARGET_TMPDIR")).join("skipped");
    let mut list = OpenOptions::new().create(true).append(true).open(list).unwrap();
    writeln!(list, "{what}").unwrap();
}
