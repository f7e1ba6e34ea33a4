//! The dialects of JUnit's XML, whole and broken.

use proptest::prelude::*;

use super::{Outcome, Verdict, read};
use crate::input::SourceKind;

const PYTEST: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="1" tests="5">
<testcase classname="tests.fabric.test_ring" name="test_ring[4-True]" time="0.02"><properties/></testcase>
<testcase classname="tests.fabric.test_ring.TestRing" name="test_gather" time="1,234.5"><failure message="AssertionError: assert 3 == 4&#10; +  where 3 = ring()">def test_gather():
&gt;       assert 3 == 4
E       assert 3 == 4

tests/fabric/test_ring.py:107: AssertionError</failure></testcase>
<testcase classname="test_top" name="test_a"><skipped type="pytest.skip" message="no device">here</skipped></testcase>
<testcase classname="tests.x" name="test_b"><error message="failed on setup with &quot;OSError&quot;"><![CDATA[E   OSError]]></error></testcase>
</testsuite></testsuites>
"#;

const GTEST: &str = r#"<testsuites name="AllTests"><testsuite name="Ring">
  <testcase name="Trains" file="/work/ring.cpp" line="12" status="run" result="completed" time="0.2" classname="Ring">
    <failure message="/work/ring.cpp:56&#x0A;Expected equality of these values:" type=""><![CDATA[/work/ring.cpp:56
one]]></failure>
    <failure message="second" type=""><![CDATA[two]]></failure>
  </testcase>
  <testcase name="DISABLED_Slow" status="notrun" result="suppressed" classname="Ring" />
</testsuite></testsuites>"#;

const CTEST: &str = r#"<testsuite name="Linux" failures="1">
<testcase name="Mesh.Opens" classname="Mesh.Opens" time="0.5" status="run"><system-out>fine</system-out></testcase>
<testcase name="Mesh.Closes" classname="Mesh.Closes" time="0.5" status="fail">
  <failure message="Failed"/>
  <system-out>[ RUN      ] Mesh.Closes
mesh.cpp:9: Failure</system-out>
</testcase></testsuite>"#;

const SUREFIRE: &str = r#"<testsuite name="org.ring.RingTest">
<testcase name="passesSecond" classname="org.ring.RingTest"><flakyFailure message="late" type="java.lang.AssertionError"><stackTrace>at org.ring</stackTrace><system-out>noise</system-out></flakyFailure></testcase>
<testcase name="neverPasses" classname="org.ring.RingTest"><failure message="a &lt; b" type="java.lang.AssertionError">trace</failure><rerunFailure message="again"/></testcase>
</testsuite>"#;

const NUNIT: &str = r#"<test-run><test-suite name="Ring"><test-case name="Opens" fullname="Ring.Opens" duration="0.1" result="Failed">
<failure><message><![CDATA[it did not open]]></message><stack-trace>at Ring.Open()</stack-trace></failure></test-case></test-suite></test-run>"#;

const NUNIT_SUITES: &str = r#"<test-run><test-suite name="Ring.dll" site="Child"><failure><message>One or more child tests had errors</message></failure>
<test-suite name="Ring" site="SetUp"><failure><message>no device</message></failure>
<test-case name="Opens" fullname="Ring.Opens" result="Inconclusive"/></test-suite></test-suite></test-run>"#;

const XUNIT: &str = r#"<assemblies><assembly name="Ring.dll"><collection name="Ring">
<test name="Ring.Pops" time="0.1" result="Fail"><failure exception-type="EqualException"><message>Assert.Equal() Failure</message><stack-trace>at Ring.Pops()</stack-trace></failure></test>
<test name="Ring.Pushes" time="0.1" result="Pass"/><test name="Ring.Waits" time="0" result="Skip"><reason>no device</reason></test>
</collection></assembly></assemblies>"#;

const TRX: &str = r#"<TestRun><Results>
<UnitTestResult testName="Ring.Pops" duration="00:01:02.5" outcome="Failed"><Output><StdOut>noise</StdOut><ErrorInfo><Message>Assert.AreEqual failed.</Message><StackTrace>at Ring.Pops()</StackTrace></ErrorInfo></Output></UnitTestResult>
<UnitTestResult testName="Ring.Waits" outcome="Inconclusive"><Output><ErrorInfo><Message>no device</Message></ErrorInfo></Output></UnitTestResult>
<UnitTestResult testName="Ring.Pushes" outcome="Passed"/></Results></TestRun>"#;

const CTEST_OWN: &str = r#"<Site><Testing><TestList><Test>./Link.Trains</Test></TestList>
<Test Status="failed"><Name>Link.Trains</Name><Results><NamedMeasurement type="numeric/double" name="Execution Time"><Value>0.5</Value></NamedMeasurement>
<NamedMeasurement type="text/string" name="Exit Code"><Value>Failed</Value></NamedMeasurement>
<Measurement><Value encoding="base64" compression="gzip">eJyLVggK9VMAg1gFn8y8bL2QosTMvGKuHBA7uaDAytJKwS0xM6e0KBUspmCskJdfolACUpWawgUAad4UJg==</Value></Measurement></Results></Test>
<Test Status="failed"><Name>Link.Closes</Name><Results><Measurement><Value>link.cpp:12: torn</Value></Measurement></Results></Test>
<Test Status="notrun"><Name>Link.Waits</Name></Test><Test Status="passed"><Name>Link.Opens</Name></Test></Testing></Site>"#;

fn verdicts(text: &str) -> Vec<Verdict> {
    let (verdicts, problems) = read("a.xml", text.as_bytes(), SourceKind::JUnit);
    assert_eq!(problems, []);
    verdicts
}

/// Each test, how it ended, its class and its one line.
fn check(text: &str, expected: &[(&str, Outcome, &str, &str)]) {
    let verdicts = verdicts(text);
    let told: Vec<_> = verdicts
        .iter()
        .map(|verdict| {
            let (test, class) =
                (verdict.test.as_deref().unwrap_or(""), verdict.class.as_deref().unwrap_or(""));
            (test, verdict.outcome, class, verdict.message.as_str())
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn pytest_ids_are_those_that_its_log_prints() {
    check(
        PYTEST,
        &[
            ("tests/fabric/test_ring.py::test_ring[4-True]", Outcome::Passed, "", ""),
            (
                "tests/fabric/test_ring.py::TestRing::test_gather",
                Outcome::Failed,
                "",
                "AssertionError: assert 3 == 4",
            ),
            ("test_top.py::test_a", Outcome::Skipped, "pytest.skip", "no device"),
            ("tests/x.py::test_b", Outcome::Errored, "", "failed on setup with \"OSError\""),
        ],
    );
    let gather = &verdicts(PYTEST)[1];
    assert_eq!((gather.seconds, gather.first_line, gather.last_line), (Some(1234.5), 4, 8));
    assert!(gather.text.contains(">       assert 3 == 4\nE "), "entities are resolved: {}", gather.text);
    let span = &PYTEST[gather.bytes.start as usize..gather.bytes.end as usize];
    assert!(span.starts_with("<failure ") && span.ends_with("</failure>"), "{span}");
}

#[test]
fn gtest_failures_of_one_test_are_one_verdict() {
    check(
        GTEST,
        &[
            ("Ring.Trains", Outcome::Failed, "", "Expected equality of these values:"),
            ("Ring.DISABLED_Slow", Outcome::Skipped, "", ""),
        ],
    );
    let trains = &verdicts(GTEST)[0];
    assert_eq!(trains.text, "/work/ring.cpp:56\none\ntwo");
    assert_eq!((trains.file.as_deref(), trains.line), (Some("/work/ring.cpp"), Some(12)));
    assert_eq!((trains.first_line, trains.last_line), (3, 5));
}

#[test]
fn ctest_tells_the_failure_in_the_output() {
    check(CTEST, &[("Mesh.Opens", Outcome::Passed, "", ""), ("Mesh.Closes", Outcome::Failed, "", "Failed")]);
    let closes = &verdicts(CTEST)[1];
    assert_eq!(closes.text, "[ RUN      ] Mesh.Closes\nmesh.cpp:9: Failure");
    assert_eq!((closes.first_line, closes.last_line), (4, 6));
}

#[test]
fn a_test_that_passed_when_run_again_is_flaky_and_one_that_never_did_failed() {
    check(
        SUREFIRE,
        &[
            ("org.ring.RingTest.passesSecond", Outcome::Flaky, "java.lang.AssertionError", "late"),
            ("org.ring.RingTest.neverPasses", Outcome::Failed, "java.lang.AssertionError", "a < b"),
        ],
    );
    assert_eq!(verdicts(SUREFIRE)[0].text, "at org.ring");
}

#[test]
fn nunit_tells_the_words_in_elements_of_their_own() {
    check(NUNIT, &[("Ring.Opens", Outcome::Failed, "", "it did not open")]);
    assert_eq!(verdicts(NUNIT)[0].text, "at Ring.Open()");
}

#[test]
fn a_suite_of_nunit_tells_only_of_itself() {
    check(
        NUNIT_SUITES,
        &[("Ring", Outcome::Failed, "", "no device"), ("Ring.Opens", Outcome::Skipped, "", "")],
    );
}

#[test]
fn other_runners_have_words_of_their_own_for_the_same() {
    check(
        XUNIT,
        &[
            ("Ring.Pops", Outcome::Failed, "EqualException", "Assert.Equal() Failure"),
            ("Ring.Pushes", Outcome::Passed, "", ""),
            ("Ring.Waits", Outcome::Skipped, "", "no device"),
        ],
    );
    check(
        TRX,
        &[
            ("Ring.Pops", Outcome::Failed, "", "Assert.AreEqual failed."),
            ("Ring.Waits", Outcome::Skipped, "", "no device"),
            ("Ring.Pushes", Outcome::Passed, "", ""),
        ],
    );
    assert_eq!((verdicts(TRX)[0].seconds, verdicts(TRX)[0].text.as_str()), (Some(62.5), "at Ring.Pops()"));
}

#[test]
fn ctest_packs_what_a_test_printed() {
    check(
        CTEST_OWN,
        &[
            ("Link.Trains", Outcome::Failed, "", "[ RUN      ] Link.Trains"),
            ("Link.Closes", Outcome::Failed, "", "link.cpp:12: torn"),
            ("Link.Waits", Outcome::Skipped, "", ""),
            ("Link.Opens", Outcome::Passed, "", ""),
        ],
    );
    let trains = &verdicts(CTEST_OWN)[0];
    assert_eq!((trains.seconds, trains.text.lines().last()), (Some(0.5), Some("link 3 not trained")));
}

#[test]
fn a_suite_that_fails_outside_its_tests_is_a_verdict() {
    let text = r#"<testsuite name="Setup"><error message="no device"/><testcase name="a"/></testsuite>"#;
    check(text, &[("Setup", Outcome::Errored, "", "no device"), ("a", Outcome::Passed, "", "")]);
}

#[test]
fn a_cut_file_keeps_the_tests_before_the_cut_and_says_so() {
    for text in [PYTEST, GTEST, CTEST, SUREFIRE, NUNIT] {
        let whole = verdicts(text);
        for cut in (60..text.len() - 40).filter(|&cut| text.is_char_boundary(cut)) {
            let (kept, problems) = read("a.xml", &text.as_bytes()[..cut], SourceKind::JUnit);
            assert!(
                problems.iter().any(|problem| problem.incomplete && problem.line.is_some()),
                "{}",
                &text[..cut]
            );
            for (kept, whole) in kept.iter().zip(&whole) {
                assert_eq!(kept.test, whole.test, "{}", &text[..cut]);
            }
        }
    }
}

#[test]
fn behind_broken_xml_reading_goes_on_at_the_next_test() {
    let text = PYTEST.replace("<properties/>", "<!-- never closed");
    let (verdicts, problems) = read("a.xml", text.as_bytes(), SourceKind::JUnit);
    let tests: Vec<_> = verdicts.iter().filter_map(|verdict| verdict.test.as_deref()).collect();
    assert_eq!(
        tests,
        ["tests/fabric/test_ring.py::TestRing::test_gather", "test_top.py::test_a", "tests/x.py::test_b"]
    );
    assert!(problems[0].to_string().starts_with("a.xml:3: the XML is broken at byte"), "{problems:?}");
}

#[test]
fn bytes_that_are_no_text_move_no_span() {
    let text = CTEST.replace("fine", "f\u{1}ne");
    let bytes: Vec<u8> = text.bytes().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    let (broken, problems) = read("a.xml", &bytes, SourceKind::JUnit);
    assert_eq!(problems, []);
    assert_eq!(broken[1].bytes, verdicts(CTEST)[1].bytes);
}

#[test]
fn where_only_the_verdict_is_told_the_output_says_how() {
    let printed = "mesh.cpp:9: Failure\nExpected equality of these values:\n  0\n  1\n";
    let text = CTEST.replace("mesh.cpp:9: Failure", printed);
    let message = |text: &str| verdicts(text).remove(1).into_event().message;
    assert_eq!(message(&text), "Expected equality of these values: 0, 1");
    assert_eq!(message(&text.replace("\"Failed\"", "\"it did not close\"")), "it did not close");
    assert_eq!(message(&text.replace(printed, "closed")), "Failed", "nothing else is known");
}

#[test]
fn of_endless_output_the_end_is_kept() {
    let output = "x".repeat(1 << 20);
    let text = CTEST.replace("mesh.cpp:9: Failure", &format!("{output}\nthe end"));
    let closes = &verdicts(&text)[1];
    assert!(closes.text.len() <= 128 << 10 && closes.text.ends_with("the end"));
}

proptest! {
    #[test]
    fn no_damage_makes_it_panic(which in 0..8_usize, place: prop::sample::Index, with in "[<>&;!\\[\\]a/ \"]{0,6}", cut: prop::sample::Index) {
        let mut bytes = [PYTEST, GTEST, CTEST, SUREFIRE, NUNIT_SUITES, XUNIT, TRX, CTEST_OWN][which].as_bytes().to_vec();
        let place = place.index(bytes.len());
        bytes.splice(place..place, with.bytes());
        bytes.truncate(cut.index(bytes.len()) + 1);
        for kind in [SourceKind::JUnit, SourceKind::Annotations] {
            for verdict in read("a", &bytes, kind).0 {
                prop_assert!(verdict.bytes.start <= verdict.bytes.end && verdict.bytes.end <= bytes.len() as u64);
                prop_assert!(1 <= verdict.first_line && verdict.first_line <= verdict.last_line);
            }
        }
    }
}
