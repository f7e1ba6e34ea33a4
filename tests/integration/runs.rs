//! Runs and not files: the sources of one attempt are one run, every failing test counts, and only runs of one job are
//! compared.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::program::{data, findings, run};

fn found(arguments: &[&str]) -> Value {
    findings(data("suite"), arguments)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The one counted cluster of a test.
fn of_test<'a>(found: &'a Value, test: &str) -> &'a Value {
    let names =
        |cluster: &&Value| list(cluster, "tests").iter().any(|name| name.as_str().unwrap().ends_with(test));
    let mut own = list(found, "clusters").iter().filter(names);
    let cluster = own.next().unwrap_or_else(|| panic!("no cluster of {test}"));
    assert!(own.next().is_none(), "{test} has several clusters");
    cluster
}

/// The folders or files of the runs in which a test failed, as the truth names them.
fn failed_in(cluster: &Value, part: impl Fn(&str) -> Option<String>) -> BTreeSet<String> {
    list(cluster, "occurrences").iter().filter_map(|one| part(one["source"].as_str()?)).collect()
}

fn truth() -> Value {
    serde_json::from_slice(&fs::read(data("suite/truth.json")).unwrap()).unwrap()
}

fn named(truth: &Value) -> BTreeSet<String> {
    truth.as_array().unwrap().iter().map(|run| run.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_failing_test_of_every_run_counts_and_other_projects_do_not() {
    let (found, truth) = (found(&["runs", "other"]), truth());
    for (test, runs) in truth["tests"].as_object().unwrap() {
        let (cluster, expected) = (of_test(&found, test), named(runs));
        let folder = |source: &str| Some(source.strip_prefix("runs/")?.split('/').next()?.to_owned());
        assert_eq!(failed_in(cluster, folder), expected, "{test}");
        let rate = &cluster["rate"];
        let counted = (rate["failed"].as_u64(), rate["ran"].as_u64(), rate["of"].as_str());
        assert_eq!(counted, (Some(expected.len() as u64), truth["runs"].as_u64(), Some("test")), "{test}");
        assert_eq!(cluster["verdict"], "flaky", "{test}");
        assert_eq!(
            cluster["new_since"].is_object(),
            test == "test_cache",
            "{test}: {}",
            cluster["new_since"]
        );
    }
    let news = &of_test(&found, "test_cache")["new_since"];
    assert_eq!((news["before"].as_u64(), news["failed_since"].as_u64()), (Some(20), Some(5)));
    assert!(news["commit"].as_str().unwrap().ends_with("14"), "the commit of the first: {news}");
    assert_eq!(list(&found, "runs").len(), 36, "a report beside a log is no run of its own");
}

#[test]
fn a_quiet_suite_has_no_rate_until_its_job_is_named() {
    let truth = truth();
    for (arguments, settings) in [
        (vec!["quiet", "--job", "^(quiet)/"], None),
        (vec!["quiet"], Some("[jobs]\npattern = '^(?P<job>quiet)/'\n")),
        (vec!["quiet"], None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("quiet")).unwrap();
        for log in fs::read_dir(data("suite/quiet")).unwrap() {
            let log = log.unwrap();
            fs::copy(log.path(), folder.path().join("quiet").join(log.file_name())).unwrap();
        }
        if let Some(settings) = settings {
            fs::write(folder.path().join(".ndlog.toml"), settings).unwrap();
        }
        let found = findings(folder.path(), &arguments);
        for (test, runs) in truth["quiet"].as_object().unwrap() {
            let (cluster, expected) = (of_test(&found, test), named(runs));
            let file = |source: &str| Some(source.rsplit('/').next()?.strip_suffix(".log")?.to_owned());
            assert_eq!(failed_in(cluster, file), expected, "{test}");
            if arguments.len() == 1 && settings.is_none() {
                assert!(cluster.get("rate").is_none() && cluster["verdict"] == "unknown", "{cluster}");
            } else {
                let rate = (cluster["rate"]["failed"].as_u64(), cluster["rate"]["ran"].as_u64());
                assert_eq!(rate, (Some(expected.len() as u64), Some(12)), "{test}");
            }
        }
    }
}

#[test]
fn the_sources_of_one_attempt_are_one_run() {
    let found = findings(data("attempt"), &["."]);
    let runs = list(&found, "runs");
    let ids: Vec<&str> = runs.iter().map(|run| run["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 3, "a job of which there is no source is no run: {ids:?}");
    let run = runs.iter().find(|run| run["id"] == "5000000001").unwrap();
    let sources: Vec<&str> = list(run, "sources").iter().map(|source| source.as_str().unwrap()).collect();
    assert_eq!(
        sources,
        [
            "./7000000001/artifacts/ring-reports-51/junit.xml",
            "./7000000001/logs/5000000001.log",
            "./7000000001/logs/5000000001_annotations.json",
            "./workflow.json",
            "./workflow_jobs.json"
        ]
    );
    let is = |key: &str| run[key].as_str().unwrap_or_default();
    assert_eq!(
        (is("repository"), is("workflow"), is("job")),
        ("acme/ring", "nightly", "ring tests (n300) / group 2")
    );
    assert_eq!((is("branch"), run["attempt"].as_u64(), is("outcome")), ("main", Some(2), "fail"));
    let why = |source: &str| {
        list(run, "identified_by").iter().any(|one| one["what"] == "source" && one["source"] == source)
    };
    assert!(sources.iter().filter(|source| !source.ends_with(".log")).all(|source| why(source)));
}

#[test]
fn no_failing_job_is_called_pass_and_no_document_a_failure() {
    let found = findings(data("attempt"), &["."]);
    let outcome =
        |id: &str| list(&found, "runs").iter().find(|run| run["id"] == id).unwrap()["outcome"].clone();
    assert_eq!(
        (outcome("5000000001"), outcome("5000000002"), outcome("5000000003")),
        ("fail".into(), "pass".into(), "fail".into())
    );
    for source in list(&found, "sources") {
        let name = source["source"].as_str().unwrap();
        if name.contains("5000000003") {
            assert_ne!(source["outcome"], "pass", "its job failed: {source}");
        }
        if name.contains("workflow") {
            assert_eq!(
                (source["outcome"].as_str(), source.get("primary")),
                (Some("unknown"), None),
                "{name}"
            );
        }
    }
    let route = of_test(&found, "test_route");
    assert_eq!(route["failures"], 1, "the log, the report and the annotation tell one failure: {route}");
    assert_eq!(list(route, "occurrences").len(), 3);
}

#[test]
fn explain_says_why_sources_are_one_run() {
    let folder = data("attempt");
    let found = findings(&folder, &["."]);
    let id = of_test(&found, "test_route")["id"].as_str().unwrap();
    let (_, text, _) = run(&folder, &["explain", id, "--logs", "."]);
    for part in [
        "run 5000000001",
        "source: the log says that the job uploaded \"ring-reports-51\" (./7000000001/artifacts/",
        "source: 5000000001 begins its name and that of the log",
        "job: ring tests (n300) / group 2, as a line says (./workflow_jobs.json:",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn what_a_report_says_of_a_test_stands_for_the_line_of_the_log_that_only_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("7");
    fs::create_dir(&run).unwrap();
    let log = "[ RUN      ] Ring.Pops\n[  FAILED  ] Ring.Pops (3 ms)\n[==========] 1 test from 1 test suite ran. (3 ms total)\n\
               [  PASSED  ] 0 tests.\n[  FAILED  ] 1 test, listed below:\n[  FAILED  ] Ring.Pops\n";
    let report = r#"<testsuites><testsuite name="Ring" tests="1" failures="1"><testcase name="Pops" classname="Ring">
        <failure message="the ring is torn">ring.cc:31</failure></testcase></testsuite></testsuites>"#;
    fs::write(run.join("log.txt"), log).unwrap();
    fs::write(run.join("junit.xml"), report).unwrap();
    let found = findings(folder.path(), &["."]);
    let clusters = list(&found, "clusters");
    let title = clusters[0]["title"].as_str().unwrap();
    assert!(title.contains("the ring is torn"), "{title}");
    let failures = clusters[0]["failures"].as_u64();
    assert_eq!((clusters.len(), failures), (1, Some(1)), "one failure of one run: {clusters:?}");
}
