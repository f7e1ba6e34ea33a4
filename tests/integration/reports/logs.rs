//! From logs to reports: the commands that read logs and tell what they found.

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

use crate::program::ndlog;

/// A run that fails in a way that no other does, and says so with an escape.
const FAILING: &str = "2026-02-01T10:00:00Z configuring\n2026-02-01T10:00:01Z draining queue 3\n\
    2026-02-01T10:30:01Z \x1b[31mERROR\x1b[0m: queue 3 did not drain <b>at all</b>\n2026-02-01T10:30:02Z ##[error]Process completed with exit code 1.\n";
const PASSING: &str = "2026-02-01T10:00:00Z configuring\n2026-02-01T10:00:01Z draining queue 3\n\
    2026-02-01T10:00:03Z drained\n2026-02-01T10:00:04Z test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";

fn logs() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("logs/passing")).unwrap();
    for (name, text) in [("a.log", FAILING), ("b.log", FAILING), ("passing/c.log", PASSING)] {
        fs::write(folder.path().join("logs").join(name), text).unwrap();
    }
    folder
}

fn told(mut command: Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

fn with(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = ndlog(folder);
    command.args(arguments);
    command
}

#[test]
fn a_report_shows_the_lines_round_what_failed() {
    let folder = logs();
    let page = told(with(&folder, &["report", "logs", "--pass", "logs/passing", "--format", "html"]), 0);
    assert!(page.contains("2 runs, 1 Feb 2026: 2 failed"), "a log given as passing is counted once");
    assert!(page.contains("compared with 1 passing run"));
    assert!(page.contains("</time>draining queue 3\n"), "the line before is shown");
    assert!(page.contains("did not drain &lt;b&gt;at all"), "and stays text");
}

#[test]
fn the_folder_of_a_failure_is_read_with_its_passing_runs() {
    let folder = logs();
    told(with(&folder, &["new", "stuck"]), 0);
    for (from, to) in [("logs/a.log", "stuck/logs/a.log"), ("logs/passing/c.log", "stuck/logs/passing/c.log")]
    {
        fs::copy(folder.path().join(from), folder.path().join(to)).unwrap();
    }
    let text = told(with(&folder, &["report", "stuck"]), 0);
    assert!(
        text.starts_with("1 run, 1 Feb 2026: 1 failed") && text.contains("compared with 1 passing run"),
        "{text}"
    );
}

#[test]
fn findings_can_be_saved_and_reported_later() {
    let folder = logs();
    told(with(&folder, &["report", "logs", "--format", "json", "-o", "findings.json"]), 0);
    let later = told(with(&folder, &["report", "--from", "findings.json", "--format", "html"]), 0);
    assert_eq!(later, told(with(&folder, &["report", "logs", "--format", "html"]), 0));
}

#[test]
fn why_says_in_its_exit_code_whether_something_failed() {
    let folder = logs();
    for (file, code, verdict) in [("a.log", 1, "FAIL "), ("passing/c.log", 0, "PASS ")] {
        let text = told(with(&folder, &["why", &format!("logs/{file}")]), code);
        assert!(text.starts_with(verdict), "{text}");
    }
    fs::write(
        folder.path().join("logs/d.log"),
        "draining queue 3\nERROR: queue 3 did not drain\ndraining queue 4\n",
    )
    .unwrap();
    let text = told(with(&folder, &["why", "logs/d.log"]), 4);
    assert!(text.starts_with("UNKNOWN ") && text.contains("logs/d.log:2  "), "{text}");
    told(with(&folder, &["why", "logs/missing.log"]), 2);
}

#[test]
fn why_names_the_line_to_read() {
    let folder = logs();
    let text = told(with(&folder, &["why", "logs/a.log"]), 1);
    assert!(text.contains("read     logs/a.log:3  "), "{text}");
    assert!(!text.contains('\x1b'));
}

#[test]
fn a_pipe_can_be_asked_why() {
    let folder = logs();
    let mut command = with(&folder, &["why", "-"]);
    command.write_stdin(FAILING);
    assert!(told(command, 1).contains("-:3  "));
}

#[cfg(feature = "tables")]
#[test]
fn logs_can_be_asked_in_sql() {
    let sql = "SELECT source, outcome FROM sources ORDER BY source";
    let text = told(with(&logs(), &["query", sql, "logs", "--format", "csv"]), 0);
    assert_eq!(text, "source,outcome\nlogs/a.log,fail\nlogs/b.log,fail\nlogs/passing/c.log,pass\n");
}
