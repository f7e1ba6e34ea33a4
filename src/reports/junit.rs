//! JUnit XML, which CI systems show as test results: one test case for each log.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::format::Writer;
use super::{phrases, visible};
use crate::findings::{ClusterSummary, Findings, OccurrenceSummary, Outcome, SourceSummary};

/// A log that failed is a failed case, one that does not say is a skipped one.
pub struct Junit;

impl Writer for Junit {
    fn write(&self, findings: &Findings, out: &mut dyn Write) -> io::Result<()> {
        let mut suite = TestSuite::new("ndlog");
        suite.add_test_cases(
            findings.sources.iter().filter(|source| !source.baseline).map(|source| case(findings, source)),
        );
        let mut report = Report::new("ndlog");
        report.add_test_suite(suite);
        report.serialize(out).map_err(io::Error::other)
    }
}

fn case(findings: &Findings, source: &SourceSummary) -> TestCase {
    let status = match source.outcome {
        Outcome::Pass => TestCaseStatus::success(),
        Outcome::Fail => failure(findings, source),
        Outcome::Unknown => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(visible(source.outcome_because.as_deref().unwrap_or("the log does not say")));
            status
        }
    };
    let mut case = TestCase::new(visible(&source.source), status);
    case.set_classname(visible(source.job.as_deref().unwrap_or("log")));
    case
}

fn failure(findings: &Findings, source: &SourceSummary) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let cluster = findings.clusters.iter().find(|cluster| source.primary.as_ref() == Some(&cluster.id));
    let Some(cluster) = cluster else { return status };
    status.set_message(visible(&cluster.title)).set_type(visible(&cluster.kind));
    let here = |occurrence: &&OccurrenceSummary| occurrence.rank == 1 && occurrence.source == source.source;
    if let Some(occurrence) = cluster.occurrences.iter().find(here) {
        status.set_description(description(cluster, occurrence));
    }
    status
}

fn description(cluster: &ClusterSummary, occurrence: &OccurrenceSummary) -> String {
    let place = phrases::place(occurrence);
    let mut text = format!("{place}\n{}\ncluster: {}\n", visible(&occurrence.message), cluster.id);
    if !cluster.causes.is_empty() {
        text += &format!("why: {}\n", phrases::causes(&cluster.causes, 3));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    fn shown(findings: &Findings) -> String {
        let mut out = Vec::new();
        Junit.write(findings, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_log_is_a_case() {
        insta::assert_snapshot!(shown(&example::findings()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="ndlog" tests="5" skipped="1" failures="3" errors="0">
            <testsuite name="ndlog" tests="5" skipped="1" errors="0" failures="3">
                <testcase name="logs/a.log" classname="test">
                    <failure message="TIMEOUT: device timeout, potential hang detected, the device is unrecoverable | worker 3" type="timeout">logs/a.log:4012
        it did not end as it should
        cluster: 5b1c0e77a90412fd
        why: hang .61 (heuristic), timeout .20 (hypothesis)
        </failure>
                </testcase>
                <testcase name="logs/b.log" classname="test">
                    <failure message="TIMEOUT: device timeout, potential hang detected, the device is unrecoverable | worker 3" type="timeout">logs/b.log:77
        it did not end as it should
        cluster: 5b1c0e77a90412fd
        why: hang .61 (heuristic), timeout .20 (hypothesis)
        </failure>
                </testcase>
                <testcase name="logs/c.log" classname="test">
                    <failure message="AssertionError: assert 3 == 4" type="assertion">logs/c.log:9
        it did not end as it should
        cluster: aa00000000000001
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
