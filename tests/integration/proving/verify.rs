//! `verify` on small programs whose behaviour is known.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::story::{collected, pattern};
use crate::desk::Desk;
use crate::skip::skip;

/// Fails in every second run, with the signature in every fourth.
const SOMETIMES: &str = "n=$(cat n 2>/dev/null || echo 0); n=$((n + 1)); echo $n >n
    case $((n % 4)) in 0) echo 'lost 3 frames'; exit 1;; 2) echo 'another one'; exit 1;; esac";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.run(&["new", "x"]);
    desk
}

fn verify<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["verify", "x", "--oracle", "lost \\d+ frames"], more].concat()
}

fn started(desk: &Desk, more: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ndlog"));
    command.args(verify(more)).current_dir(desk.path("")).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn wait_for_trials(desk: &Desk, count: usize) {
    let began = Instant::now();
    let folder = desk.path(&format!("x/trials/{count:04}"));
    while !folder.exists() {
        assert!(began.elapsed() < Duration::from_secs(120), "no trial {count}");
        sleep(Duration::from_millis(20));
    }
}

/// Stops a proof after so many runs and returns its exit code and what it said.
fn stopped_after(desk: &Desk, trials: usize, more: &[&str]) -> (Option<i32>, String) {
    let child = started(desk, &[&["--budget", "10m"], more].concat());
    wait_for_trials(desk, trials);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn only_the_signature_is_counted_and_everything_is_written_down() {
    let desk = desk();
    let said = desk.run(&verify(&["--budget", "4s", "--", "sh", "-c", SOMETIMES]));
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("reproduced ") && said.out.contains("failed in another way"), "{said:?}");
    let outcome: serde_json::Value = serde_json::from_str(&desk.text("x/trials/outcome.json")).unwrap();
    let hits: u64 = outcome["arms"].as_array().unwrap().iter().map(|arm| arm["hits"].as_u64().unwrap()).sum();
    let matching = desk.files("x/trials").iter().filter(|path| path.ends_with("/log")).count() as u64;
    assert!(hits > 0 && hits < matching, "{hits} of {matching}");
    let sentence = outcome["sentence"].as_str().unwrap();
    assert!(desk.text("x/README.md").contains(&format!("**{sentence}**")));
}

#[test]
fn a_program_that_passes_is_never_reproduced() {
    let desk = desk();
    let said = desk.run(&verify(&["--budget", "2s", "--", "sh", "-c", "echo lost 3 frames"]));
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.contains("did not reproduce in "), "{said:?}");
}

#[test]
fn a_killed_proof_goes_on_and_loses_no_finished_run() {
    let desk = desk();
    let command = ["--budget", "6s", "--", "sh", "-c", "sleep 0.05; sleep 300 & exit 0"];
    let mut killed = started(&desk, &command);
    wait_for_trials(&desk, 4);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let first = desk.text("x/trials/0001/result.json");
    let resumed = desk.run(&verify(&[&["--resume"], &command[..]].concat()));
    assert_eq!(resumed.code, 1, "{resumed:?}");
    assert!(resumed.err.contains("resumed after"), "{resumed:?}");
    assert_eq!(desk.text("x/trials/0001/result.json"), first);
    assert!(desk.files("x/trials").iter().all(|path| !path.contains("/.0")), "nothing half done is left");
    let other = desk.run(&verify(&["--resume", "--", "true"]));
    assert!(other.code == 2 && other.err.contains("ran another command"), "{other:?}");
}

#[test]
fn a_proof_that_is_stopped_tells_what_it_has() {
    let desk = desk();
    let (code, out) = stopped_after(&desk, 2, &["--", "sh", "-c", "sleep 0.1"]);
    assert!(code == Some(1) && out.contains("did not reproduce in "), "{out}");
}

/// A program that load has slowed reaches its limit as well: it says the same words, but works until then.
#[test]
fn only_a_run_that_stands_still_until_its_limit_is_a_deadlock() {
    let desk = collected("transfer");
    assert_eq!(pattern(&desk)["causes"][0]["cause"], "deadlock");
    desk.put(
        "tellers.py",
        "import os, sys, time
for _ in range(200): time.sleep(0.004)
if os.path.exists('x/trials/0002'):
    if sys.argv[1] == 'slow': [time.sleep(0.004) for _ in range(400)]
    else: time.sleep(2.5)
    sys.exit('lost 3 frames')
",
    );
    for (manner, code, words) in [("slow", 1, "while still at work"), ("stuck", 0, "reproduced ")] {
        let (ended, out) = stopped_after(&desk, 4, &["--", "python3", "tellers.py", manner]);
        assert!(ended == Some(code) && out.contains(words), "{manner}: {out}");
        std::fs::remove_dir_all(desk.path("x/trials")).unwrap();
    }
}

#[test]
fn what_cannot_be_run_is_told_with_the_next_step() {
    let desk = desk();
    for (more, next) in [
        (&["--", "/no/such/program"][..], "cannot run"),
        (&[][..], "ndlog stress"),
        (&["--resume", "--", "true"][..], "leave out --resume"),
        (&["--budget", "0", "--", "true"][..], "expected a time"),
    ] {
        let said = desk.run(&verify(more));
        assert!(said.code == 2 && said.err.contains(next), "{more:?} {said:?}");
    }
    let nothing = desk.run(&["verify", "x", "--", "true"]);
    assert!(nothing.code == 2 && nothing.err.contains("--oracle"), "{nothing:?}");
}

#[test]
fn a_disk_that_runs_full_is_told_and_no_finished_run_is_lost() {
    let desk = desk();
    let ndlog = env!("CARGO_BIN_EXE_ndlog");
    let script = format!(
        "mount -t tmpfs -o size=256k tmpfs x/trials || exit 77
        ndlog() {{ {ndlog} verify x --oracle 'lost \\d+' --budget 60s \"$@\"; }}
        ndlog -- sh -c 'n=$(ls x/trials | grep -c ^0); test $n -lt 3 || head -c 400000 /dev/zero'
        echo code $?; ls x/trials"
    );
    std::fs::create_dir_all(desk.path("x/trials")).unwrap();
    let output =
        Command::new("unshare").args(["-r", "-m", "bash", "-c", &script]).current_dir(desk.path("")).output();
    let Some(output) = output.ok().filter(|output| output.status.code() == Some(0)) else {
        return skip("mount", "no small file system can be mounted here");
    };
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(out.contains("code 2") && err.contains("go on with --resume"), "{out}{err}");
    assert!(out.contains("0001") && out.contains("0003") && !out.contains("0004"), "{out}{err}");
}

/// Returns true if a process has this word on its command line.
fn lives(word: &str) -> bool {
    let lines = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    lines
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .any(|line| line.split(|&byte| byte == 0).any(|part| part == word.as_bytes()))
}

#[test]
fn no_process_is_left_after_any_signal_however_it_hides() {
    use rustix::process::Signal;
    for (number, signal) in [Signal::HUP, Signal::QUIT, Signal::TERM, Signal::INT].into_iter().enumerate() {
        let desk = desk();
        let word = format!("7654{number}.{}", std::process::id());
        let script = format!(
            "setsid env -i /bin/sh -c 'sleep {word} & sleep {word}' & (sleep {word} &); sleep 0.2; exit 0"
        );
        let child = started(&desk, &["--budget", "10m", "--", "sh", "-c", &script]);
        wait_for_trials(&desk, 2);
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, signal).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{signal:?}: it tells what it has");
        assert!(!lives(&word), "{signal:?}: something still runs");
    }
}

#[test]
fn no_process_is_left_by_the_written_test_whenever_a_signal_comes() {
    use rustix::process::Signal;
    let desk = desk();
    desk.put(
        "ci.log",
        "$ python3 -m pytest tests\nFAILED tests/test_ring.py::test_pop - assert 3 == 4\n1 failed in 0.1s\n",
    );
    for step in [&["collect", "x", "ci.log"][..], &["pattern", "x"], &["stress", "x"]] {
        assert_eq!(desk.run(step).code, 0, "{step:?}");
    }
    // Short runs, so that many signals come while one is being ended.
    for (number, signal) in
        [Signal::HUP, Signal::QUIT, Signal::TERM, Signal::INT].into_iter().cycle().take(12).enumerate()
    {
        let word = format!("8765{number}.{}", std::process::id());
        let script =
            format!("setsid env -i /bin/sh -c 'sleep {word} & sleep {word}' & (sleep {word} &); sleep 0.1");
        let mut command = Command::new(desk.path("x/run_test.sh"));
        command.args(["--", "sh", "-c", &script]).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.current_dir(desk.path("x")).spawn().unwrap();
        let began = Instant::now();
        while !lives(&word) {
            assert!(began.elapsed() < Duration::from_secs(60), "nothing was started");
            sleep(Duration::from_millis(10));
        }
        sleep(Duration::from_millis(37 * number as u64));
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1), "{signal:?}");
        assert!(!lives(&word), "{signal:?}: something still runs");
    }
}
