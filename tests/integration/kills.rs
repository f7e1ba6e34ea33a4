//! Whoever is killed at any moment loses nothing that was finished and leaves nothing half done.
//!
//! `NDLOG_KILLS=1000 cargo test --test integration kills` kills that often; without it there are a few of each kind.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// Kills of each command.
const KILLS: u64 = 8;

fn kills() -> u64 {
    let asked = std::env::var("NDLOG_KILLS").ok().and_then(|number| number.parse::<u64>().ok());
    asked.map_or(KILLS, |all| all.div_ceil(4))
}

/// Numbers that are the same in every run (xorshift64*).
struct Random(u64);

impl Random {
    /// Returns a number from 0 up to 1.
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn ndlog(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("ndlog"));
    command
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn finished(folder: &Path, arguments: &[&str]) -> Duration {
    let began = Instant::now();
    let status = ndlog(folder, arguments).status().unwrap();
    assert!(matches!(status.code(), Some(0 | 1)), "{arguments:?}: {status}");
    began.elapsed()
}

/// Kills a command at moments spread over the time that it takes, and looks at the folder after each.
fn kill(folder: &Path, arguments: &[&str], takes: Duration, prepare: impl Fn(), check: impl Fn(u64)) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..kills() {
        prepare();
        let mut child = ndlog(folder, arguments).spawn().unwrap();
        sleep(takes.mul_f64(1.1 * random.unit()));
        let _ = child.kill();
        child.wait().unwrap();
        check(round);
    }
}

/// Forty logs in which one of three tests fails.
fn logs(folder: &Path) {
    fs::create_dir(folder.join("logs")).unwrap();
    for number in 0..40 {
        let test = ["Ring.Push", "Ring.Pop", "Ring.Peek"][number % 3];
        let log = format!(
            "2026-03-01T08:00:{number:02}Z Job: unit\n[ RUN      ] {test}\nring.cc:31: Failure\nnobody was woken\n\
             [  FAILED  ] {test} (3 ms)\n{}",
            "a line that says nothing of note\n".repeat(500)
        );
        fs::write(folder.join(format!("logs/{number:02}.log")), log).unwrap();
    }
}

/// Returns the names below a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => open.push(path),
                path => found.push(path.strip_prefix(folder).unwrap().display().to_string()),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_scan_leaves_its_part_whole_or_none() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    logs(path);
    fs::create_dir(path.join("parts")).unwrap();
    let scan = ["scan", "logs", "-o", "parts/a.ndpart"];
    let takes = finished(path, &scan);
    let whole = fs::read(path.join("parts/a.ndpart")).unwrap();
    let old = b"what stood there before";
    let prepare = || fs::write(path.join("parts/a.ndpart"), old).unwrap();
    kill(path, &scan, takes, prepare, |round| {
        let held = fs::read(path.join("parts/a.ndpart")).unwrap();
        assert!(held == whole || held == old, "round {round}: neither the old part nor the new one");
        assert_eq!(names(&path.join("parts")), ["a.ndpart"], "round {round}");
    });
}

#[test]
fn a_collection_goes_on_where_it_was() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    logs(path);
    finished(path, &["new", "whole"]);
    let takes = finished(path, &["collect", "whole", "logs"]);
    let (all, collect) = (names(&path.join("whole")), ["collect", "ring", "logs"]);
    let prepare = || {
        let _ = fs::remove_dir_all(path.join("ring"));
        finished(path, &["new", "ring"]);
    };
    kill(path, &collect, takes, prepare, |round| {
        let stray: Vec<String> =
            names(&path.join("ring")).into_iter().filter(|name| !all.contains(name)).collect();
        assert!(stray.is_empty(), "round {round}: {stray:?}");
        finished(path, &collect);
        assert_eq!(names(&path.join("ring")), all, "round {round}");
        for log in names(&path.join("logs")) {
            let [own, kept] =
                [path.join("logs"), path.join("ring/logs/logs")].map(|top| fs::read(top.join(&log)).unwrap());
            assert!(own == kept, "round {round}: {log}");
        }
    });
}

#[test]
fn a_store_counts_every_run_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    logs(path);
    let cluster = |store| ["cluster", "logs", "--store", store, "--format", "json", "-o", "found.json"];
    let takes = finished(path, &cluster("whole"));
    finished(path, &cluster("whole"));
    let expected = fs::read(path.join("found.json")).unwrap();
    kill(path, &cluster("s"), takes, || (), |_| ());
    finished(path, &cluster("s"));
    finished(path, &cluster("s"));
    assert!(fs::read(path.join("found.json")).unwrap() == expected, "as if nobody had been killed");
    assert!(names(&path.join("s/unfinished")).is_empty(), "nothing stray");
    let files =
        |store: &str| names(&path.join(store)).into_iter().filter(|name| name.contains("facts")).count();
    assert_eq!(files("s"), files("whole"));
}

#[test]
fn a_proof_keeps_every_run_that_ended() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    finished(path, &["new", "ring"]);
    let verify = |more: &[&'static str]| {
        let ends = ["--", "sh", "-c", "echo lost 3 frames; sleep 0.01; exit 1"];
        [&["verify", "ring", "--oracle", r"lost \d+ frames", "--budget", "3s"], more, &ends].concat()
    };
    let results = || -> Vec<(String, Vec<u8>)> {
        // A run has ended when its folder has its name; before, it begins with a dot.
        let has_ended = |name: &String| name.ends_with("/result.json") && !name.starts_with('.');
        let all = names(&path.join("ring/trials")).into_iter().filter(has_ended);
        all.map(|name| (name.clone(), fs::read(path.join("ring/trials").join(name)).unwrap())).collect()
    };
    let mut random = Random(7);
    for round in 0..kills() {
        let before = results();
        let more: &[&str] = if before.is_empty() { &[] } else { &["--resume"] };
        let mut child = ndlog(path, &verify(more)).spawn().unwrap();
        sleep(Duration::from_secs_f64(0.6 * random.unit()));
        let _ = child.kill();
        child.wait().unwrap();
        let after = results();
        let kept = before.iter().all(|old| after.contains(old));
        assert!(kept, "round {round}: a run that had ended is gone or another one");
        for (name, held) in &after {
            let read = serde_json::from_slice::<serde_json::Value>(held);
            assert!(read.is_ok(), "round {round}: {name} is half written");
        }
    }
    finished(path, &verify(if results().is_empty() { &[] } else { &["--resume"] }));
    assert!(names(&path.join("ring")).iter().all(|name| !name.contains("/.0") && !name.contains(".ndlog-")));
}
