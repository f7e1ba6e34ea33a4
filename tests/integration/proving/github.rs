//! `collect` from a server that speaks the REST API of GitHub.

use super::server::{Reply, Server};
use crate::desk::{Desk, Said};

const RUN: &str = "https://github.com/o/r/actions/runs/7";

/// A server with run 7 of o/r, which has this many attempts.
fn server(attempts: u64) -> Server {
    let server = Server::start();
    server
        .on("/repos/o/r/actions/runs/7", Reply::new(200, format!(r#"{{"id":7,"run_attempt":{attempts}}}"#)));
    server
}

fn jobs(server: &Server, attempt: u64, list: &[(u64, &str, &str)]) {
    let path = format!("/repos/o/r/actions/runs/7/attempts/{attempt}/jobs?per_page=100");
    server.on(&path, Reply::new(200, page(list)));
}

fn page(list: &[(u64, &str, &str)]) -> String {
    let job = |(id, name, conclusion): &(u64, &str, &str)| {
        let conclusion = if conclusion.is_empty() { "null".to_owned() } else { format!("{conclusion:?}") };
        format!(
            r#"{{"id":{id},"name":"{name}","status":"in_progress","conclusion":{conclusion},"head_sha":"c0ffee","runner_name":"host-3"}}"#
        )
    };
    format!(
        r#"{{"total_count":{},"jobs":[{}]}}"#,
        list.len(),
        list.iter().map(job).collect::<Vec<_>>().join(",")
    )
}

fn log(server: &Server, job: u64, reply: Reply) {
    server.on(&format!("/repos/o/r/actions/jobs/{job}/logs"), reply);
}

/// Collects run 7 into the new failure `x`.
fn collect(desk: &Desk, server: &Server, url: &str, more: &[&str]) -> Said {
    desk.run(&["new", "x"]);
    let api = server.url();
    let arguments = [&["collect", "x", url, "--api-url", &api], more].concat();
    desk.run_with(&arguments, &[("GITHUB_TOKEN", "sesame")])
}

#[test]
fn a_failed_attempt_and_a_later_passed_one_become_failure_and_baseline() {
    let (desk, server, elsewhere) = (Desk::new(), server(2), Server::start());
    jobs(&server, 1, &[(11, "test (a)", "failure"), (12, "lint", "success")]);
    jobs(&server, 2, &[(21, "test (a)", "success"), (22, "lint", "success")]);
    for (job, text) in [(11, "it broke\n"), (21, "it works\n")] {
        let target = format!("location: {}/blob/{job}?sig=abc", elsewhere.url());
        log(&server, job, Reply::new(302, "").header(target));
        elsewhere.on(&format!("/blob/{job}?sig=abc"), Reply::new(200, text));
    }
    let said = collect(&desk, &server, RUN, &[]);
    assert_eq!(said.code, 0, "{said:?}");
    let files = desk.files("x/logs");
    assert_eq!(files, ["passing/run-7-attempt-2-test-a-21.log", "run-7-attempt-1-test-a-11.log"]);
    assert_eq!(desk.text("x/logs/run-7-attempt-1-test-a-11.log"), "it broke\n");

    let tokens = |server: &Server| server.asked().into_iter().map(|(_, token)| token).collect::<Vec<_>>();
    assert!(tokens(&server).iter().all(|token| token.as_deref() == Some("Bearer sesame")));
    assert!(tokens(&elsewhere).iter().all(Option::is_none), "the token must not reach the archive's host");

    let manifest = desk.text("x/collected.json");
    for fact in
        ["\"attempt\": 1", "\"commit\": \"c0ffee\"", "\"runner\": \"host-3\"", "\"conclusion\": \"failure\""]
    {
        assert!(manifest.contains(fact), "{fact} in {manifest}");
    }
    assert!(!manifest.contains("sig=abc") && !manifest.contains("sesame"), "no secret is written down");
}

#[test]
fn every_page_of_jobs_is_read() {
    let (desk, server) = (Desk::new(), server(1));
    let first = "/repos/o/r/actions/runs/7/attempts/1/jobs?per_page=100";
    let second = format!("{first}&page=2");
    let next = format!("link: <{}{second}>; rel=\"next\", <{0}{second}>; rel=\"last\"", server.url());
    server.on(first, Reply::new(200, page(&[(1, "a", "success")])).header(next));
    server.on(&second, Reply::new(200, page(&[(2, "b", "failure")])));
    log(&server, 2, Reply::new(200, "broke"));
    assert_eq!(collect(&desk, &server, RUN, &[]).code, 0);
    assert_eq!(desk.files("x/logs"), ["run-7-attempt-1-b-2.log"]);
}

#[test]
fn the_address_of_a_job_brings_that_job_and_its_twins_only() {
    let (desk, server) = (Desk::new(), server(2));
    jobs(&server, 1, &[(11, "a", "failure"), (12, "b", "failure")]);
    jobs(&server, 2, &[(21, "a", "success"), (22, "b", "success")]);
    log(&server, 12, Reply::new(200, "broke"));
    log(&server, 22, Reply::new(200, "works"));
    assert_eq!(collect(&desk, &server, &format!("{RUN}/job/12"), &[]).code, 0);
    assert_eq!(desk.files("x/logs"), ["passing/run-7-attempt-2-b-22.log", "run-7-attempt-1-b-12.log"]);
}

#[test]
fn a_short_rate_limit_is_waited_for() {
    let (desk, server) = (Desk::new(), server(1));
    jobs(&server, 1, &[(1, "a", "failure")]);
    log(&server, 1, Reply::new(429, r#"{"message":"slow down"}"#).header("retry-after: 0"));
    log(&server, 1, Reply::new(200, "broke"));
    let said = collect(&desk, &server, RUN, &[]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(desk.files("x/logs").len(), 1);
}

#[test]
fn a_long_rate_limit_is_told_with_its_end_and_keeps_what_is_here() {
    let (desk, server) = (Desk::new(), server(1));
    jobs(&server, 1, &[(1, "a", "failure"), (2, "b", "failure")]);
    log(&server, 1, Reply::new(200, "broke"));
    let reset = "x-ratelimit-reset: 4102444800";
    let limited = Reply::new(403, r#"{"message":"API rate limit exceeded"}"#);
    log(&server, 2, limited.header("x-ratelimit-remaining: 0").header(reset));
    let said = collect(&desk, &server, RUN, &[]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("until 2100-01-01T00:00:0"), "{said:?}");
    assert!(said.out.contains("run-7-attempt-1-a-1.log"), "{said:?}");
    assert!(desk.text("x/collected.json").contains("run-7-attempt-1-a-1.log"));
}

#[test]
fn an_expired_log_is_told_and_the_others_come() {
    let (desk, server) = (Desk::new(), server(1));
    jobs(&server, 1, &[(1, "old", "failure"), (2, "new", "failure")]);
    log(&server, 1, Reply::new(410, r#"{"message":"Gone"}"#));
    log(&server, 2, Reply::new(200, "broke"));
    let said = collect(&desk, &server, RUN, &[]);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("old attempt 1: the log has expired"), "{said:?}");
    assert_eq!(desk.files("x/logs"), ["run-7-attempt-1-new-2.log"]);
}

#[test]
fn a_body_that_breaks_off_is_told_and_nothing_of_it_is_kept() {
    let (desk, server) = (Desk::new(), server(1));
    jobs(&server, 1, &[(1, "a", "failure"), (2, "b", "failure")]);
    log(&server, 1, Reply::new(200, "half a lo").cut_short());
    log(&server, 2, Reply::new(200, "broke"));
    let said = collect(&desk, &server, RUN, &[]);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("broke off"), "{said:?}");
    assert_eq!(desk.files("x/logs"), ["run-7-attempt-1-b-2.log"]);
}

#[test]
fn a_run_that_cannot_be_seen_hints_at_a_token() {
    let (desk, server) = (Desk::new(), Server::start());
    desk.run(&["new", "x"]);
    let said = desk.run(&["collect", "x", RUN, "--api-url", &server.url()]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("what is private needs a token in GITHUB_TOKEN"), "{said:?}");
}

#[test]
fn a_server_that_stumbles_is_asked_again() {
    let (desk, server) = (Desk::new(), Server::start());
    server.on("/repos/o/r/actions/runs/7", Reply::new(502, "bad gateway"));
    server.on("/repos/o/r/actions/runs/7", Reply::new(200, r#"{"run_attempt":1}"#));
    jobs(&server, 1, &[(1, "a", "failure")]);
    log(&server, 1, Reply::new(200, "broke"));
    assert_eq!(collect(&desk, &server, RUN, &[]).code, 0);
}

#[test]
fn a_run_that_is_not_over_and_one_without_failures_say_so() {
    let (desk, server) = (Desk::new(), server(1));
    jobs(&server, 1, &[(1, "a", ""), (2, "b", "success")]);
    let said = collect(&desk, &server, RUN, &[]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("a: the job is in_progress"), "{said:?}");
    assert!(said.err.contains("no job of it is wanted"), "{said:?}");
}

#[test]
fn archives_of_whole_attempts_come_where_asked_for() {
    let (desk, server) = (Desk::new(), server(2));
    jobs(&server, 1, &[(11, "a", "failure")]);
    jobs(&server, 2, &[(21, "a", "success")]);
    server.on("/repos/o/r/actions/runs/7/attempts/1/logs", Reply::new(200, "PK one"));
    server.on("/repos/o/r/actions/runs/7/attempts/2/logs", Reply::new(200, "PK two"));
    assert_eq!(collect(&desk, &server, RUN, &["--archives"]).code, 0);
    assert_eq!(desk.files("x/logs"), ["passing/run-7-attempt-2.zip", "run-7-attempt-1.zip"]);
}

#[test]
fn an_endless_redirect_ends() {
    let (desk, server) = (Desk::new(), server(1));
    jobs(&server, 1, &[(1, "a", "failure")]);
    log(&server, 1, Reply::new(302, "").header("location: /repos/o/r/actions/jobs/1/logs"));
    let said = collect(&desk, &server, RUN, &[]);
    assert_eq!(said.code, 3, "{said:?}");
}

#[test]
fn what_is_no_run_is_told_with_the_expected_form() {
    let desk = Desk::new();
    desk.run(&["new", "x"]);
    let said = desk.run(&["collect", "x", "https://github.com/o/r/issues/3"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("expected https://github.com/OWNER/NAME/actions/runs/NUMBER"), "{said:?}");
}

/// Answers the list of runs at `path` with these ids and conclusions, and of each run its jobs.
fn runs(server: &Server, path: &str, list: &[(u64, &str)]) {
    let run = |(id, conclusion): &(u64, &str)| format!(r#"{{"id":{id},"conclusion":"{conclusion}"}}"#);
    let list: Vec<String> = list.iter().map(run).collect();
    server.on(path, Reply::new(200, format!(r#"{{"workflow_runs":[{}]}}"#, list.join(","))));
}

fn run_of(server: &Server, run: u64, list: &[(u64, &str, &str)]) {
    server.on(&format!("/repos/o/r/actions/runs/{run}"), Reply::new(200, r#"{"run_attempt":1}"#));
    let jobs = format!("/repos/o/r/actions/runs/{run}/attempts/1/jobs?per_page=100");
    server.on(&jobs, Reply::new(200, page(list)));
}

#[test]
fn the_last_runs_of_a_workflow_bring_what_failed_and_the_same_jobs_where_they_passed() {
    let (desk, server) = (Desk::new(), Server::start());
    let listed = "/repos/o/r/actions/workflows/ci.yml/runs?per_page=100&status=completed&branch=main";
    runs(&server, listed, &[(3, "success"), (2, "failure"), (1, "success"), (9, "failure")]);
    run_of(&server, 3, &[(31, "test", "success"), (32, "lint", "success")]);
    run_of(&server, 2, &[(21, "test", "failure"), (22, "lint", "success")]);
    run_of(&server, 1, &[(11, "test", "success")]);
    log(&server, 31, Reply::new(200, "good"));
    log(&server, 21, Reply::new(200, "broke"));
    log(&server, 11, Reply::new(410, r#"{"message":"Gone"}"#));
    desk.run(&["new", "x"]);
    let api = server.url();
    let arguments = [
        "collect",
        "x",
        "--repo",
        "o/r",
        "--workflow",
        "ci.yml",
        "--branch",
        "main",
        "--last",
        "3",
        "--api-url",
        &api,
    ];
    let said = desk.run_with(&arguments, &[("GITHUB_TOKEN", "sesame")]);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("1 failed and 2 passing runs of 3"), "{said:?}");
    assert!(said.err.contains("run 1: test attempt 1: the log has expired"), "{said:?}");
    assert_eq!(desk.files("x/logs"), ["passing/run-3-attempt-1-test-31.log", "run-2-attempt-1-test-21.log"]);

    let asked = server.asked().len();
    let again = desk.run_with(&arguments, &[("GITHUB_TOKEN", "sesame")]);
    assert!(again.out.contains("already  logs/run-2-attempt-1-test-21.log"), "{again:?}");
    let logs = server.asked().into_iter().skip(asked).filter(|(path, _)| path.ends_with("/logs")).count();
    assert_eq!(logs, 1, "only the log that is not here is asked for again");
}

#[test]
fn a_pull_request_brings_the_runs_of_its_last_commit() {
    let (desk, server) = (Desk::new(), Server::start());
    server.on("/repos/o/r/pulls/12", Reply::new(200, r#"{"head":{"sha":"c0ffee"}}"#));
    let listed = "/repos/o/r/actions/runs?per_page=100&status=failure&head_sha=c0ffee";
    runs(&server, listed, &[(2, "failure")]);
    run_of(&server, 2, &[(21, "test", "failure")]);
    log(&server, 21, Reply::new(200, "broke"));
    let said = collect(&desk, &server, "https://github.com/o/r/pull/12", &["--failed"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(desk.files("x/logs"), ["run-2-attempt-1-test-21.log"]);
}

#[test]
fn the_token_of_gh_is_taken_where_no_variable_has_one() {
    let (desk, server) = (Desk::new(), server(1));
    jobs(&server, 1, &[(1, "a", "failure")]);
    log(&server, 1, Reply::new(200, "broke"));
    desk.put("bin/gh", "#!/bin/sh\n[ \"$*\" = 'auth token' ] && echo from-gh\n");
    let gh = desk.path("bin/gh");
    std::fs::set_permissions(&gh, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    desk.run(&["new", "x"]);
    let path = format!("{}:{}", desk.path("bin").display(), std::env::var("PATH").unwrap());
    let said = desk.run_with(&["collect", "x", RUN, "--api-url", &server.url()], &[("PATH", &path)]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(server.asked().iter().all(|(_, token)| token.as_deref() == Some("Bearer from-gh")));
}

#[test]
fn logs_are_sorted_by_what_they_say_of_their_end() {
    let desk = Desk::new();
    desk.run(&["new", "x"]);
    desk.put("in/good.log", "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n");
    desk.put("in/bad.log", "ERROR: the ring is stuck\n##[error]Process completed with exit code 1.\n");
    desk.put("in/quiet.log", "some words\n");
    let said = desk.run(&["collect", "x", "in"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("in/good.log says that it passed"), "{said:?}");
    assert_eq!(desk.files("x/logs"), ["in/bad.log", "in/quiet.log", "passing/in/good.log"]);
    assert!(desk.text("x/collected.json").contains("logs/passing/in/good.log"));
    desk.put(
        "other/bad.log",
        "ERROR: the ring is stuck again\n##[error]Process completed with exit code 1.\n",
    );
    let said = desk.run(&["collect", "x", "--pass", "other/bad.log"]);
    assert!(said.err.contains("given with --pass and says that it failed"), "{said:?}");
}
