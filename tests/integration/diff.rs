//! `ndlog diff` as a person runs it.

use std::fs;
use std::path::Path;

use crate::program::run;

/// Runs `ndlog diff` in `folder`. Returns the exit code, standard output and standard error.
fn diff(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    run(folder, &[&["diff"], arguments].concat())
}

/// Returns a folder with the logs of two passing runs and of a failing one.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("pass")).expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("pass/1.log", "start 1\nlink 1 is up\ndone in 3 s\n");
    write("pass/2.log", "start 2\nerror: retrying, no answer yet\nlink 1 is up\ndone in 9 s\n");
    write(
        "fail.log",
        "start 3\nerror: retrying, no answer yet\nlink 1 is up\nerror: ring 4 lost\n  at ring.c:12\nexit code 1\n",
    );
    folder
}

#[test]
fn what_no_passing_run_says_is_told_to_people_and_programs() {
    let folder = folder();
    let (code, json, _) = diff(folder.path(), &["--pass", "pass", "--fail", "fail.log", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(code, Some(0));
    assert_eq!(json["schema"], "ndlog.diff/1");
    let ranges = json["ranges"].as_array().expect("ranges");
    assert_eq!(ranges.len(), 1);
    assert_eq!((&ranges[0]["source"], &ranges[0]["line_start"]), (&"fail.log".into(), &4.into()));
    let (_, table, _) = diff(folder.path(), &["--pass", "pass/1.log", "pass/2.log", "--fail", "fail.log"]);
    assert!(table.contains("fail.log:4-6\n    error: ring 4 lost\n"), "{table}");
    assert!(!table.contains("retrying"), "{table}");
}

#[test]
fn a_log_against_itself_is_no_news() {
    let (code, table, _) = diff(folder().path(), &["--pass", "fail.log", "--fail", "fail.log"]);
    assert_eq!((code, table.as_str()), (Some(0), "nothing that the passing logs do not say too\n"));
}

#[test]
fn a_side_without_logs_is_told_by_name() {
    let (code, out, error) = diff(folder().path(), &["--pass", "absent.log", "--fail", "fail.log"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(error.contains("absent.log") && error.contains("nothing under --pass"), "{error}");
    let (code, _, error) = diff(folder().path(), &["--fail", "fail.log"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("--pass"), "{error}");
}

#[test]
fn the_report_can_go_to_a_file() {
    let folder = folder();
    let arguments = ["--pass", "pass", "--fail", "fail.log", "--format", "markdown", "-o", "out.md"];
    let (code, out, _) = diff(folder.path(), &arguments);
    assert_eq!((code, out.as_str()), (Some(0), ""));
    let written = fs::read_to_string(folder.path().join("out.md")).expect("the file");
    assert!(written.contains("`fail.log:4-6`"), "{written}");
}
