//! What runs of one job print whatever failed in them is not read first.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::program::{self, data, findings};

/// Logs of one job: the metrics thread dies in every run, and the failing ones failed of something else each.
fn logs() -> PathBuf {
    data("background")
}

fn run(arguments: &[&str]) -> String {
    let (code, out, err) = program::run(logs(), arguments);
    assert!(code.is_some_and(|code| code < 2), "{err}");
    out
}

fn clusters(paths: &[&str]) -> Value {
    findings(logs(), paths)
}

/// What is to be read first of each source that failed: its message and its id.
fn first(findings: &Value) -> BTreeMap<String, (String, String)> {
    let mut first = BTreeMap::new();
    for cluster in findings["clusters"].as_array().unwrap() {
        for one in cluster["occurrences"].as_array().unwrap().iter().filter(|one| one["rank"] == 1) {
            let text = |field: &str| one[field].as_str().unwrap().to_owned();
            first.insert(text("source"), (text("message"), text("exact")));
        }
    }
    first
}

/// The ids of all that is told of each source, by line.
fn ids(findings: &Value) -> BTreeMap<(String, u64), String> {
    let mut ids = BTreeMap::new();
    for one in
        findings["clusters"].as_array().unwrap().iter().flat_map(|one| one["occurrences"].as_array().unwrap())
    {
        let place = (one["source"].as_str().unwrap().to_owned(), one["line_start"].as_u64().unwrap());
        ids.insert(place, one["exact"].as_str().unwrap().to_owned());
    }
    ids
}

const FAILING: [&str; 6] = [
    "failing/11.log",
    "failing/12.log",
    "failing/13.log",
    "failing/14.log",
    "failing/15.log",
    "failing/16.log",
];
const PASSING: [&str; 4] = ["passing/1.log", "passing/2.log", "passing/3.log", "passing/4.log"];

fn is_noise(message: &str) -> bool {
    message.contains("has no collector")
}

#[test]
fn a_log_alone_and_a_few_runs_are_ranked_as_before() {
    for log in FAILING {
        assert!(is_noise(&first(&clusters(&[log]))[log].0), "{log} alone");
    }
    for (paths, why) in [
        ([&FAILING[..4], &PASSING[..2]].concat(), "four runs that failed and two that passed are too few"),
        (vec![FAILING[0]; 1], "one log"),
    ] {
        let found = clusters(&paths);
        assert!(first(&found).values().all(|(message, _)| is_noise(message)), "{why}: {found:#}");
        assert!(
            found["sources"].as_array().unwrap().iter().all(|one| one.get("set_back").is_none()),
            "{why}"
        );
    }
}

#[test]
fn what_runs_print_whatever_failed_in_them_is_read_after_what_failed() {
    let alone: BTreeMap<_, _> = FAILING.iter().flat_map(|log| ids(&clusters(&[log]))).collect();
    for (paths, runs, of, why) in [
        (vec!["failing"], "failing", 6, "every run that failed prints it, each failed of something else"),
        (vec![FAILING[0], "passing"], "passing", 4, "every run that passed prints it"),
        (vec!["."], "passing", 4, "passing runs say more than failing ones"),
    ] {
        let found = clusters(&paths);
        let first = first(&found);
        assert!(
            !first.is_empty() && first.values().all(|(message, _)| message.starts_with("ring: error: ")),
            "{why}"
        );
        for source in found["sources"].as_array().unwrap().iter().filter(|one| one["outcome"] == "fail") {
            let behind = source["set_back"].as_array().expect(why);
            let noise = behind.iter().find(|one| is_noise(one["text"].as_str().unwrap())).expect(why);
            assert_eq!(
                (&noise["held_by"], &noise["of"], &noise["runs"]),
                (&of.into(), &of.into(), &runs.into())
            );
        }
        for (place, id) in ids(&found) {
            let own = alone.get(&(place.0.trim_start_matches("./").to_owned(), place.1));
            assert!(own.is_none_or(|own| *own == id), "{place:?} has another id among others");
        }
    }
}

#[test]
fn what_all_runs_failed_of_stays_first() {
    let folder = tempfile::tempdir().unwrap();
    for log in FAILING {
        let text = fs::read_to_string(logs().join(log)).unwrap();
        let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("ring: error: ")).collect();
        fs::write(folder.path().join(log.replace('/', "-")), kept.join("\n") + "\n").unwrap();
    }
    let found = clusters(&[folder.path().to_str().unwrap()]);
    assert_eq!(first(&found).len(), FAILING.len());
    assert!(first(&found).values().all(|(message, _)| is_noise(message)), "{found:#}");
}

#[test]
fn neither_order_nor_threads_nor_parts_change_a_byte() {
    let json = |rest: &[&str]| run(&[&["cluster", "--format", "json"], rest].concat());
    let expected = json(&[&FAILING[..], &PASSING[..]].concat());
    let mut turned = [&PASSING[..], &FAILING[..]].concat();
    turned.reverse();
    assert!(json(&turned) == expected, "another order of the files");
    for threads in ["1", "3"] {
        assert!(json(&[&["--threads", threads], &turned[..]].concat()) == expected, "{threads} threads");
    }
    let folder = tempfile::tempdir().unwrap();
    let part = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (one, other) = (part("one.ndpart"), part("other.ndpart"));
    run(&[&["scan", "-o", &one], &FAILING[..3], &PASSING[2..]].concat());
    run(&[&["scan", "-o", &other], &FAILING[3..], &PASSING[..2]].concat());
    assert!(run(&["merge", "--format", "json", &other, &one]) == expected, "facts of two machines");
}

#[test]
fn why_and_explain_say_what_was_put_behind() {
    let found = clusters(&["."]);
    let id = found["sources"][0]["primary"].as_str().unwrap();
    let words = "has no collector: 4 of 4 runs that passed print it (line 12)";
    for arguments in [vec!["why", "."], vec!["explain", id, "--logs", "."]] {
        let told = run(&arguments);
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
}
