//! What is told of several runs together, on logs made here: where, after which test, under which limit, and
//! how surely.

use std::fs;
use std::path::{Path, PathBuf};

use ndlog::document::{ClusterSummary, EvidenceSummary};
use ndlog::inner::{Catalog, Logs, Request, Verdict, cluster};

/// Writes logs into a folder and returns their paths.
fn written(folder: &Path, name: &str, logs: &[String]) -> Vec<PathBuf> {
    let write = |(number, text): (usize, &String)| {
        let path = folder.join(format!("{name}-{number:02}.log"));
        fs::write(&path, text).unwrap();
        path
    };
    logs.iter().enumerate().map(write).collect()
}

/// Returns the largest cluster of the failing logs.
fn told(failing: &[String], passing: &[String]) -> ClusterSummary {
    let folder = tempfile::tempdir().unwrap();
    let request = |paths| Request { paths, ..Request::default() };
    let logs = Logs {
        request: request(written(folder.path(), "fail", failing)),
        passing: request(written(folder.path(), "pass", passing)),
        catalog: Catalog::embedded(),
        threads: Some(1),
        jobs: None,
        memory: None,
    };
    cluster(&logs).unwrap().findings.clusters.remove(0)
}

/// Returns the evidence of a family for a cause.
fn evidence<'a>(cluster: &'a ClusterSummary, cause: &str, family: &str) -> Option<&'a EvidenceSummary> {
    let cause = cluster.causes.iter().find(|one| one.cause.name() == cause)?;
    cause.evidence.iter().find(|one| one.family.name() == family)
}

/// A run on a host that begins at a minute and runs tests in this order; `!` marks the one that fails.
fn run(host: &str, minute: usize, tests: &[&str]) -> String {
    let time = format!("2026-02-01T{:02}:{:02}", minute / 60, minute % 60);
    let mut text =
        format!("{time}:00.0000000Z Complete job name: unit\n{time}:00.0000000Z Machine name: '{host}'\n");
    for (second, test) in (1..).zip(tests) {
        let name = test.trim_end_matches('!');
        let verdict = if test.ends_with('!') { "FAILED" } else { "PASSED" };
        text += &format!("{time}:{second:02}.0000000Z tests/test_ring.py::{name} {verdict} [ 10%]\n");
    }
    if let Some(failed) = tests.iter().find(|test| test.ends_with('!')) {
        let name = failed.trim_end_matches('!');
        text += &format!(
            "{time}:30.0000000Z =================================== FAILURES ===================================\n\
             {time}:30.0000000Z E       assert ring.size == 4\n\
             {time}:30.0000000Z FAILED tests/test_ring.py::{name} - assert ring.size == 4\n\
             {time}:31.0000000Z ##[error]Process completed with exit code 1.\n"
        );
    } else {
        text += &format!("{time}:30.0000000Z ============ 3 passed in 1.00s ============\n");
    }
    text
}

#[test]
fn a_failure_says_in_how_many_runs_of_its_job_it_came() {
    let failing: Vec<String> = (0..3).map(|minute| run("ring-1", minute, &["a", "b!"])).collect();
    let passing: Vec<String> = (3..13).map(|minute| run("ring-1", minute, &["a", "b"])).collect();
    let cluster = told(&failing, &passing);
    let rate = cluster.rate.unwrap();
    assert_eq!((rate.failed, rate.ran, rate.job.as_deref()), (3, 13, Some("unit")));
    assert_eq!(cluster.verdict, Verdict::Flaky);
    assert_eq!(told(&failing, &[]).verdict, Verdict::EveryTime);
    assert_eq!(told(&failing[..1], &[]).verdict, Verdict::Once);
}

#[test]
fn a_host_that_has_the_failures_is_named_and_proved() {
    let hosts = ["ring-1", "ring-2", "ring-3", "ring-4"];
    let failing: Vec<String> = (0..6).map(|one| run("ring-1", one * 8, &["a", "b!"])).collect();
    let passing: Vec<String> = (0..48)
        .filter(|minute| minute % 8 != 0)
        .map(|minute| run(hosts[minute % 4], minute, &["a", "b"]))
        .collect();
    let cluster = told(&failing, &passing);
    let found = evidence(&cluster, "environment", "places").unwrap();
    assert!(found.text.starts_with("host ring-1 has 6 of 6 failures"), "{}", found.text);
    assert!(["environment", "hardware"].contains(&cluster.causes[0].cause.name()), "{:?}", cluster.causes[0]);
}

#[test]
fn the_test_that_ran_before_is_named() {
    let failing: Vec<String> = (0..6).map(|one| run("ring-1", one, &["a", "spoils", "c", "b!"])).collect();
    let passing: Vec<String> = (6..18).map(|one| run("ring-1", one, &["a", "b", "spoils", "c"])).collect();
    let mixed: Vec<String> = (18..24).map(|one| run("ring-1", one, &["c", "a", "b", "spoils"])).collect();
    let cluster = told(&failing, &[passing, mixed].concat());
    let found = evidence(&cluster, "order-dependence", "sequence").unwrap();
    assert!(found.text.contains("test_ring.py::spoils` ran before"), "{}", found.text);
    assert_eq!(cluster.causes[0].cause.name(), "order-dependence", "{:?}", cluster.causes[0]);
}

#[test]
fn a_collective_tells_who_never_arrived() {
    let line = |rank: usize, enqueued: usize| {
        format!(
            "[rank{rank}]:[E ProcessGroupNCCL.cpp:1785] [PG ID 0 PG GUID 0(default_pg) Rank {rank}] Exception (either an error or timeout) detected by watchdog at work: 42, last enqueued NCCL work: {enqueued}, last completed NCCL work: 41.\n"
        )
    };
    let log = |late: usize| {
        let ranks: String = (0..4).map(|rank| line(rank, if rank == late { 41 } else { 42 })).collect();
        format!(
            "{ranks}[rank0]:[E ProcessGroupNCCL.cpp:616] [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=42, OpType=ALLREDUCE, NumelIn=4, NumelOut=4, Timeout(ms)=600000) ran for 600060 milliseconds before timing out.\n"
        )
    };
    let late = told(&[log(2)], &[]);
    assert!(evidence(&late, "hang", "collective").unwrap().text.starts_with("rank 2 never arrived"));
    let all = told(&[log(9)], &[]);
    assert!(evidence(&all, "link", "collective").unwrap().text.starts_with("all 4 ranks"));
}

#[test]
fn a_silence_is_put_down_to_the_download_it_began_with() {
    let log = |between: &str| {
        format!(
            "Cloning into '/builds/ring/vendor'...\n{between}\nNo output has been received in the last 30m0s, this \
             potentially indicates a stalled build.\n"
        )
    };
    let first = |text: String| told(&[text], &[]).causes.remove(0).cause.name();
    assert_eq!(first(log("")), "network");
    assert_eq!(first(log("building ring\nrunning 31 tests\n")), "hang", "work went on after it");
}

#[test]
fn goroutines_are_folded_and_the_one_that_differs_is_named() {
    let stack = |number: usize, state: &str, function: &str| {
        format!(
            "goroutine {number} [{state}, 9 minutes]:\nexample.com/ring.{function}(0xc00001)\n\t/src/ring.go:31 +0x1d\n\n"
        )
    };
    let waiting: String = (20..26).map(|number| stack(number, "chan receive", "Pop")).collect();
    let log = format!(
        "=== RUN   TestRing\npanic: test timed out after 10m0s\n\n{waiting}{}FAIL\texample.com/ring\t600.1s\n",
        stack(31, "IO wait", "Flush")
    );
    let cluster = told(&[log], &[]);
    let sizes: Vec<(u64, bool)> = cluster.stacks.iter().map(|class| (class.count, class.suspect)).collect();
    assert_eq!(sizes, [(6, false), (1, true)]);
    assert!(evidence(&cluster, "hang", "stacks").unwrap().text.contains("goroutine 31 differ"));
    assert!(
        cluster
            .causes
            .iter()
            .all(|cause| cause.cause.name() != "deadlock" || cause.grade.name() != "explicit")
    );
}
