//! A store remembers: a second look reads only what is new, and failures are new, back again or gone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::run;

fn ndlog(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ndlog"));
    command.current_dir(folder).args(arguments).env_remove("COLUMNS");
    command
}

/// Runs a command that must end with this code, and returns what it wrote to both streams.
fn output(folder: &Path, arguments: &[&str], code: i32) -> (String, String) {
    let (ended, out, error) = run(folder, arguments);
    assert_eq!(ended, Some(code), "{arguments:?}: {error}");
    (out, error)
}

/// Looks at some logs with the store `s`; returns the findings, and how many inputs were read and known.
fn look(folder: &Path, logs: &str) -> (Value, (usize, usize)) {
    let (out, error) = output(folder, &["cluster", logs, "--store", "s", "--format", "json"], 0);
    let told = error.lines().find(|line| line.contains("inputs read")).unwrap();
    let numbers: Vec<usize> = told.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    (serde_json::from_str(&out).unwrap(), (numbers[0], numbers[1]))
}

/// Returns findings without what a store adds.
fn forgotten(mut findings: Value) -> Value {
    findings.as_object_mut().unwrap().remove("gone");
    for cluster in findings["clusters"].as_array_mut().unwrap() {
        cluster.as_object_mut().unwrap().remove("past");
    }
    findings
}

/// Writes the log of one run of a job in which these tests fail.
fn write_run(folder: &Path, name: &str, day: u32, failing: &[&str]) {
    let mut log = format!("2026-03-{day:02}T08:00:00Z Job: unit\n");
    let tests = [
        ("Ring.Push", "the buffer dropped an element although it had room"),
        ("Ring.Pop", "Expected equality of these values: 3 and 7"),
        ("Ring.Peek", "nobody was woken"),
    ];
    for (test, words) in tests {
        let failed = failing.contains(&test);
        log += &format!("2026-03-{day:02}T08:00:01Z [ RUN      ] {test}\n");
        if failed {
            log += &format!("ring.cc:31: Failure\n{words}\n");
        }
        let verdict = if failed { "[  FAILED  ]" } else { "[       OK ]" };
        log += &format!("2026-03-{day:02}T08:00:02Z {verdict} {test} (3 ms)\n");
    }
    let code = i32::from(!failing.is_empty());
    log += &match code {
        0 => format!("2026-03-{day:02}T08:00:03Z [  PASSED  ] 3 tests.\n"),
        _ => format!("2026-03-{day:02}T08:00:03Z ##[error]Process completed with exit code 1.\n"),
    };
    fs::create_dir_all(folder.join(name)).unwrap();
    fs::write(folder.join(name).join(format!("unit_{day:02}.log")), log).unwrap();
}

/// The settings that name the job by the log's name.
fn settings(folder: &Path) {
    fs::write(folder.join(".ndlog.toml"), "[jobs]\npattern = '(unit)_[0-9]+'\n").unwrap();
}

/// What the store says of the failure of a test.
fn past<'f>(findings: &'f Value, test: &str) -> &'f Value {
    let clusters = findings["clusters"].as_array().unwrap();
    let cluster = clusters.iter().find(|cluster| cluster["tests"][0] == test);
    &cluster.unwrap_or_else(|| panic!("no cluster of {test}: {findings}"))["past"]
}

fn suite(folder: &Path) {
    let runs = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/suite/runs");
    for run in fs::read_dir(runs).unwrap().map(|entry| entry.unwrap().path()) {
        let to = folder.join("runs").join(run.file_name().unwrap());
        fs::create_dir_all(&to).unwrap();
        for file in fs::read_dir(run).unwrap().map(|entry| entry.unwrap().path()) {
            fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
        }
    }
}

#[test]
fn a_second_look_reads_only_what_is_new_and_finds_the_same() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    suite(path);
    let (out, _) = output(path, &["cluster", "runs", "--format", "json"], 0);
    let plain: Value = serde_json::from_str(&out).unwrap();
    let (first, counts) = look(path, "runs");
    assert!(counts.0 > 30 && counts.1 == 0, "{counts:?}");
    assert_eq!(forgotten(first.clone()), plain);
    let (second, again) = look(path, "runs");
    assert_eq!(again, (0, counts.0));
    assert_eq!(second, first, "the same logs give the same, however often");
    fs::create_dir(path.join("runs/run_x")).unwrap();
    fs::write(path.join("runs/run_x/unit.log"), "ring.cc:1: Failure\n").unwrap();
    assert_eq!(look(path, "runs").1, (1, counts.0), "one more log costs one");
    fs::remove_dir_all(path.join("runs/run_x")).unwrap();
    fs::remove_dir_all(path.join("s/facts")).unwrap();
    fs::create_dir(path.join("s/facts")).unwrap();
    look(path, "runs");
    let (all, _) = output(path, &["cluster", "--store=s", "--format", "json"], 0);
    assert_eq!(forgotten(serde_json::from_str(&all).unwrap()), plain, "what is remembered is what was read");
}

#[test]
fn a_failure_is_new_then_as_before_then_gone_then_back() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    settings(path);
    for day in 1..=4 {
        write_run(path, "one", day, &["Ring.Pop"]);
    }
    assert_eq!(past(&look(path, "one").0, "Ring.Pop")["state"], Value::Null, "nothing to compare with");
    write_run(path, "two", 5, &["Ring.Pop", "Ring.Push"]);
    let (second, _) = look(path, "two");
    assert_eq!(past(&second, "Ring.Push")["state"], "new");
    let ongoing = past(&second, "Ring.Pop");
    assert_eq!(
        (&ongoing["state"], &ongoing["failed"], &ongoing["ran"]),
        (&"ongoing".into(), &5.into(), &5.into())
    );
    assert_eq!(ongoing["first_seen"]["time"], "2026-03-01T08:00:00Z");
    for day in 6..=10 {
        write_run(path, "three", day, &[]);
    }
    let (third, _) = look(path, "three");
    let gone: Vec<&str> =
        third["gone"].as_array().unwrap().iter().map(|gone| gone["test"].as_str().unwrap()).collect();
    assert_eq!(gone, ["Ring.Pop"], "one sighting of the other is too few to tell: {}", third["gone"]);
    assert_eq!(third["gone"][0]["runs_since"], 5);
    let (shown, _) = output(path, &["cluster", "three", "--store", "s"], 0);
    assert!(shown.contains("Gone: remembered") && shown.contains("Ring.Pop: 5 runs without it"), "{shown}");
    write_run(path, "four", 11, &["Ring.Pop"]);
    let (fourth, _) = look(path, "four");
    let back = past(&fourth, "Ring.Pop");
    assert_eq!((&back["state"], &back["absent"]), (&"back".into(), &5.into()));
    assert_eq!((&back["failed"], &back["ran"]), (&6.into(), &11.into()));
    let (shown, _) = output(path, &["cluster", "four", "--store", "s"], 0);
    assert!(shown.contains("BACK AGAIN") && shown.contains("back after 5 runs without it"), "{shown}");
    let weeks: u64 = back["weeks"].as_array().unwrap().iter().map(|week| week["ran"].as_u64().unwrap()).sum();
    assert_eq!(weeks, 11);
}

#[test]
fn a_log_that_moved_is_the_same_run() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    settings(path);
    write_run(path, "one", 1, &["Ring.Pop"]);
    write_run(path, "one", 2, &["Ring.Pop"]);
    look(path, "one");
    fs::rename(path.join("one"), path.join("moved")).unwrap();
    let (found, counts) = look(path, "moved");
    assert_eq!(counts, (2, 0), "facts name their source, so it is read again");
    assert_eq!(past(&found, "Ring.Pop")["ran"], 2, "yet counts once");
}

/// Makes a store of two runs that earlier rules have read. Returns the folder of what the rules of today read.
fn read_by_earlier_rules(path: &Path) -> PathBuf {
    write_run(path, "one", 1, &["Ring.Pop"]);
    write_run(path, "one", 2, &[]);
    look(path, "one");
    let rules = fs::read_dir(path.join("s/facts")).unwrap().next().unwrap().unwrap().path();
    fs::rename(&rules, path.join("s/facts/older")).unwrap();
    rules
}

#[test]
fn facts_of_other_rules_are_read_again_and_so_are_damaged_ones() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let rules = read_by_earlier_rules(path);
    let (found, counts) = look(path, "one");
    assert_eq!(counts, (2, 0));
    for entry in fs::read_dir(&rules).unwrap().map(|entry| entry.unwrap().path()) {
        for file in fs::read_dir(entry).unwrap().map(|entry| entry.unwrap().path()) {
            let mut bytes = fs::read(&file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(file, bytes).unwrap();
        }
    }
    let (again, counts) = look(path, "one");
    assert_eq!((again, counts), (found, (2, 0)), "a damaged file is as if it were not there");
    assert_eq!(look(path, "one").1, (0, 2));
}

#[test]
fn what_only_earlier_rules_have_read_counts_until_it_is_read_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    read_by_earlier_rules(path);
    let all = || -> Value {
        serde_json::from_str(&output(path, &["cluster", "--store=s", "--format", "json"], 0).0).unwrap()
    };
    let remembered = all();
    assert_eq!(remembered["totals"]["sources"], 2, "an update of ndlog forgets no run");
    assert_eq!(look(path, "one").1, (2, 0));
    assert_eq!(all(), remembered, "and counts none twice");
    assert!(!path.join("s/facts/older").exists(), "what was read again is not kept twice");
}

#[test]
fn a_log_that_grows_is_one_run() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join(".ndlog.toml"), "[jobs]\npattern = '(unit)'\n").unwrap();
    write_run(path, "logs", 1, &[]);
    write_run(path, "logs", 2, &["Ring.Pop"]);
    let whole = fs::read_to_string(path.join("logs/unit_02.log")).unwrap();
    for part in [whole.len() / 3, whole.len() * 2 / 3, whole.len()] {
        let end = whole[..part].rfind('\n').unwrap() + 1;
        fs::write(path.join("logs/unit_02.log"), &whole[..end]).unwrap();
        look(path, "logs");
    }
    let all: Value =
        serde_json::from_str(&output(path, &["cluster", "--store=s", "--format", "json"], 0).0).unwrap();
    assert_eq!(all["totals"]["sources"], 2, "{}", all["sources"]);
    let past = past(&all, "Ring.Pop");
    assert_eq!((&past["failed"], &past["ran"]), (&1.into(), &2.into()));
}

#[test]
fn one_who_is_killed_at_any_point_leaves_a_store_that_is_whole() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    suite(path);
    for round in 0..25_u64 {
        let mut command = ndlog(path, &["cluster", "runs", "--store", "s", "--threads", "2"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(round * 37 % 400));
        let _ = child.kill();
        child.wait().unwrap();
    }
    let (found, _) = look(path, "runs");
    let (out, error) = output(path, &["cluster", "runs", "--format", "json"], 0);
    assert_eq!(forgotten(found.clone()), serde_json::from_str::<Value>(&out).unwrap(), "{error}");
    let (_, (read, known)) = look(path, "runs");
    assert!(read == 0 && known > 30, "{read} {known}");
    assert_eq!(fs::read_dir(path.join("s/unfinished")).unwrap().count(), 0, "nothing stray");
    let ran = found["clusters"][0]["past"]["ran"].as_u64();
    assert_eq!(ran, Some(30), "every run counts once, however often it was seen");
}

#[test]
fn two_who_write_at_once_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    settings(path);
    let names = ["a", "b", "c", "d"];
    for (name, day) in names.iter().zip(1..) {
        write_run(path, name, day, &["Ring.Pop"]);
        write_run(path, name, day + 10, &[]);
    }
    let children: Vec<_> = names
        .iter()
        .map(|name| ndlog(path, &["cluster", name, "--store", "s"]).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let (all, _) = output(path, &["cluster", "--store=s", "--format", "json"], 0);
    let all: Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["totals"]["sources"], 8);
    let past = past(&all, "Ring.Pop");
    assert_eq!((&past["failed"], &past["ran"]), (&4.into(), &8.into()));
}

#[test]
fn the_settings_turn_it_on_and_an_option_off() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    write_run(path, "one", 1, &["Ring.Pop"]);
    let (out, _) = output(path, &["cluster", "one", "--format", "json"], 0);
    assert!(!out.contains("\"past\"") && !path.join(".ndlog").exists(), "off where nobody asks for it");
    output(path, &["init", "--store"], 0);
    output(path, &["cluster", "one", "--no-store"], 0);
    assert!(!path.join(".ndlog").exists());
    let (out, _) = output(path, &["cluster", "one", "--format", "json"], 0);
    assert!(out.contains("\"past\"") && path.join(".ndlog/.gitignore").is_file(), "{out}");
    for command in ["why", "report"] {
        let code = i32::from(command == "why");
        assert!(output(path, &[command, "one"], code).0.contains("past"), "{command}");
    }
    let (_, error) = output(path, &["cluster", "one", "--store", "one"], 2);
    assert!(error.contains("it is no store: it holds other files"), "{error}");
    let (_, error) = output(path, &["cluster", "--store=none"], 2);
    assert!(error.contains("the store remembers no log yet"), "{error}");
}

#[test]
fn a_store_that_cannot_be_written_costs_no_finding_and_is_said() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    for day in 1..=3 {
        write_run(path, "one", day, &["Ring.Pop"]);
    }
    let program = env!("CARGO_BIN_EXE_ndlog");
    // No file may become longer than one block: as a full disk, for all but the shortest.
    let script = format!("trap '' XFSZ; ulimit -f 1; exec {program} cluster one --store s --format json");
    let output = Command::new("bash").args(["-c", &script]).current_dir(path).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{error}");
    assert!(error.contains("cannot remember what was read"), "{error}");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["totals"]["sources"], 3);
    assert_eq!(fs::read_dir(path.join("s/unfinished")).unwrap().count(), 0);
    assert_eq!(look(path, "one").1.0, 3, "what was not remembered is read again");
}

#[test]
fn a_log_that_is_written_anew_each_day_is_a_run_each_day() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join(".ndlog.toml"), "[jobs]\npattern = '(unit)'\n").unwrap();
    for (day, failing) in [(1, ["Ring.Pop"].as_slice()), (2, &[]), (3, &["Ring.Pop"])] {
        write_run(path, "new", day, failing);
        fs::rename(path.join("new").join(format!("unit_{day:02}.log")), path.join("unit.log")).unwrap();
        look(path, "unit.log");
    }
    let (all, _) = output(path, &["cluster", "--store=s", "--format", "json"], 0);
    let all: Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["totals"]["sources"], 3);
    assert!(all["sources"][0]["source"].as_str().unwrap().starts_with("unit.log@"), "{}", all["sources"][0]);
    let past = past(&all, "Ring.Pop");
    assert_eq!((&past["failed"], &past["ran"]), (&2.into(), &3.into()));
}
