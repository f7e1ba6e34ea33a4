//! Facts of shards add up: what is scanned in parts and merged is what one run finds, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use ndlog::inner::{Catalog, Clustered, Logs, Parts, Request, Scan, cluster, merge, scan};
use predicates::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;

use crate::program::{data, ndlog};

/// Runs a command that must end with this code, and returns what it wrote.
fn output(command: &mut Command, code: i32) -> (Vec<u8>, String) {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{error}");
    (output.stdout, error)
}

/// Logs of several programs, of a test suite, and of one run in an archive's folder, as paths below `datasets/`.
fn logs() -> Vec<String> {
    let mut logs = Vec::new();
    for folder in ["lab/relay/logs", "lab/settings/logs", "lab/ledger/logs", "suite/runs", "attempt"] {
        collect(&data(""), Path::new(folder), &mut logs);
    }
    logs.retain(|log| !log.contains("/pass/"));
    logs.sort();
    assert!(logs.len() > 60, "{}", logs.len());
    logs
}

fn collect(top: &Path, folder: &Path, logs: &mut Vec<String>) {
    for entry in fs::read_dir(top.join(folder)).unwrap().map(|entry| entry.unwrap().file_name()) {
        let path = folder.join(entry);
        match top.join(&path).is_dir() {
            true => collect(top, &path, logs),
            false => logs.push(path.display().to_string()),
        }
    }
}

fn list(folder: &Path, name: &str, logs: &[&String]) -> PathBuf {
    let path = folder.join(name);
    let lines: String = logs.iter().map(|log| format!("{log}\n")).collect();
    fs::write(&path, lines).unwrap();
    path
}

fn scan_list(list: &Path, part: &Path, more: &[&str]) {
    let mut command = ndlog(data(""));
    command.args(["scan", "--files-from"]).arg(list).arg("-o").arg(part).args(more);
    output(&mut command, 0);
}

/// Returns what one run finds in the logs.
fn found(logs: &[String], pass: &[&str]) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let all: Vec<&String> = logs.iter().collect();
    let whole = list(folder.path(), "all", &all);
    let mut command = ndlog(data(""));
    output(command.args(["cluster", "--format", "json", "--files-from"]).arg(whole).args(pass), 0).0
}

/// Asserts that the logs give in these parts what is `expected`.
fn check(logs: &[String], part_of: &[usize], threads: &str, pass: &[&str], expected: &[u8]) {
    let folder = TempDir::new().unwrap();
    let mut parts = Vec::new();
    let most = part_of.iter().max().copied().unwrap_or(0);
    for number in 0..=most {
        let own: Vec<&String> =
            logs.iter().zip(part_of).filter(|(_, part)| **part == number).map(|(log, _)| log).collect();
        if own.is_empty() {
            continue;
        }
        let (list, part) = (
            list(folder.path(), &format!("list {number}"), &own),
            folder.path().join(format!("{number}.ndpart")),
        );
        let more: Vec<&str> = ["--threads", threads].into_iter().chain(pass.iter().copied()).collect();
        scan_list(&list, &part, &more);
        parts.push(part);
    }
    for _ in 0..2 {
        parts.reverse();
        let mut command = ndlog(data(""));
        command.args(["merge", "--format", "json", "--threads", threads]).args(&parts);
        let (merged, _) = output(&mut command, 0);
        assert!(merged == expected, "{} parts differ from one run, threads {threads}", parts.len());
    }
}

#[test]
fn any_split_in_any_order_on_any_threads_gives_the_same_bytes() {
    let logs = logs();
    let expected = found(&logs, &[]);
    let splits = (prop::collection::vec(0_usize..5, logs.len()), 1_usize..4);
    let mut runner = TestRunner::new(Config { cases: 6, failure_persistence: None, ..Config::default() });
    let run = runner.run(&splits, |(part_of, threads)| {
        check(&logs, &part_of, &threads.to_string(), &[], &expected);
        Ok(())
    });
    run.unwrap();
}

/// Fourteen small sources: tests that fail in several ways, a JUnit report, a log that passes, and the sources of one attempt.
fn small(folder: &Path) -> Vec<PathBuf> {
    let mut sources = Vec::new();
    let mut put = |name: String, text: String| {
        fs::write(folder.join(&name), text).unwrap();
        sources.push(folder.join(name));
    };
    for number in 0..7_u32 {
        let (test, words) =
            [("Ring.Push", "it is full"), ("Ring.Pop", "nobody was woken")][number as usize % 2];
        let log = format!(
            "2026-03-0{}T08:00:00Z Job: unit\n2026-03-01T08:00:01Z [ RUN      ] {test}\nring.cc:31: Failure\n{words}\n\
             2026-03-01T08:00:02Z [  FAILED  ] {test} (3 ms)\n",
            number + 1
        );
        put(format!("{number}.log"), log);
    }
    put(
        "pass.log".to_owned(),
        "[ RUN      ] Ring.Pop\n[       OK ] Ring.Pop (3 ms)\n[  PASSED  ] 1 test.\n".to_owned(),
    );
    let report = "<testsuites><testsuite name=\"unit\"><testcase classname=\"Ring\" name=\"Pop\"><failure \
                  message=\"nobody was woken\">ring.cc:31</failure></testcase></testsuite></testsuites>";
    put("report.xml".to_owned(), report.to_owned());
    let mut attempt = Vec::new();
    collect(&data(""), Path::new("attempt/7000000001"), &mut attempt);
    sources.extend(attempt.iter().map(|path| data("").join(path)));
    sources
}

#[test]
fn two_hundred_random_splits_of_small_sources_give_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    let sources = small(folder.path());
    let catalog = Catalog::embedded();
    let request = |paths: Vec<PathBuf>| Request { paths, ..Request::default() };
    let logs = Logs {
        request: request(sources.clone()),
        passing: Request::default(),
        catalog,
        threads: Some(1),
        jobs: None,
        memory: None,
    };
    let written = |clustered: Clustered| serde_json::to_string(&clustered.findings).unwrap();
    let expected = written(cluster(&logs).unwrap());
    let splits = (prop::collection::vec(0_usize..6, sources.len()), 1_usize..4, any::<bool>());
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let run = runner.run(&splits, |(part_of, threads, backwards)| {
        let threads = Some(threads);
        let mut parts = Vec::new();
        for number in 0..6 {
            let own = sources.iter().zip(&part_of).filter(|(_, part)| **part == number);
            let paths: Vec<PathBuf> = own.map(|(path, _)| path.clone()).collect();
            if paths.is_empty() {
                continue;
            }
            let mut bytes = Vec::new();
            scan(
                &Scan { request: request(paths), passing: Request::default(), catalog, threads },
                &mut bytes,
            )
            .unwrap();
            let part = folder.path().join(format!("{number}.ndpart"));
            fs::write(&part, bytes).unwrap();
            parts.push(part);
        }
        if backwards {
            parts.reverse();
        }
        let merged = merge(&Parts { paths: parts, catalog, threads, jobs: None }).unwrap();
        prop_assert!(written(merged) == expected);
        Ok(())
    });
    run.unwrap();
}

#[test]
fn parts_with_passing_runs_give_the_same_comparison() {
    let logs: Vec<String> = logs().into_iter().filter(|log| log.starts_with("lab/relay")).collect();
    let part_of: Vec<usize> = (0..logs.len()).map(|at| at % 3).collect();
    let pass = ["--pass", "lab/relay/logs/pass"];
    check(&logs, &part_of, "2", &pass, &found(&logs, &pass));
}

#[test]
fn every_report_of_parts_is_that_of_the_logs() {
    let folder = TempDir::new().unwrap();
    let part = folder.path().join("a.ndpart");
    output(ndlog(data("")).args(["scan", "lab/relay/logs", "-o"]).arg(&part), 0);
    for format in ["table", "csv", "jsonl"] {
        let of_logs = output(ndlog(data("")).args(["cluster", "lab/relay/logs", "--format", format]), 0).0;
        let of_part = output(ndlog(data("")).args(["merge", "--format", format]).arg(&part), 0).0;
        assert!(of_logs == of_part, "{format}");
    }
    for format in ["markdown", "html", "junit", "sarif"] {
        let of_logs = output(ndlog(data("")).args(["report", "lab/relay/logs", "--format", format]), 0).0;
        let of_part = output(ndlog(data("")).args(["merge", "--format", format]).arg(&part), 0).0;
        assert!(of_logs == of_part, "{format}");
    }
    let report = output(ndlog(data("")).args(["report", "--format", "csv", "--from"]).arg(&part), 0).0;
    let of_part = output(ndlog(data("")).args(["merge", "--format", "csv"]).arg(&part), 0).0;
    assert!(report == of_part, "a report takes a part as it takes findings");
}

#[test]
fn a_log_in_two_parts_counts_once_and_another_of_its_name_is_said() {
    let folder = TempDir::new().unwrap();
    let (path, log) = (folder.path(), fs::read(data("").join("lab/relay/logs/fail_00.log")).unwrap());
    fs::write(path.join("a.log"), &log).unwrap();
    for part in ["1", "2"] {
        output(ndlog(path).args(["scan", "a.log", "-o", part]), 0);
        output(ndlog(path).args(["scan", "a.log", "--threads", "1", "-o", &format!("{part}0")]), 0);
    }
    assert!(
        fs::read(path.join("1")).unwrap() == fs::read(path.join("10")).unwrap(),
        "threads change no byte"
    );
    let once = output(ndlog(path).args(["merge", "--format", "json", "1"]), 0).0;
    assert!(output(ndlog(path).args(["merge", "--format", "json", "1", "2"]), 0).0 == once);
    fs::write(path.join("a.log"), [log.as_slice(), b"one more line\n"].concat()).unwrap();
    output(ndlog(path).args(["scan", "a.log", "-o", "3"]), 0);
    let (_, error) = output(ndlog(path).args(["merge", "1", "3"]), 3);
    assert!(error.contains("holds another log called a.log"), "{error}");
}

#[test]
fn a_part_that_was_cut_or_mangled_is_named_and_the_rest_counts() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    for program in ["relay", "ledger"] {
        let logs = data("").join("lab").join(program).join("logs");
        output(ndlog(path).arg("scan").arg(logs).args(["-o", program]), 0);
    }
    let whole = fs::read(path.join("relay")).unwrap();
    let sources = |parts: &[&str], code| {
        let (json, error) = output(ndlog(path).args(["merge", "--format", "json"]).args(parts), code);
        let found: serde_json::Value = serde_json::from_slice(&json).unwrap();
        (found["totals"]["sources"].as_u64().unwrap(), error)
    };
    let all = sources(&["relay", "ledger"], 0).0;
    fs::write(path.join("cut"), &whole[..whole.len() / 2]).unwrap();
    let (kept, error) = sources(&["cut", "ledger"], 3);
    assert!(error.contains("cut: ends in the middle of a record at bytes "), "{error}");
    assert!(kept < all && kept > sources(&["ledger"], 0).0, "{kept} of {all}");
    let mut mangled = whole.clone();
    mangled[whole.len() / 3] ^= 0x10;
    fs::write(path.join("mangled"), &mangled).unwrap();
    let (kept, error) = sources(&["mangled", "ledger"], 3);
    assert!(error.contains("mangled: "), "{error}");
    assert!(kept < all && kept + 40 > all, "{kept} of {all}: {error}");
    fs::write(path.join("text"), "no part\n").unwrap();
    let (kept, error) = sources(&["relay", "ledger", "text"], 3);
    assert!(error.contains("text: is no part: `ndlog scan LOGS -o FILE` writes one"), "{error}");
    assert_eq!(kept, all);
    ndlog(path)
        .args(["merge", "text"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("none of the parts"));
    ndlog(path).args(["merge", "missing"]).assert().code(2);
}

#[test]
fn nothing_is_written_where_nothing_could_be_read() {
    let folder = TempDir::new().unwrap();
    ndlog(folder.path()).args(["scan", "missing.log", "-o", "a"]).assert().code(2);
    ndlog(folder.path()).args(["scan", "-o", "a"]).assert().code(2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "not even an unfinished file");
}
