//! Files are written whole or not at all, pipes may close, and colour never carries meaning.

use std::fs;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

use super::util::{folder, report};
use crate::program::ndlog;

#[test]
fn each_format_is_written_to_the_file_named() {
    let folder = folder();
    for (format, start) in [
        ("table", "2 runs of job \"drain\": 2 failed"),
        ("json", "{\"schema\":\"ndlog.clusters/2\""),
        ("jsonl", "{\"cluster\":"),
        ("csv", "cluster,id,title"),
        ("markdown", "## 2 runs: 2 failed"),
        ("html", "<!doctype html>"),
        ("sarif", "{\"$schema\""),
        ("junit", "<?xml"),
    ] {
        let text = fs::read_to_string(report(&folder, format, "out")).unwrap();
        assert!(text.starts_with(start), "{format}: {text:.80}");
    }
}

#[test]
fn a_file_has_the_rights_of_a_new_file_and_a_link_stays_a_link() {
    let folder = folder();
    fs::write(folder.path().join("plain"), "").unwrap();
    symlink("plain", folder.path().join("link")).unwrap();
    let link = report(&folder, "csv", "link");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(folder.path().join("plain")).unwrap().starts_with("cluster,"));
    let fresh = report(&folder, "csv", "fresh");
    assert_ne!(
        fs::metadata(fresh).unwrap().permissions().mode() & 0o044,
        0,
        "others may read it, as umask says"
    );
}

#[test]
fn a_report_that_cannot_be_written_leaves_nothing_and_names_the_file() {
    let folder = folder();
    let failed = ndlog(&folder)
        .args(["report", "--from", "findings.json", "-o", "missing/report.txt"])
        .assert()
        .code(2);
    let said = String::from_utf8_lossy(&failed.get_output().stderr).into_owned();
    assert!(said.contains("missing/report.txt"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "only findings.json is there");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ndlog"))
        .args(["report", "--from", "findings.json", "--format", "html"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let folder = folder();
    for (arguments, coloured) in
        [(vec![], false), (vec!["--color", "always"], true), (vec!["--color", "never"], false)]
    {
        let told =
            ndlog(&folder).args(["report", "--from", "findings.json"]).args(&arguments).assert().success();
        assert_eq!(told.get_output().stdout.contains(&0x1b), coloured, "{arguments:?}");
    }
}

#[test]
fn what_is_not_findings_is_told_with_its_name() {
    let folder = folder();
    fs::write(folder.path().join("other.json"), "{\"schema\": 1}").unwrap();
    let failed = ndlog(&folder).args(["report", "--from", "other.json"]).assert().code(2);
    let said = String::from_utf8_lossy(&failed.get_output().stderr).into_owned();
    assert!(said.contains("other.json is not what `ndlog cluster --format json` writes"), "{said}");
}
