//! Mistakes that a person makes with a proof: each ends with code 2 and the reason, never with a bound.

use std::process::Command;

use crate::desk::{Desk, Said};
use crate::skip::skip;

/// A failure with a message of its own, and a test that passes.
const TESTS: &str = "import unittest

class LinkTest(unittest.TestCase):
    def test_trains(self):
        self.assertEqual(3, 0, 'the link lost 3 frames while it trained')

    def test_opens(self):
        pass
";

const COMMAND: &str = "python3 -m unittest -v test_link";

/// A folder `x` made from the log of a run elsewhere, and a repository beside it; `None` without Python.
fn desk(command: &str) -> Option<Desk> {
    let desk = Desk::new();
    desk.put("ci/deep/root/test_link.py", TESTS);
    desk.put("repo/test_link.py", TESTS);
    desk.put("elsewhere/empty.txt", "");
    let line = format!("{COMMAND} 2>&1");
    let ran = Command::new("sh").args(["-c", &line]).current_dir(desk.path("ci/deep/root")).output();
    let output = ran.ok().filter(|output| output.status.code() == Some(1))?;
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    desk.put(
        "ci.log",
        format!("##[group]Run {command}\n{command}\nshell: bash\n##[endgroup]\n{output}##[error]Process completed with exit code 1.\n"),
    );
    for step in [&["new", "x"][..], &["collect", "x", "ci.log"], &["pattern", "x"], &["stress", "x"]] {
        let said = desk.run(step);
        assert_eq!(said.code, 0, "{step:?} {said:?}");
    }
    Some(desk)
}

fn verify(desk: &Desk, more: &[&str]) -> Said {
    desk.run(&[&["verify", "x", "--budget", "60s"], more].concat())
}

#[test]
fn every_mistake_ends_with_code_2_and_the_reason() {
    let Some(desk) = desk(COMMAND) else { return skip("python3", "it is not here") };
    let broken = "raise SystemExit('the ring is not there')\n";
    desk.put("repo/ring.py", broken);
    for (name, more, reason) in [
        ("the wrong folder", &["--cwd", "elsewhere"][..], "--cwd DIR"),
        ("a folder that is not there", &["--cwd", "no/such"], "no such folder"),
        ("a repository that is not there", &["--repo", "no/such"], "no such folder"),
        ("a program that is not there", &["--", "frob", "--all"], "cannot run"),
        ("a program that a shell does not find", &["--", "sh", "-c", "frob"], "could not be run here"),
        ("a program that may not be run", &["--", "sh", "-c", "exit 126"], "could not be run here"),
        ("a script that is not there", &["--", "bash", "nope.sh"], "could not be run here"),
        ("a Python script that is not there", &["--", "python3", "nope.py"], "can't open file"),
        ("a module that is not there", &["--", "python3", "-m", "no_such_runner"], "No module named"),
        (
            "an option that the runner does not know",
            &["--cwd", "repo", "--", "python3", "-m", "unittest", "--frob"],
            "unrecognized arguments",
        ),
        (
            "a test that is not there",
            &["--cwd", "repo", "--", "python3", "-m", "unittest", "test_link.LinkTest.test_nope"],
            "--test T",
        ),
        ("nothing to run", &["--cwd", "elsewhere", "--", "python3", "-m", "unittest", "discover"], "0 tests"),
        (
            "a build file that is not there",
            &["--", "sh", "-c", "echo \"make: *** No rule to make target 'x'.  Stop.\"; exit 2"],
            "--cwd DIR",
        ),
        (
            "a command that fails before the test",
            &["--cwd", "repo", "--", "python3", "ring.py"],
            "the ring is not there",
        ),
        (
            "an oracle that finds nothing",
            &["--cwd", "repo", "--oracle", "never said"],
            "in another way here (5 of 5)",
        ),
        ("a reset that fails", &["--cwd", "repo", "--reset", "echo no board; exit 3"], "no board"),
        ("a device that is ill", &["--cwd", "repo", "--health", "echo link down; exit 1"], "link down"),
        ("a time beyond reason", &["--limit", "1e18h"], "at most 7d"),
    ] {
        let said = verify(&desk, more);
        let both = format!("{}{}", said.out, said.err);
        assert!(said.code == 2 && both.contains(reason), "{name}: {said:?}");
        assert!(!both.contains("rate below"), "{name}: {said:?}");
    }
}

/// What runners of other frameworks print where nothing was run; those that then end with code 0 are told so.
#[test]
fn no_test_of_any_framework_is_no_proof() {
    let Some(desk) = desk(COMMAND) else { return eprintln!("skipped: no python3 here") };
    for (name, said, code, reason) in [
        ("jest", "Tests:       2 skipped, 2 total", 0, "--test T"),
        ("jest without files", "No tests found, exiting with code 1", 1, "could not be run here"),
        ("vitest", "      Tests  2 skipped (2)", 0, "--test T"),
        ("mocha", "  0 passing (21ms)", 0, "--test T"),
        ("mocha without files", "Error: No test files found: \"spec\"", 1, "could not be run here"),
        (
            "Maven",
            "[ERROR] No tests were executed!  (Set -DfailIfNoTests=false to ignore this error.)",
            1,
            "--test T",
        ),
        (
            "Maven elsewhere",
            "[ERROR] The goal you specified requires a project to execute but there is no POM in this directory (/w).",
            1,
            "--cwd DIR",
        ),
        ("Gradle", "> No tests found for given includes: [RingTest](--tests filter)", 1, "--test T"),
        ("Gradle, run before", "> Task :test UP-TO-DATE", 0, "--rerun-tasks"),
        ("RSpec", "0 examples, 0 failures", 1, "--test T"),
        ("Ginkgo", "Ran 0 of 2 Specs in 0.000 seconds", 0, "--test T"),
        ("bats", "1..0", 0, "--test T"),
        ("bats without files", "ERROR: Test file \"/w/nope.bats\" does not exist", 1, "--test T"),
        ("npm", "npm error Missing script: \"test:ring\"", 1, "--cwd DIR"),
    ] {
        let line = format!("printf '%s\\n' '{said}'; exit {code}");
        let said = verify(&desk, &["--", "sh", "-c", &line]);
        let both = format!("{}{}", said.out, said.err);
        assert!(said.code == 2 && both.contains(reason), "{name}: {said:?}");
        assert!(!both.contains("rate below"), "{name}: {said:?}");
    }
}

/// Returns how many runs failed, if all did and they are enough to be called deterministic: a fast machine has more.
fn every_run(said: &str) -> Option<u64> {
    let said = said.replace("deterministic on this machine (", "deterministic (");
    let (hits, rest) = said.split_once("deterministic (")?.1.split_once(" of ")?;
    let runs = rest.split_once(')')?.0;
    runs.parse().ok().filter(|number| hits == runs && *number >= 12)
}

#[test]
fn the_same_failure_at_another_root_is_deterministic_and_said_so() {
    let Some(desk) = desk(COMMAND) else { return skip("python3", "it is not here") };
    let said = verify(&desk, &["--cwd", "repo"]);
    let all = every_run(&said.out).filter(|_| said.code == 0).unwrap_or_else(|| panic!("{said:?}"));
    assert!(said.out.contains(&format!("fails every time here: deterministic ({all} of {all})")), "{said:?}");
    let readme = desk.text("x/README.md");
    assert!(readme.contains("repo`"), "the folder is written down");
    assert!(readme.contains("●") && readme.contains("100%"), "{readme}");
    let page = desk.text("x/trials/outcome.html");
    assert!(
        page.contains(&format!("{all}/{all}")) && page.contains(&format!("deterministic ({all} of {all})")),
        "{page}"
    );
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let moved = json(&desk.text("x/trials/outcome.json"))["causes"][0]["cause"].clone();
    for logs in ["x", "x/logs/ci.log"] {
        let report = json(&desk.run(&["report", logs, "--format", "json"]).out);
        let cluster = json(&desk.text("x/pattern.json"))["oracle"]["cluster"].clone();
        let clusters = report["clusters"].as_array().unwrap();
        let own = clusters.iter().find(|one| one["id"] == cluster).unwrap();
        assert_eq!(own["causes"][0]["cause"], moved, "{logs}: as the runs have moved them");
        let says = format!("fails every time as it is ({all} of {all})");
        assert!(own["causes"][0].to_string().contains(&says), "{own}");
    }
}

#[test]
fn near_matches_are_told_and_a_person_can_accept_them() {
    let Some(desk) = desk(COMMAND) else { return skip("python3", "it is not here") };
    desk.put(
        "repo/test_link.py",
        TESTS.replace("the link lost 3 frames while it trained", "no carrier on any lane"),
    );
    let said = verify(&desk, &["--cwd", "repo"]);
    assert!(said.code == 2 && said.out.contains("the oracle may be too strict: 5 runs"), "{said:?}");
    assert!(said.out.contains("no carrier on any lane") && said.out.contains("--accept"), "{said:?}");
    let said = verify(&desk, &["--cwd", "repo", "--accept"]);
    assert!(said.code == 0 && every_run(&said.out).is_some(), "{said:?}");
    let again = verify(&desk, &["--cwd", "repo", "--accept"]);
    assert!(again.code == 2 && again.err.contains("nothing to accept"), "{again:?}");
}

#[test]
fn a_shell_line_of_a_log_is_shown_and_not_run_without_a_word() {
    let line = format!("touch owned; {COMMAND}");
    let Some(desk) = desk(&line) else { return skip("python3", "it is not here") };
    let said = verify(&desk, &["--cwd", "repo"]);
    assert!(said.err.contains("touch owned") && said.err.contains("--yes"), "{said:?}");
    assert!(said.code == 0 && said.err.contains("by its name instead"), "{said:?}");
    assert!(!desk.path("repo/owned").exists());
    assert_eq!(verify(&desk, &["--cwd", "repo", "--yes"]).code, 0);
    assert!(desk.path("repo/owned").exists());
}

#[test]
fn logs_become_a_reproduced_failure_in_one_go() {
    let Some(desk) = desk(COMMAND) else { return skip("python3", "it is not here") };
    desk.put("passed.log", format!("##[group]Run {COMMAND}\n{COMMAND}\nshell: bash\n##[endgroup]\ntest_trains (test_link.LinkTest.test_trains) ... ok\n\nRan 1 test in 0.001s\n\nOK\n"));
    let dry = desk.run(&["reproduce", "ci.log", "passed.log", "--name", "dry", "--cwd", "repo", "--dry-run"]);
    assert!(dry.code == 0 && dry.out.contains("first:   python3 -m unittest -v test_link"), "{dry:?}");
    assert!(!desk.path("dry/trials/0001").exists());
    let said = desk.run(&["reproduce", "ci.log", "passed.log", "--cwd", "repo", "--budget", "60s"]);
    assert!(said.code == 0 && every_run(&said.out).is_some(), "{said:?}");
    assert!(desk.path("reproduce-ci/logs/passing/passed.log").exists());
    let none = desk.run(&["reproduce", "ci.log", "--name", "y", "--test", "test_other"]);
    assert!(none.code == 2 && none.err.contains("test_trains"), "{none:?}");
}
