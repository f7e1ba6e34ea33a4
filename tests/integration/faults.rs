//! Faults of the machine while ndlog runs: streams that are closed or full, folders that take nothing, logs that change
//! while they are read. None changes what is found, and each is said.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a log that failed and something that cannot be read.
fn logs() -> TempDir {
    let folder = TempDir::new().unwrap();
    let log = "FAILED tests/test_ring.py::test_pop - assert 3 == 4\n1 failed in 0.1s\n";
    fs::write(folder.path().join("a.log"), log).unwrap();
    fs::write(folder.path().join("bad.gz"), b"\x1f\x8b\x08broken").unwrap();
    folder
}

/// Runs a line in a shell, in which `ndlog` is the program.
fn shell(folder: &Path, line: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_ndlog")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", program.display());
    Command::new("sh").args(["-c", line]).current_dir(folder).env("PATH", path).output().unwrap()
}

#[test]
fn a_standard_error_that_is_closed_or_full_changes_no_result() {
    let folder = logs();
    for command in
        ["why a.log", "why a.log bad.gz", "cluster a.log bad.gz --format json", "cluster a.log --exit-code"]
    {
        let usual = shell(folder.path(), &format!("ndlog {command}"));
        for gone in ["2>&-", "2>/dev/full"] {
            let output = shell(folder.path(), &format!("ndlog {command} {gone}"));
            assert_eq!(output.status.code(), usual.status.code(), "{command} {gone}");
            assert!(output.stdout == usual.stdout && !output.stdout.is_empty(), "{command} {gone}");
        }
    }
}

#[test]
fn a_result_that_cannot_be_written_is_code_2() {
    let folder = logs();
    for command in [
        "cluster a.log >/dev/full",
        "cluster a.log --format json >/dev/full",
        "report a.log --format html -o /dev/full",
        "cluster a.log --format json -o /proc/report",
        "scan a.log -o /proc/a.ndpart",
        "templates a.log >/dev/full",
        "schema clusters >/dev/full",
    ] {
        let output = shell(folder.path(), &format!("ndlog {command}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command}: {said}");
        let why = ["cannot write", "No space left"].iter().any(|words| said.contains(words));
        assert!(why, "{command}: {said}");
    }
}

#[test]
fn a_store_in_a_folder_that_takes_nothing_costs_no_finding() {
    let folder = logs();
    let output = shell(folder.path(), "ndlog cluster a.log --store /proc/store --format json");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("cannot use the store /proc/store"), "{said}");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["totals"]["sources"], 1);

    // A folder of something else was named by mistake.
    let mistaken = shell(folder.path(), "ndlog cluster a.log --store .");
    assert_eq!((mistaken.status.code(), mistaken.stdout.len()), (Some(2), 0));
}

/// A file that is cut under a reader kills the process that has mapped it, unless that is prepared for it.
#[test]
fn a_log_that_is_cut_while_it_is_read_ends_no_process() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("big.log");
    let line = |number: usize| match number % 1000 {
        0 => format!("error: ring {number} is torn and nobody looks\n"),
        _ => format!(
            "{number} of the rings that are well and turn as they should, as they did the day before\n"
        ),
    };
    let text: String = (0..150_000).map(line).collect();
    let read = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ndlog"));
        let command = command.current_dir(folder.path()).args(["cluster", "big.log", "--format", "json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    fs::write(&path, &text).unwrap();
    let began = Instant::now();
    read().wait_with_output().unwrap();
    let takes = began.elapsed();
    let cuts = [0, 4096, text.len() / 3, text.len() / 2, 1, 100_000];
    for (round, left) in cuts.into_iter().enumerate() {
        fs::write(&path, &text).unwrap();
        let child = read();
        sleep(takes.mul_f64(round as f64 / 8.0).min(Duration::from_secs(5)));
        File::options().write(true).open(&path).unwrap().set_len(left as u64).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 2 | 3)), "cut to {left}: {}: {said}", output.status);
        assert!(output.status.code() == Some(2) || serde_json::from_slice::<Value>(&output.stdout).is_ok());
    }
}
