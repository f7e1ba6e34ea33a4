//! Tests that cannot run on a machine: each is said, listed for a summary, and a failure where it is required.

use std::fs::OpenOptions;
use std::io::{Write, stderr};
use std::path::Path;

/// Notes that something was not tested for want of a tool: `skip("pytest", "the suite of pytest was not run")`.
///
/// # Panics
/// If `NDLOG_REQUIRE_ALL` is set, or `NDLOG_REQUIRE` names the tool among others, or the list cannot be written.
pub fn skip(tool: &str, what: &str) {
    assert!(std::env::var_os("NDLOG_REQUIRE_ALL").is_none(), "NDLOG_REQUIRE_ALL is set, and {tool}: {what}");
    let required = std::env::var("NDLOG_REQUIRE").unwrap_or_default();
    assert!(
        !required.split_whitespace().any(|one| one == tool.replace(' ', "-")),
        "NDLOG_REQUIRE names {tool}: {what}"
    );
    // The harness keeps what `eprintln!` writes to itself while a test passes.
    stderr().write_all(format!("SKIPPED: {tool}: {what}\n").as_bytes()).unwrap();
    let list = Path::new(env!("CARGO_TARGET_TMPDIR")).join("skipped");
    let mut list = OpenOptions::new().create(true).append(true).open(list).unwrap();
    writeln!(list, "{tool}: {what}").unwrap();
}
