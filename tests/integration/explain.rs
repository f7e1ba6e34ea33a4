//! `ndlog explain` as a person runs it.

use std::fs;
use std::path::Path;

use crate::program::{findings, run};

/// A dump of goroutines that wait in these functions.
fn dump(functions: &[&str]) -> String {
    let waiting = functions.iter().enumerate().map(|(number, function)| {
        format!(
            "\ngoroutine {} [chan receive]:\nacme/ring.{function}(0xc0001)\n\t/w/ring.go:31 +0x1d\n",
            number + 5
        )
    });
    format!(
        "fatal error: all goroutines are asleep - deadlock!\n{}exit status 2\n",
        waiting.collect::<String>()
    )
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("monday.log", &dump(&["Push", "Pop", "Close", "Open"]));
    write("tuesday.log", &dump(&["Open", "Close", "Pop", "Push"]));
    write("wednesday.log", &dump(&["Push", "Pop", "Open"]));
    write("thursday.log", &dump(&["Drain", "Fill"]));
    write(
        "friday.log",
        "ring_test: ring.c:31: pop: Assertion `head < tail' failed.\nAborted (core dumped)\n",
    );
    folder
}

/// Returns the id of the failure that each log shows first.
fn id(folder: &Path, log: &str) -> String {
    findings(folder, &[log])["sources"][0]["primary"].as_str().expect("a failure").to_owned()
}

#[test]
fn two_ids_are_compared_by_what_they_have_in_common() {
    let folder = folder();
    let folder = folder.path();
    let ids: Vec<String> = ["monday", "tuesday", "wednesday", "thursday", "friday"]
        .map(|day| id(folder, &format!("{day}.log")))
        .into();
    let explain = |other: usize| {
        let (code, told, error) = run(folder, &["explain", &ids[0], &ids[other], "--logs", "."]);
        assert_eq!((code, error.as_str()), (Some(0), ""), "{told}");
        assert!(told.contains(&ids[0]) && told.contains(&ids[other]), "{told}");
        told
    };
    assert!(explain(1).ends_with("Together: the normal forms, and so the ids, are equal.\n"));
    let near = explain(2);
    assert!(near.contains("Together: the set distance 0.25 is not above the threshold 0.33"), "{near}");
    assert!(near.contains("A  acme/ring.Close"), "{near}");
    let far = explain(3);
    assert!(far.contains("Apart: the set distance 1.00 is above the threshold 0.33."), "{far}");
    let other = explain(4);
    assert!(other.contains("Apart: these parts must be equal and are not:"), "{other}");
    assert!(other.contains("assertion failed") && other.contains("goroutines waiting"), "{other}");
}

#[test]
fn two_places_need_no_logs_to_be_looked_through() {
    let folder = folder();
    let (code, told, _) = run(folder.path(), &["explain", "monday.log:4", "wednesday.log:4"]);
    assert_eq!(code, Some(0));
    assert!(told.contains("Near: the set distance 0.25"), "{told}");
}

#[test]
fn a_line_tells_who_took_it_up() {
    let folder = folder();
    let taken = |place: &str| run(folder.path(), &["explain", place]).1;
    assert!(taken("monday.log:4").contains("taken up by go: deadlock, root"), "{}", taken("monday.log:4"));
    assert!(
        taken("friday.log:1").contains("taken up by fatal: assertion, root"),
        "{}",
        taken("friday.log:1")
    );
    assert!(!taken("friday.log:1").contains("none: it is part of no failure"));
}

#[test]
fn an_id_that_nothing_has_is_refused_with_the_next_step() {
    let folder = folder();
    let id = "0123456789abcdef";
    let (code, _, error) = run(folder.path(), &["explain", id, id, "--logs", "."]);
    assert_eq!(code, Some(2));
    assert!(error.contains("no failure 0123456789abcdef") && error.contains("ndlog cluster"), "{error}");
    let (code, _, error) = run(folder.path(), &["explain", id, id]);
    assert_eq!(code, Some(2));
    assert!(error.contains("--logs"), "{error}");
}
