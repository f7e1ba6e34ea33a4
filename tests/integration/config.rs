//! Settings of a project: `.ndlog.toml`, `ndlog init`, `ndlog config` and `ndlog known`, as a user meets them.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{findings, ndlog};

const LOG: &str = "2026-10-02T10:00:00Z start\n\
    [ RUN      ] Ring.Pop\nring.cc:31: Failure\n  the ring is empty\n[  FAILED  ] Ring.Pop (3 ms)\n\
    [  FAILED  ] 1 test, listed below:\ncorp-0123abcd is the token of ann@example.com\n\
    ##[error]Process completed with exit code 1.\n";

/// A project with one failing log in `logs/unit/`.
fn project() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("logs/unit")).unwrap();
    fs::write(folder.path().join("logs/unit/a.log"), LOG).unwrap();
    folder
}

fn says(text: &str) -> predicates::str::ContainsPredicate {
    predicate::str::contains(text)
}

fn text(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn id(folder: &Path) -> String {
    findings(folder, &["logs"])["clusters"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn init_writes_what_config_shows_and_overwrites_nothing() {
    let folder = project();
    ndlog(folder.path()).arg("config").assert().success().stdout(says("none; `ndlog init` writes one"));
    ndlog(folder.path()).arg("init").assert().success().stdout(says(".ndlog.toml"));
    let path = folder.path().join(".ndlog.toml");
    let written = fs::read_to_string(&path).unwrap();
    assert!(written.lines().all(|line| line.is_empty() || line.starts_with('#')), "{written}");
    ndlog(folder.path()).arg("init").assert().code(2).stderr(says("is there already"));
    assert_eq!(fs::read_to_string(&path).unwrap(), written);
    fs::write(&path, format!("{written}\n[jobs]\npattern = 'logs/([^/]+)/'\n")).unwrap();
    let line = written.lines().count() + 3;
    let below = folder.path().join("logs");
    ndlog(&below).arg("config").assert().success().stdout(says(&format!("logs/([^/]+)/  (line {line})")));
    let json: Value = serde_json::from_str(&text(ndlog(&below).args(["config", "--json"]))).unwrap();
    assert_eq!(json["values"]["jobs.pattern"], "logs/([^/]+)/");
    assert_eq!(json["values"]["store"], Value::Null);
}

#[test]
fn init_with_a_store_sets_it() {
    let folder = TempDir::new().unwrap();
    ndlog(folder.path()).args(["init", "--store"]).assert().success();
    ndlog(folder.path()).arg("config").assert().success().stdout(says("/.ndlog  (line "));
}

#[test]
fn a_wrong_key_stops_with_its_file_its_line_and_the_key_that_was_meant() {
    let folder = project();
    fs::write(folder.path().join(".ndlog.toml"), "# ours\n[job]\npattern = 'x'\n").unwrap();
    for arguments in [vec!["cluster", "logs"], vec!["config"], vec!["why", "logs"]] {
        let error = says(".ndlog.toml:2: unknown key `job`; is it `jobs`?");
        ndlog(folder.path()).args(arguments).assert().code(2).stderr(error);
    }
}

#[test]
fn secrets_and_owners_of_a_project_hold_in_every_report() {
    let folder = project();
    let settings = "[masks]\nemails = true\npatterns = ['corp-[0-9a-f]{8}']\n\
        [[owners]]\nowner = '@all'\ntests = ['*']\n[[owners]]\nowner = '@ring'\ntests = ['Ring.*']\n";
    let plain = text(ndlog(folder.path()).args(["report", "logs", "--format", "markdown"]))
        + &text(ndlog(folder.path()).args(["pack", "logs"]));
    assert!(plain.contains("corp-0123abcd") && plain.contains("ann@example.com"), "{plain}");
    fs::write(folder.path().join(".ndlog.toml"), settings).unwrap();
    for arguments in [
        vec!["report", "logs", "--format", "markdown"],
        vec!["report", "logs", "--format", "html"],
        vec!["report", "logs"],
        vec!["pack", "logs"],
    ] {
        let shown = text(ndlog(folder.path()).args(&arguments));
        assert!(
            !shown.contains("corp-0123abcd") && !shown.contains("ann@example.com"),
            "{arguments:?}: {shown}"
        );
    }
    for arguments in
        [vec!["cluster", "logs"], vec!["why", "logs"], vec!["cluster", "logs", "--format", "json"]]
    {
        let shown = text(ndlog(folder.path()).args(&arguments));
        assert!(shown.contains("@ring") && !shown.contains("@all"), "{arguments:?}: {shown}");
    }
}

/// The sheet of a page names what may be said, and says nothing.
fn says_expired(shown: &str) -> bool {
    shown.rsplit("</style>").next().is_some_and(|said| said.contains("expired"))
}

#[test]
fn a_known_failure_is_marked_everywhere_and_an_expired_one_is_said() {
    let folder = project();
    let (path, id) = (folder.path().join(".ndlog.toml"), id(folder.path()));
    fs::write(&path, "# ours\n[jobs] # the folder\npattern = 'logs/([^/]+)/'\n").unwrap();
    let add = |until: &str| {
        let arguments = ["known", "add", id.get(..6).unwrap(), "--issue", "https://tracker.example/7"];
        ndlog(folder.path()).args(arguments).args(["--until", until, "--owner", "@ring"]).assert().success();
    };
    add("2999-12-31");
    let written = fs::read_to_string(&path).unwrap();
    assert!(written.starts_with("# ours\n[jobs] # the folder\npattern = 'logs/([^/]+)/'\n"), "{written}");
    let reports: [&[&str]; 5] = [
        &["cluster", "logs"],
        &["why", "logs"],
        &["report", "logs"],
        &["report", "logs", "--format", "markdown"],
        &["report", "logs", "--format", "html"],
    ];
    for arguments in reports {
        let shown = text(ndlog(folder.path()).args(arguments));
        // A slash is written out in pages.
        assert!(shown.contains("tracker.example"), "{arguments:?}: {shown}");
        assert!(shown.contains("2999") && shown.contains("@ring"), "{arguments:?}: {shown}");
        assert!(!says_expired(&shown), "{arguments:?}: {shown}");
    }
    add("2020-01-01");
    for arguments in reports {
        let shown = text(ndlog(folder.path()).args(arguments));
        assert!(says_expired(&shown), "{arguments:?}: {shown}");
    }
    let json: Value =
        serde_json::from_str(&text(ndlog(folder.path()).args(["cluster", "logs", "--format", "json"])))
            .unwrap();
    let issue = &json["clusters"][0]["issue"];
    assert_eq!((&issue["issue"], &issue["expired"]), (&"https://tracker.example/7".into(), &true.into()));
    ndlog(folder.path()).args(["known", "list"]).assert().success().stdout(says("EXPIRED 2020-01-01"));
    ndlog(folder.path())
        .args(["known", "remove", "ffff"])
        .assert()
        .code(2)
        .stderr(says("no known failure ffff"));
    ndlog(folder.path()).args(["known", "remove", id.get(..4).unwrap()]).assert().success();
    let rest = fs::read_to_string(&path).unwrap();
    assert_eq!(rest.trim_end(), "# ours\n[jobs] # the folder\npattern = 'logs/([^/]+)/'");
}

#[test]
fn what_cannot_be_an_id_or_a_day_is_refused() {
    let folder = TempDir::new().unwrap();
    for (arguments, said) in [
        (["known", "add", "xyz", "--issue", "#1"].as_slice(), "is no id"),
        (&["known", "add", "aa00", "--issue", "#1", "--until", "soon"], "expected a day"),
        (&["known", "add", "aa00"], "--issue"),
    ] {
        ndlog(folder.path()).args(arguments).assert().code(2).stderr(says(said));
    }
    assert!(!folder.path().join(".ndlog.toml").exists());
    ndlog(folder.path()).args(["known", "list"]).assert().success().stdout(says("no known failures"));
}
