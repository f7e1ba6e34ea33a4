//! JUnit XML, which CI systems show as test results: a case for each test that failed, and one for each other log.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::format::Writer;
use super::telling::telling_lines;
use super::{cause_words, phrases, visible};
use crate::findings::{ClusterSummary, Findings, OccurrenceSummary, Outcome, SourceSummary};

/// Of a log that failed each failing test is a failed case; one that does not say how it ended is a skipped case.
pub struct Junit;

/// A failure in one log.
type Failed<'f> = (&'f ClusterSummary, &'f OccurrenceSummary);

impl Writer for Junit {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let mut failed = by_source(findings);
        let mut suite = TestSuite::new("ndlog");
        for source in findings.sources.iter().filter(|source| !source.baseline) {
            let own = failed.remove(source.source.as_str()).unwrap_or_default();
            suite.add_test_cases(cases(findings, source, own));
        }
        let mut report = Report::new("ndlog");
        report.add_test_suite(suite);
        report.serialize(out).map_err(io::Error::other)
    }
}

/// Returns for each source what to read first in it and each test that failed in it, a test once.
fn by_source(findings: &Findings) -> BTreeMap<&str, Vec<Failed<'_>>> {
    let mut by_source: BTreeMap<&str, Vec<Failed<'_>>> = BTreeMap::new();
    for cluster in findings.primary() {
        for occurrence in cluster.occurrences.iter().filter(|one| one.rank == 1 || one.test.is_some()) {
            let own = by_source.entry(&occurrence.source).or_default();
            let again = |(_, other): &Failed<'_>| other.test.is_some() && other.test == occurrence.test;
            if !own.iter().any(again) {
                own.push((cluster, occurrence));
            }
        }
    }
    by_source.values_mut().for_each(|own| own.sort_by_key(|(_, occurrence)| occurrence.rank));
    by_source
}

fn cases(findings: &Findings, source: &SourceSummary, failed: Vec<Failed<'_>>) -> Vec<TestCase> {
    let whole = |status| {
        let mut case = TestCase::new(visible(&source.source), status);
        case.set_classname(visible(source.job.as_deref().unwrap_or("log")));
        case
    };
    match source.outcome {
        Outcome::Pass => vec![whole(TestCaseStatus::success())],
        Outcome::Unknown => vec![whole(skipped(source, failed.first()))],
        Outcome::Fail if failed.is_empty() => {
            vec![whole(TestCaseStatus::non_success(NonSuccessKind::Failure))]
        }
        Outcome::Fail => failed
            .into_iter()
            .map(|(cluster, occurrence)| match &occurrence.test {
                None => whole(failure(findings, cluster, occurrence)),
                Some(test) => {
                    let mut case = TestCase::new(visible(test), failure(findings, cluster, occurrence));
                    case.set_classname(visible(&source.source));
                    case
                }
            })
            .collect(),
    }
}

fn skipped(source: &SourceSummary, suspect: Option<&Failed<'_>>) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    let because = visible(source.outcome_because.as_deref().unwrap_or("the log does not say"));
    status.set_message(match suspect {
        None => because.into_owned(),
        Some((cluster, _)) => format!("{because}; suspect: {}", visible(phrases::message(cluster))),
    });
    status
}

fn failure(findings: &Findings, cluster: &ClusterSummary, occurrence: &OccurrenceSummary) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(visible(&cluster.title)).set_type(cluster.kind.name());
    status.set_description(description(findings, cluster, occurrence));
    status
}

fn description(findings: &Findings, cluster: &ClusterSummary, occurrence: &OccurrenceSummary) -> String {
    let mut text = vec![phrases::place(occurrence)];
    let lines = telling_lines(findings, occurrence);
    if lines.is_empty() {
        text.push(occurrence.message.clone());
    }
    text.extend(lines.into_iter().map(|(_, line)| line.to_owned()));
    text.push(format!("how often: {}", phrases::share(cluster)));
    text.extend(cause_words::why(cluster).map(|why| format!("why: {why}")));
    text.extend(cluster.next.as_ref().map(|next| format!("next: {next}")));
    text.push(format!("id: {}", cluster.id));
    text.iter().map(|line| format!("{}\n", visible(line))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    fn shown(findings: &Findings) -> String {
        example::written(&Junit, findings)
    }

    #[test]
    fn each_test_that_failed_is_a_case_and_each_other_log() {
        insta::assert_snapshot!(shown(&example::findings()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="ndlog" tests="5" skipped="1" failures="3" errors="0">
            <testsuite name="ndlog" tests="5" skipped="1" errors="0" failures="3">
                <testcase name="tests/test_gather.py::test_all_gather[8-True]" classname="logs/a.log">
                    <failure message="TIMEOUT: device timeout, potential hang detected, the device is unrecoverable | worker 3" type="timeout">logs/a.log:4012
        waiting for device 4
        waiting for device 4
        TIMEOUT: device timeout
        exit code 1
        how often: 2 of 12 runs, 17 %
        why: likely: work that stopped without saying why. Less likely: a time limit that is too short for work that went on
        id: 5b1c0e77a90412fd
        </failure>
                </testcase>
                <testcase name="tests/test_gather.py::test_all_gather[8-True]" classname="logs/b.log">
                    <failure message="TIMEOUT: device timeout, potential hang detected, the device is unrecoverable | worker 3" type="timeout">logs/b.log:77
        it did not end as it should
        how often: 2 of 12 runs, 17 %
        why: likely: work that stopped without saying why. Less likely: a time limit that is too short for work that went on
        id: 5b1c0e77a90412fd
        </failure>
                </testcase>
                <testcase name="tests/test_gather.py::test_all_gather[8-True]" classname="logs/c.log">
                    <failure message="AssertionError: assert 3 == 4" type="assertion">logs/c.log:9
        it did not end as it should
        how often: 1 run
        id: aa00000000000001
        </failure>
                </testcase>
                <testcase name="logs/d.log" classname="test"/>
                <testcase name="logs/e.log" classname="test">
                    <skipped message="the log does not say"/>
                </testcase>
            </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn hostile_text_stays_text() {
        let text = shown(&example::hostile());
        assert!(!text.contains("<script>") && !text.contains("]]>") && !text.contains('\x1b'), "{text}");
    }
}
