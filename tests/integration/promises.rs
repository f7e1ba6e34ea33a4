//! Same bytes in, same bytes out, and sums that add up: the promises that only a whole run can show.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{data, ndlog, said};

/// Programs of the lab whose failures differ: an exception, a failed assertion, a verdict in TAP, a panic.
const PROGRAMS: [&str; 4] = ["relay", "settings", "ledger", "transfer"];

fn logs_of(program: &str) -> PathBuf {
    data("lab").join(program).join("logs")
}

/// Runs `ndlog cluster` and returns exactly what it wrote.
fn bytes(paths: &[PathBuf], options: &[&str]) -> Vec<u8> {
    let mut command = ndlog(".");
    let output = command.args(["cluster", "--format", "json"]).args(paths).args(options).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn found(paths: &[PathBuf]) -> Value {
    serde_json::from_slice(&bytes(paths, &[])).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap()
}

/// The ids of the clusters that some log fails with first.
fn first_ids(found: &Value) -> BTreeSet<String> {
    let sources = list(found, "sources").iter();
    sources.filter_map(|source| source["primary"].as_str()).map(str::to_owned).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let paths = PROGRAMS.map(logs_of);
    let alone = bytes(&paths, &["--threads", "1"]);
    for threads in ["2", "7"] {
        assert!(bytes(&paths, &["--threads", threads]) == alone, "{threads} threads");
    }
}

#[test]
fn any_order_of_the_files_gives_the_same_bytes() {
    let mut paths = PROGRAMS.map(logs_of);
    let forward = bytes(&paths, &[]);
    paths.reverse();
    assert!(bytes(&paths, &[]) == forward, "reversed");
    paths.rotate_left(1);
    assert!(bytes(&paths, &[]) == forward, "rotated");
}

#[test]
fn a_file_met_by_two_paths_is_counted_once() {
    let whole = logs_of("relay");
    let once = found(std::slice::from_ref(&whole));
    let twice = found(&[whole.clone(), whole.join("fail_00.log")]);
    assert_eq!(once["totals"], twice["totals"]);
}

#[test]
fn other_logs_beside_a_failure_do_not_change_its_id() {
    for program in PROGRAMS {
        let log = logs_of(program).join("fail_00.log");
        let alone = first_ids(&found(std::slice::from_ref(&log)));
        let others = PROGRAMS.iter().filter(|other| **other != program).map(|other| logs_of(other));
        let among = first_ids(&found(&others.chain([log]).collect::<Vec<_>>()));
        assert!(!alone.is_empty() && alone.is_subset(&among), "{program}: {alone:?} in {among:?}");
    }
}

/// A failure hides in front of a long quiet build, behind it and between two.
#[test]
fn an_error_behind_much_filler_keeps_its_id() {
    let filler: String =
        (0..20_000).map(|number| format!("compiled unit {number} in {} ms\n", number % 97)).collect();
    for program in PROGRAMS {
        let log = logs_of(program).join("fail_00.log");
        let folder = TempDir::new().unwrap();
        let moved = folder.path().join("long.log");
        let (text, ids) = (fs::read_to_string(&log).unwrap(), first_ids(&found(&[log])));
        for (long, where_) in [
            (format!("{filler}{text}"), "before"),
            (format!("{text}{filler}"), "behind"),
            (format!("{filler}{text}{filler}"), "on both sides"),
        ] {
            fs::write(&moved, long).unwrap();
            assert_eq!(ids, first_ids(&found(std::slice::from_ref(&moved))), "{program}: filler {where_}");
        }
    }
}

#[test]
fn every_line_and_every_occurrence_is_counted() {
    let found = found(&PROGRAMS.map(logs_of));
    let totals = &found["totals"];
    let occurrences: usize = list(&found, "clusters").iter().map(|one| list(one, "occurrences").len()).sum();
    assert_eq!(totals["occurrences"], occurrences);
    let covered = |of: &Value, what: &str| of["coverage"][what].as_u64().unwrap();
    let (mut lines, mut bytes, mut closely) = (0, 0, 0);
    for source in list(&found, "sources") {
        let text = fs::read(source["source"].as_str().unwrap()).unwrap();
        let newlines = text.iter().filter(|byte| **byte == b'\n').count() as u64;
        let in_file = newlines + u64::from(!text.ends_with(b"\n") && !text.is_empty());
        assert_eq!((source["lines"].as_u64(), covered(source, "lines_scanned")), (Some(in_file), in_file));
        assert_eq!(covered(source, "bytes_scanned"), text.len() as u64);
        lines += in_file;
        bytes += text.len() as u64;
        closely += covered(source, "lines_read_closely");
    }
    assert_eq!((covered(totals, "lines_scanned"), covered(totals, "bytes_scanned")), (lines, bytes));
    assert_eq!((totals["lines"].as_u64(), covered(totals, "lines_read_closely")), (Some(lines), closely));
}

/// Standard input can be read once only: what tells a failing log from passing ones comes from that reading.
#[test]
fn a_log_is_read_once_for_its_failure_and_for_what_passing_runs_do_not_say() {
    let logs = logs_of("relay");
    let mut command = ndlog(&logs);
    command.args(["cluster", "-", "--format", "json", "--pass", "pass"]);
    let (_, out, _) = said(command.pipe_stdin(logs.join("fail_00.log")).unwrap());
    let found: Value = serde_json::from_str(&out).unwrap();
    let first = list(&found, "clusters").iter().find(|cluster| cluster["failures"] == 1).unwrap();
    let ranges = list(first, "contrast");
    assert!(!ranges.is_empty() && ranges.iter().all(|range| range["source"] == "-"), "{first}");
}

/// The bytes of an occurrence are the lines it names, so that the original can always be shown.
#[test]
fn every_occurrence_names_the_bytes_of_its_lines() {
    let found = found(&[logs_of("relay")]);
    for occurrence in list(&found, "clusters").iter().flat_map(|cluster| list(cluster, "occurrences")) {
        let text = fs::read(occurrence["source"].as_str().unwrap()).unwrap();
        let number = |key: &str| usize::try_from(occurrence[key].as_u64().unwrap()).unwrap();
        let before = text[..number("byte_start")].iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(before + 1, number("line_start"), "{occurrence}");
        let inside = &text[number("byte_start")..number("byte_end")];
        let ends = inside.iter().filter(|byte| **byte == b'\n').count();
        let open = usize::from(!inside.ends_with(b"\n"));
        assert_eq!(number("line_start") + ends + open - 1, number("line_end"), "{occurrence}");
    }
}
