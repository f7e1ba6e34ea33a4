//! The written test, run for real by Python where it is there, on patterns with hostile text.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use super::write;
use crate::experiment::Pattern;

/// A pattern as `ndlog pattern` writes it, with the command given.
fn pattern(argv: &[&str], regex: &str) -> Pattern {
    let at = serde_json::json!({"source": "logs/a.log", "line": 1});
    serde_json::from_value(serde_json::json!({
        "schema": "ndlog.pattern/1",
        "name": "Ring-Hang.1",
        "oracle": {
            "cluster": "0123456789abcdef", "signature": "s", "kind": "assertion", "layer": "program",
            "title": "a \"title\" \"\"\" \\ $(touch owned) {{ x }}",
            "message": "m", "match_rule": "r", "regex": regex, "at": at,
        },
        "command": {
            "printed": "p", "argv": argv, "framework": "command", "form": "plain", "at": at,
            "variables": {"QUOTED": "it's $(touch owned); `touch owned`\nexport X=1"},
        },
        "environment": [
            {"name": "PATH", "value": "/ci/bin", "at": at},
            {"name": "BAD NAME; touch owned", "value": "x", "at": at},
            {"name": "SECRET", "at": at},
        ],
        "knobs": [{
            "amplifier": "seed-sweep", "levels": [16.0], "unit": "seeds", "cause": "randomness",
            "why": "w", "expected": "raise",
        }],
        "contra": [],
        "rate": {"failing": 1, "runs": 2, "interval": [0.0, 1.0]},
        "budget": {"seconds": 60, "sentence": "s"},
        "logs": {"failing": [], "passing": []},
        "missing": [],
    }))
    .unwrap()
}

fn put(folder: &Path, pattern: &Pattern) {
    fs::create_dir_all(folder.join("tests/amplifiers")).unwrap();
    for file in write(pattern).unwrap() {
        let path = folder.join(&file.path);
        fs::write(&path, &file.text).unwrap();
        if file.executable {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
}

fn ran(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(folder.join("run_test.sh")).args(arguments).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_written_test_counts_only_what_matches_and_keeps_the_logs() {
    let folder = tempfile::tempdir().unwrap();
    // Fails in every third run: run 3 with the signature, run 6 in another way.
    let script = "n=$(cat n 2>/dev/null || echo 0); n=$((n + 1)); echo $n >n
        case $n in 3) echo 'lost 7 frames'; exit 1;; 6) echo other; exit 1;; esac";
    put(folder.path(), &pattern(&["sh", "-c", script], r"lost \d+ frames"));
    let output = ran(folder.path(), &["--plain", "--iterations", "7"]);
    let text = said(&output);
    assert!(text.contains("reproduced 1/7") && text.contains("1 failed in another way"), "{text}");
    assert_eq!(output.status.code(), Some(0));
    let log = fs::read_to_string(folder.path().join("trials/stress/0003/log.1")).unwrap();
    assert_eq!(log, "lost 7 frames\n");
}

#[test]
fn copies_are_one_try_and_memory_is_limited_to_a_share_of_a_plain_run() {
    let folder = tempfile::tempdir().unwrap();
    // Tells its limit on address space, and fails where there is one.
    let script = "sleep 0.2; limit=$(ulimit -v); echo limit $limit; test $limit = unlimited";
    put(folder.path(), &pattern(&["sh", "-c", script], r"limit \d+"));
    let output = ran(folder.path(), &["--parallel", "2", "--memory-limit", "100", "--iterations", "3"]);
    let text = said(&output);
    if text.contains("could not be measured") {
        return eprintln!("skipped: no /proc here");
    }
    assert!(text.contains("reproduced 3/3"), "the plain run that measures is not counted: {text}");
    let limit = fs::read_to_string(folder.path().join("trials/stress/0002/log.1")).unwrap();
    let kibibytes: u64 = limit.trim_start_matches("limit ").trim().parse().unwrap();
    assert!((500..100_000).contains(&kibibytes), "a share of what a shell holds: {kibibytes} KiB");
}

#[test]
fn hostile_text_is_only_text() {
    let folder = tempfile::tempdir().unwrap();
    let argv =
        ["sh", "-c", "printf '%s' \"$QUOTED\" >value; echo \"$1\"", "x", "'\"; touch owned; $(touch owned)"];
    put(folder.path(), &pattern(&argv, "never"));
    let output = ran(folder.path(), &["--once"]);
    assert_eq!(said(&output), "'\"; touch owned; $(touch owned)\n");
    let value = fs::read_to_string(folder.path().join("value")).unwrap();
    assert_eq!(value, "it's $(touch owned); `touch owned`\nexport X=1");
    assert!(!folder.path().join("owned").exists());
}

#[test]
fn what_passes_is_never_reproduced_under_any_amplifier_and_hangs_end() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &pattern(&["sh", "-c", "exit 0"], "never"));
    let all =
        ["--iterations", "2", "--parallel", "1", "--cpu-hogs", "0.5", "--cpu-quota", "50", "--delay", "1"];
    let output = ran(folder.path(), &all);
    assert!(said(&output).contains("did not reproduce"), "{}", said(&output));
    assert_eq!(output.status.code(), Some(1));
    let hanging = ["--plain", "--limit", "0.3", "--iterations", "1", "--", "sleep", "300"];
    let text = said(&ran(folder.path(), &hanging));
    assert!(text.contains("did not end"), "{text}");
}
