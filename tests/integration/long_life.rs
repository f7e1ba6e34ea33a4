//! What the first release wrote is read by the ndlog of today, and the ids in it still name their failures.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::program;

fn data() -> PathBuf {
    program::data("long-life")
}

/// Runs ndlog where the logs lie, and returns what it wrote.
fn output(arguments: &[&str]) -> String {
    let (code, out, error) = program::run(data(), arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {error}");
    out
}

fn json(arguments: &[&str]) -> Value {
    program::json(data(), arguments)
}

/// The ids of the first release, most frequent first.
fn first_ids() -> Vec<String> {
    let text = fs::read_to_string(data().join("release-1/findings.json")).unwrap();
    let findings: Value = serde_json::from_str(&text).unwrap();
    let clusters = findings["clusters"].as_array().unwrap();
    clusters.iter().map(|cluster| cluster["id"].as_str().unwrap().to_owned()).collect()
}

/// A store that holds the runs of the first release, and facts of none of its rules.
fn store() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("store");
    fs::create_dir_all(store.join("runs")).unwrap();
    fs::create_dir(store.join("facts")).unwrap();
    fs::copy(data().join("release-1/runs/000001.ndruns"), store.join("runs/000001.ndruns")).unwrap();
    let path = store.display().to_string();
    (folder, path)
}

/// Whatever a schema of this number says must go on being said.
#[test]
fn documents_of_one_schema_number_keep_every_field() {
    let old = fs::read_to_string(data().join("release-1/findings.json")).unwrap();
    let old: Value = serde_json::from_str(&old).unwrap();
    let now = json(&["cluster", "logs", "--no-store", "--format", "json"]);
    if old["schema"] == now["schema"] {
        keeps("", &old, &now);
    }
}

/// Checks that each field of `old` is in `now`, with a value of the same sort. What is empty may be left out.
fn keeps(path: &str, old: &Value, now: &Value) {
    match (old, now) {
        (Value::Object(old), Value::Object(now)) => {
            for (key, value) in old {
                let path = format!("{path}.{key}");
                match now.get(key) {
                    Some(held) => keeps(&path, value, held),
                    None => panic!("{path} is gone"),
                }
            }
        }
        (Value::Array(old), Value::Array(now)) => {
            old.iter().zip(now).for_each(|(old, now)| keeps(&format!("{path}[]"), old, now));
        }
        _ => {
            assert!(std::mem::discriminant(old) == std::mem::discriminant(now), "{path}: {old} was, {now} is")
        }
    }
}

#[test]
fn a_part_of_the_first_release_is_merged() {
    let merged = json(&["merge", "release-1/logs.ndpart", "--format", "json"]);
    assert_eq!((&merged["totals"]["sources"], &merged["totals"]["lines"]), (&3.into(), &24.into()));
    let tests: Vec<&Value> =
        merged["clusters"].as_array().unwrap().iter().map(|one| &one["tests"][0]).collect();
    assert!(!tests.is_empty() && tests.iter().all(|test| *test == "Ring.Pop"), "{tests:?}");
}

#[test]
fn findings_of_the_first_release_are_reported_in_every_format() {
    for format in ["table", "jsonl", "csv", "markdown", "html", "sarif", "junit"] {
        let report = output(&["report", "--from", "release-1/findings.json", "--format", format]);
        assert!(report.contains("Expected equality of these values"), "{format}: {report}");
    }
}

#[test]
fn a_store_of_the_first_release_knows_its_runs() {
    let (_folder, store) = store();
    let found = json(&["cluster", "logs", "--store", &store, "--format", "json"]);
    let ran: u64 =
        found["clusters"].as_array().unwrap().iter().filter_map(|one| one["past"]["ran"].as_u64()).sum();
    assert_eq!(ran, 3, "seen again and counted once");
    for id in first_ids() {
        assert!(output(&["show", &id, "logs", "--store", &store]).contains("Ring.Pop"), "{id}");
    }
}

#[test]
fn an_id_of_the_first_release_names_its_failure_after_the_rules_have_changed() {
    let (_folder, store) = store();
    let changed = ["--signatures", "own"];
    let found = json(&[&["cluster", "logs", "--store", &store, "--format", "json"][..], &changed].concat());
    for (cluster, first) in found["clusters"].as_array().unwrap().iter().zip(first_ids()) {
        assert_ne!(cluster["id"], first.as_str(), "the entry gives it another id");
        assert_eq!(cluster["past"]["former_ids"], Value::from(vec![first.clone()]));
        let shown = output(&[&["show", &first, "logs", "--store", &store][..], &changed].concat());
        assert!(shown.contains("own/pop"), "{first}: {shown}");
    }
}
