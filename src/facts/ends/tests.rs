//! Each rule on its own lines, and what whole logs come to.

use serde::Deserialize;

use super::find::find;
use super::rule::TABLE;
use super::{Ends, Verdict, conclude};
use crate::facts::{Outcome, failures};
use crate::rules::Wordings;
use crate::text::lines::Index;
use crate::text::records::Reader;

#[derive(Deserialize)]
struct Row {
    name: String,
    #[serde(default)]
    passes: Vec<String>,
    #[serde(default)]
    fails: Vec<String>,
    #[serde(default)]
    others: Vec<String>,
    #[serde(default)]
    not: Vec<String>,
}

#[derive(Deserialize)]
struct Table {
    row: Vec<Row>,
}

fn ends(log: &str) -> Ends {
    find(&Index::new(log.as_bytes()), &Reader::guess(log.as_bytes()))
}

/// The verdict that a rule reads in a log; `None` if it reads none.
fn verdict(rule: &str, log: &str) -> Option<Verdict> {
    ends(log).all.iter().rev().find(|end| end.rule == rule).map(|end| end.verdict)
}

#[test]
fn every_rule_reads_its_lines_and_no_others() {
    let table: Table = TABLE.read();
    let mut wrong = Vec::new();
    for row in &table.row {
        let mut expect = |lines: &[String], is: &dyn Fn(Option<Verdict>) -> bool| {
            for line in lines {
                let log = format!("the ring is opened\n{line}\n");
                let found = verdict(&row.name, &log);
                if !is(found) {
                    wrong.push(format!("{}: {line:?} gives {found:?}", row.name));
                }
            }
        };
        expect(&row.passes, &|found| found == Some(Verdict::Pass));
        expect(&row.fails, &|found| found == Some(Verdict::Fail));
        expect(&row.others, &|found| matches!(found, Some(Verdict::Over | Verdict::Began)));
        expect(&row.not, &|found| found.is_none());
        if row.passes.is_empty() && row.fails.is_empty() && row.others.is_empty() {
            wrong.push(format!("{}: no line that it must read", row.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_strings_for_the_prefilter() {
    let rules: Wordings<Row> = Wordings::embedded(TABLE);
    let strings = rules.literals().unwrap_or_else(|faults| panic!("{faults}"));
    assert!(strings.iter().all(|string| string.len() >= 3), "{strings:?}");
}

fn concluded(log: &str) -> Outcome {
    let (index, reader) = (Index::new(log.as_bytes()), Reader::guess(log.as_bytes()));
    let events = failures::assemble(&index, &reader);
    conclude(&index, &find(&index, &reader).all, &events, &|_| {}).outcome
}

const PYTEST_FAILED: &str = "===== 1 failed, 467 passed in 12.10s =====\n";
const PYTEST_PASSED: &str = "===== 303 passed in 100.10s =====\n";
const TRACEBACK: &str = "Traceback (most recent call last):\n  File \"/w/ring.py\", line 31, in pop\n    take()\n  File \"/w/take.py\", line 9, in take\n    raise ValueError(3)\nValueError: 3\n";
/// A test that prints the exception that it expects.
const PRINTED: &str = "java.lang.IllegalStateException: just trying\n\tat acme.Ring.pop(Ring.java:31)\n\tat acme.RingTest.pops(RingTest.java:9)\n";

/// The lines of a log as GitHub keeps them, with the end of a whole job.
fn github(log: &str) -> String {
    let whole =
        format!("Current runner version: '2.330.0'\n{log}Post job cleanup.\nCleaning up orphan processes\n");
    whole.lines().map(|line| format!("2026-01-30T04:12:07.1234567Z {line}\n")).collect()
}

#[test]
fn logs_come_to_what_their_statements_weigh() {
    let (failed, passed, unknown) = (Outcome::Fail, Outcome::Pass, Outcome::Unknown);
    let many = "ring: pushed\n".repeat(40);
    for (why, log, expected) in [
        ("the CI system outweighs what tests print", format!("{PRINTED}Finished: SUCCESS\n"), passed),
        ("and what a suite said", format!("{PYTEST_PASSED}Finished: FAILURE\n"), failed),
        ("an allowed failure", format!("{PYTEST_FAILED}Job succeeded\n"), passed),
        (
            "a session that failed is not undone by a later one",
            format!("{PYTEST_FAILED}{PYTEST_PASSED}"),
            failed,
        ),
        (
            "a step that failed is not undone by a suite",
            format!("make: *** [all] Error 2\n{PYTEST_PASSED}"),
            failed,
        ),
        (
            "the same package passed when run again",
            "FAIL\texample.org/ring\t0.3s\nok  \texample.org/ring\t0.2s\n".to_owned(),
            passed,
        ),
        (
            "another package passed",
            "FAIL\texample.org/ring\t0.3s\nok  \texample.org/rope\t0.2s\n".to_owned(),
            failed,
        ),
        ("a whole job without a failed step", github("ring: error 3\n"), passed),
        (
            "the last part of a job",
            github("ring: error 3\n").lines().skip(1).map(|line| format!("{line}\n")).collect(),
            unknown,
        ),
        ("a whole job with a failed suite", github(PYTEST_FAILED), failed),
        ("a whole job with a failed step", github("##[error]Process completed with exit code 1.\n"), failed),
        ("an action that failed last", github("##[error]no ring was found\n"), failed),
        (
            "an annotation after which steps went on",
            github("##[error]ring.c:3 is long\n##[group]Run make\nmade\n"),
            passed,
        ),
        ("words alone", format!("ERROR: the ring failed\n{many}"), unknown),
        ("a printed exception after which the run went on", format!("{PRINTED}{many}"), unknown),
        ("a traceback that ends the log", TRACEBACK.to_owned(), failed),
        ("a traceback after which the run went on", format!("{TRACEBACK}{many}"), unknown),
        (
            "a crash that a passing suite provoked",
            format!("Segmentation fault (core dumped)\n{PYTEST_PASSED}"),
            passed,
        ),
        ("a crash", format!("Segmentation fault (core dumped)\n{many}"), failed),
        (
            "a crash after the last suite",
            format!("{PYTEST_PASSED}Segmentation fault (core dumped)\n"),
            failed,
        ),
        (
            "something went wrong after the last suite",
            format!("{PYTEST_PASSED}ERROR: cannot publish the ring\n"),
            unknown,
        ),
        ("counts of zero", "Tests run: 9, Failures: 0, Errors: 0, Skipped: 0\n".to_owned(), passed),
        ("nothing ran", "Tests run: 0, Failures: 0, Errors: 0, Skipped: 0\n".to_owned(), unknown),
        (
            "a plan kept to its last test",
            "TAP version 13\n1..2\nok 1 - push\n# 3 rings\nok 2 - pop\n".to_owned(),
            passed,
        ),
        ("a plan at the end", "ok 1 - push\nok 2 - pop\n1..2\n".to_owned(), passed),
        ("a plan not kept", "TAP version 13\n1..3\nok 1 - push\nok 2 - pop\n".to_owned(), unknown),
        (
            "a test that failed, without a summary",
            "[ RUN      ] Ring.Pop\n[  FAILED  ] Ring.Pop (3 ms)\n".to_owned(),
            failed,
        ),
        (
            "a test that passed when run again",
            format!("--- FAIL: TestPop (0.0s)\n--- PASS: TestPop (0.0s)\n{many}"),
            unknown,
        ),
        ("a test of a plan failed", "1..2\nnot ok 1 - push\nok 2 - pop\n".to_owned(), failed),
        ("tests that passed one by one", "ring: pushed\nPASS: every_ring\n".to_owned(), passed),
        ("more came after them", "PASS: push\nring: popping\n".to_owned(), unknown),
        ("one test is no run", "tests/test_ring.py::test_pop PASSED [100%]\n".to_owned(), unknown),
        ("nothing", String::new(), unknown),
        ("a program that lacks something", "copying\ncp: cannot stat 'ring': No such file\n".to_owned(), failed),
        (
            "a service that lacks something",
            "Jan 30 04:12:07 node3 ringd[7]: opened\nJan 30 04:12:09 node3 ringd[7]: Failed to open the ring\n"
                .to_owned(),
            unknown,
        ),
        ("a failure that is denied", "checking\nFinished rings without any errors\n".to_owned(), unknown),
        ("a status behind the marks of a caller", "remote: make\nremote: torn\nremote: ! Push failed\n".to_owned(), failed),
        (
            "the same among lines on which a caller says nothing",
            "remote: make\nremote:\nremote: torn\nremote:\nremote: ! Push failed\nremote:\n".to_owned(),
            failed,
        ),
        ("a status that was told last", "torn\nring exited with code 3\n".to_owned(), failed),
        ("a status of zero", "pushed\nring exited with code 0\n".to_owned(), passed),
        ("a status of zero after an error", "error: torn\nring exited with code 0\n".to_owned(), unknown),
        ("what is said last of a success", "pushed\nDeploy finished successfully\n".to_owned(), passed),
        ("after an error", "error: torn\nDeploy finished successfully\n".to_owned(), unknown),
        (
            "a success that was not the last word",
            "Backup request submitted successfully.\nBackup completed with status: Failed\n".to_owned(),
            failed,
        ),
        ("a figure", "pushed\nMax error: 0.0031\n".to_owned(), unknown),
        ("counts, one a line", "pop ring\n  Total:     2\n  Passed:    1\n  Skipped:   0\n".to_owned(), failed),
        (
            "a success before the command that failed",
            format!("+ make test\n{PYTEST_PASSED}+ ring publish\nring: error: the ring is locked\n"),
            failed,
        ),
        (
            "a success before a command of which nobody knows",
            format!("+ make test\n{PYTEST_PASSED}+ ring publish\npublishing\n"),
            unknown,
        ),
        (
            "an error and how its program is called",
            "+ ring --wait\nring: unknown option: --wait\nUsage: ring [-h]\n  -h  help\n  -v  more\n  -q  less\n  -x  all\n".to_owned(),
            failed,
        ),
        (
            "an error object behind the frames",
            "TypeError: torn\n    at pop (/w/ring.js:3:1)\n    at run (/w/ring.js:9:1) {\n  code: 'RING',\n  of: [\n    '1',\n    '2',\n    '3',\n    '4',\n    '5',\n    '6',\n    '7',\n    '8',\n    '9'\n  ]\n}\n".to_owned(),
            failed,
        ),
        (
            "a list in which one is not well",
            "ring 0: ok\nring 1: ok\nring 2: degraded\n".to_owned(),
            failed,
        ),
        (
            "a part of a job with a suite that passed and an error that its system did not mark",
            github(&format!("{PYTEST_PASSED}error - Upload failed: no token\n")).lines().skip(1).map(|line| format!("{line}\n")).collect(),
            passed,
        ),
        ("what is done last says nothing", "torn\ncleanup done\n".to_owned(), unknown),
    ] {
        assert_eq!(concluded(&log), expected, "{why}:\n{log}");
    }
}

#[test]
fn of_what_says_the_same_again_and_again_the_last_is_kept_and_counted() {
    let found = ends(&PYTEST_PASSED.repeat(3));
    let [end] = found.all.as_slice() else { panic!("{found:?}") };
    assert_eq!((end.line, end.times, end.passed, end.failed), (3, 3, Some(303), None));
}

#[test]
fn a_run_of_one_system_takes_back_no_failed_run_of_another() {
    let outcome = |log: &str| conclude(&Index::new(log.as_bytes()), &ends(log).all, &[], &|_| {}).outcome;
    for (log, expected, why) in [
        ("Done. Your build exited with 1.\nring\nFinished: SUCCESS\n", Outcome::Fail, "two runs in a row"),
        ("Finished: FAILURE\nring\nFinished: SUCCESS\n", Outcome::Pass, "it was tried again"),
        (
            "Your build has been stopped.\nring\nDone. Your build exited with 0.\n",
            Outcome::Pass,
            "one system",
        ),
        (
            "make: *** [all] Error 2\nring\nFinished: SUCCESS\n",
            Outcome::Pass,
            "a step of the run that passed",
        ),
        (
            "make: *** [all] Error 2\nStarted by timer\nring\nFinished: SUCCESS\n",
            Outcome::Fail,
            "the run that passed began behind it",
        ),
        (
            "Started by timer\nmake: *** [all] Error 2\nFinished: SUCCESS\nStarted by timer\nFinished: SUCCESS\n",
            Outcome::Pass,
            "each run has an end of its own",
        ),
        (
            "Started by timer\nring\nWorker information\nmake: *** [all] Error 2\nring\nFinished: SUCCESS\n",
            Outcome::Fail,
            "a run of another system began in between, and is cut",
        ),
    ] {
        assert_eq!(outcome(log), expected, "{why}: {log}");
    }
}
