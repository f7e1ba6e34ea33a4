//! What counts as failed where tests have parts.

use super::*;
use crate::facts::failures::assemble;
use crate::facts::failures::verdicts::read;
use crate::facts::test_results::test_results;
use crate::input::SourceKind;

/// The name of a test, its words, and the first and the last line.
type TestFailure = (String, String, u64, u64);

/// Returns the failures of tests, and all tests that count as failed.
fn settled(log: &str) -> (Vec<TestFailure>, Vec<String>) {
    let (index, reader) = (Index::new(log.as_bytes()), Reader::guess(log.as_bytes()));
    let (mut events, mut tests) = (assemble(&index, &reader), test_results(&index, &reader));
    settle(&index, &reader, &mut events, &mut tests);
    let named = |event: Event| Some((event.test?, event.message, event.first_line, event.last_line));
    (events.into_iter().filter_map(named).collect(), tests.failed().map(|test| test.name.clone()).collect())
}

#[test]
fn a_test_that_failed_by_its_parts_alone_is_no_failure_of_its_own() {
    const BEGINS: &str = "=== RUN   TestRing\n=== RUN   TestRing/push\n";
    const ENDS: &str = "--- FAIL: TestRing (0.4s)\n    --- FAIL: TestRing/push (0.2s)\n";
    let deep = "--- FAIL: TestRing (0.4s)\n    --- FAIL: TestRing/push (0.2s)\n        --- FAIL: TestRing/push/a (0.1s)\n            r_test.go:3: torn\n        --- FAIL: TestRing/push/b (0.1s)\n            r_test.go:9: late\n";
    for (log, failures, failed, why) in [
        (
            format!(
                "{BEGINS}    r_test.go:2: opened\n    r_test.go:3: torn\n=== RUN   TestRing/pop\n{ENDS}    --- PASS: TestRing/pop (0.2s)\n"
            ),
            vec![("TestRing/push", "r_test.go:3: torn", 3, 8)],
            vec!["TestRing/push"],
            "what it printed last while it ran",
        ),
        (
            format!("{BEGINS}{ENDS}"),
            vec![("TestRing/push", "TestRing/push failed", 3, 4)],
            vec!["TestRing/push"],
            "nothing was printed",
        ),
        (
            format!("{ENDS}        r_test.go:3: torn\n"),
            vec![("TestRing/push", "r_test.go:3: torn", 1, 3)],
            vec!["TestRing/push"],
            "what stands below its verdict",
        ),
        (
            format!("{ENDS}        r_test.go:3: torn\n    r_test.go:50: the ring leaks\n"),
            vec![
                ("TestRing", "r_test.go:50: the ring leaks", 1, 4),
                ("TestRing/push", "r_test.go:3: torn", 2, 3),
            ],
            vec!["TestRing", "TestRing/push"],
            "the whole has a check that failed, too",
        ),
        (
            format!(
                "{BEGINS}    r_test.go:3: torn\n=== NAME  TestRing\n    r_test.go:50: the ring leaks\n{ENDS}"
            ),
            vec![
                ("TestRing/push", "r_test.go:3: torn", 3, 3),
                ("TestRing", "r_test.go:50: the ring leaks", 5, 7),
            ],
            vec!["TestRing", "TestRing/push"],
            "the same while it ran",
        ),
        (
            deep.to_owned(),
            vec![
                ("TestRing/push/a", "r_test.go:3: torn", 1, 6),
                ("TestRing/push/b", "r_test.go:9: late", 5, 6),
            ],
            vec!["TestRing/push/a", "TestRing/push/b"],
            "parts of parts",
        ),
        (
            "--- FAIL: TestRing (0.4s)\n    r_test.go:3: torn\n".to_owned(),
            vec![("TestRing", "r_test.go:3: torn", 1, 2)],
            vec!["TestRing"],
            "no parts",
        ),
        (
            "=== RUN   TestRing\n    r_test.go:3: torn\n--- FAIL: TestRing (0.4s)\n".to_owned(),
            vec![("TestRing", "r_test.go:3: torn", 2, 3)],
            vec!["TestRing"],
            "no parts, and the check above the verdict",
        ),
        (
            "=== RUN   TestRing\n    r_test.go:3: opened\n--- PASS: TestRing (0.4s)\n--- FAIL: TestLink (0.4s)\n".to_owned(),
            vec![("TestLink", "--- FAIL: TestLink (0.4s)", 4, 4)],
            vec!["TestLink"],
            "what another test printed",
        ),
        (
            "--- FAIL: ring (0.4s)\n--- FAIL: ring/push (0.4s)\n".to_owned(),
            vec![("ring", "--- FAIL: ring (0.4s)", 1, 2), ("ring/push", "--- FAIL: ring/push (0.4s)", 2, 2)],
            vec!["ring", "ring/push"],
            "a name alone makes no part",
        ),
    ] {
        let (found, counted) = settled(&log);
        let found: Vec<_> = found
            .iter()
            .map(|(test, says, first, last)| (test.as_str(), says.as_str(), *first, *last))
            .collect();
        assert_eq!(found, failures, "{why}: {log}");
        assert_eq!(counted, failed, "{why}: {log}");
    }
}

#[test]
fn a_report_of_go_tells_a_whole_by_the_verdict_that_it_printed() {
    const WHOLE: &str = "=== RUN   TestRing\n--- FAIL: TestRing (0.4s)\n";
    for (whole, part, wholes_of, why) in [
        (WHOLE, "r.TestRing/push", vec!["r.TestRing"], "nothing but its verdict"),
        (WHOLE, "r.TestLink", vec![], "no part of it failed"),
        (
            "    r_test.go:9: leaks\n--- FAIL: TestRing (0.4s)\n",
            "r.TestRing/push",
            vec![],
            "a check of its own",
        ),
        ("", "r.TestRing/push", vec![], "nothing shows how it failed"),
    ] {
        let case = |name: &str, text: &str| {
            format!("<testcase name='{name}'><failure message='Failed'>{text}</failure></testcase>")
        };
        let file = format!("<testsuite>{}{}</testsuite>", case("r.TestRing", whole), case(part, "torn"));
        let verdicts = read("a.xml", file.as_bytes(), SourceKind::JUnit).0;
        assert_eq!(wholes(&verdicts).into_iter().collect::<Vec<_>>(), wholes_of, "{why}");
    }
}

#[test]
fn what_tap_says_of_a_suite_is_told_by_its_subtests() {
    let log = "# Subtest: ring\n    not ok 1 - pop\n      ---\n      error: 'torn'\n      ...\n    1..1\nnot ok 1 - ring\n  ---\n  error: '1 subtest failed'\n  ...\n1..1\n";
    let (found, counted) = settled(log);
    assert_eq!(
        found.into_iter().map(|(test, says, ..)| (test, says)).collect::<Vec<_>>(),
        [("pop".to_owned(), "torn".to_owned())]
    );
    assert_eq!(counted, ["pop"]);
}
