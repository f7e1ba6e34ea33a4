//! `collect` from servers that speak the APIs of GitLab, Buildkite and Jenkins.

use serde_json::{Value, json};

use super::server::{Reply, Server};
use crate::desk::{Desk, Said};

const PASSED: &str = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
const FAILED: &str = "ERROR: the ring is stuck\nERROR: Job failed: exit code 1\n";

fn answer(value: &Value) -> Reply {
    Reply::new(200, value.to_string())
}

/// Collects into the failure `x`, which is made where it is missing, with a token for each server.
fn collect(desk: &Desk, arguments: &[&str]) -> Said {
    desk.run(&["new", "x"]);
    let tokens = [
        ("GITLAB_TOKEN", "sesame"),
        ("BUILDKITE_API_TOKEN", "sesame"),
        ("JENKINS_USER_ID", "ann"),
        ("JENKINS_API_TOKEN", "sesame"),
    ];
    desk.run_with(&[&["collect", "x"], arguments].concat(), &tokens)
}

fn tokens(server: &Server) -> Vec<Option<String>> {
    server.asked().into_iter().map(|(_, token)| token).collect()
}

fn asked_for(server: &Server, ending: &str) -> usize {
    server.asked().iter().filter(|(path, _)| path.ends_with(ending)).count()
}

const PROJECT: &str = "/api/v4/projects/group%2Fsub%2Fring";

/// Answers the jobs of a pipeline: id, name, status.
fn gitlab_jobs(server: &Server, pipeline: u64, jobs: &[(u64, &str, &str)]) {
    let job = |(id, name, status): &(u64, &str, &str)| json!({"id": id, "name": name, "status": status, "commit": {"id": "c0ffee"}, "runner": {"description": "host-3"}});
    let path = format!("{PROJECT}/pipelines/{pipeline}/jobs?per_page=100&include_retried=true");
    server.on(&path, answer(&jobs.iter().map(job).collect()));
}

fn trace(server: &Server, job: u64, reply: Reply) {
    server.on(&format!("{PROJECT}/jobs/{job}/trace"), reply);
}

fn gitlab(server: &Server, tail: &str) -> String {
    format!("{}/group/sub/ring/-/{tail}", server.url())
}

#[test]
fn a_pipeline_at_gitlab_brings_a_failed_job_and_its_retry_that_passed() {
    let (desk, server) = (Desk::new(), Server::start());
    gitlab_jobs(
        &server,
        7,
        &[(22, "test 1/2", "success"), (21, "test 1/2", "failed"), (23, "lint", "success")],
    );
    trace(&server, 21, Reply::new(200, FAILED));
    trace(&server, 22, Reply::new(200, PASSED));
    let said = collect(&desk, &[&gitlab(&server, "pipelines/7")]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.err.contains("group/sub/ring: 1 jobs failed, 2 passed, 0 of neither"), "{said:?}");
    let files = ["passing/run-7-attempt-2-test-1-2-22.log", "run-7-attempt-1-test-1-2-21.log"];
    assert_eq!(desk.files("x/logs"), files);
    assert!(tokens(&server).iter().all(|token| token.as_deref() == Some("sesame")));
    let manifest = desk.text("x/collected.json");
    for fact in ["\"commit\": \"c0ffee\"", "\"runner\": \"host-3\"", "\"conclusion\": \"failed\""] {
        assert!(manifest.contains(fact), "{fact} in {manifest}");
    }
    assert!(!manifest.contains("sesame"), "no secret is written down");
}

#[test]
fn a_list_at_gitlab_is_read_page_by_page_and_what_is_here_is_not_asked_for_again() {
    let (desk, server) = (Desk::new(), Server::start());
    let first = format!("{PROJECT}/pipelines?per_page=100&scope=finished&ref=main");
    let second = format!("{first}&page=2");
    let link = format!("link: <{}{second}>; rel=\"next\"", server.url());
    let pipelines = json!([{"id": 9, "status": "success"}, {"id": 8, "status": "skipped"}]);
    server.on(&first, answer(&pipelines).header(link));
    server.on(&second, answer(&json!([{"id": 7, "status": "failed"}, {"id": 6, "status": "failed"}])));
    gitlab_jobs(&server, 9, &[(91, "test", "success")]);
    gitlab_jobs(&server, 7, &[(71, "test", "failed"), (72, "docs", "running")]);
    gitlab_jobs(&server, 6, &[(61, "test", "failed")]);
    trace(&server, 91, Reply::new(200, PASSED));
    trace(&server, 71, Reply::new(200, FAILED));
    trace(&server, 61, Reply::new(404, r#"{"message":"404 Not Found"}"#));
    let arguments = [&gitlab(&server, "pipelines"), "--branch", "main", "--last", "3"];
    let said = collect(&desk, &arguments);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("run 6, test attempt 1: the log has expired or was erased"), "{said:?}");
    assert!(said.err.contains("docs: the job is running; collect again when it is over"), "{said:?}");
    assert_eq!(desk.files("x/logs"), ["passing/run-9-attempt-1-test-91.log", "run-7-attempt-1-test-71.log"]);

    let again = collect(&desk, &arguments);
    assert!(again.out.contains("already  logs/run-7-attempt-1-test-71.log"), "{again:?}");
    assert_eq!((asked_for(&server, "/71/trace"), asked_for(&server, "/61/trace")), (1, 2));
}

#[test]
fn a_job_and_a_merge_request_at_gitlab_say_which_pipelines_are_meant() {
    let (desk, server) = (Desk::new(), Server::start());
    let job = json!({"id": 21, "name": "test", "status": "failed", "pipeline": {"id": 7}});
    server.on(&format!("{PROJECT}/jobs/21"), answer(&job));
    gitlab_jobs(&server, 7, &[(21, "test", "failed"), (24, "other", "failed")]);
    trace(&server, 21, Reply::new(200, FAILED));
    trace(&server, 24, Reply::new(200, "another"));
    assert_eq!(collect(&desk, &[&gitlab(&server, "jobs/21")]).code, 0);
    assert_eq!(desk.files("x/logs"), ["run-7-attempt-1-test-21.log"], "the other job is not meant");

    let pipelines = format!("{PROJECT}/merge_requests/3/pipelines?per_page=100");
    server.on(&pipelines, answer(&json!([{"id": 7, "status": "failed"}])));
    assert_eq!(collect(&desk, &[&gitlab(&server, "merge_requests/3")]).code, 0);
    assert_eq!(desk.files("x/logs").len(), 2);
}

#[test]
fn a_short_rate_limit_is_waited_for_aloud_and_a_long_one_stops_with_what_is_here() {
    let (desk, server) = (Desk::new(), Server::start());
    gitlab_jobs(&server, 7, &[(21, "a", "failed"), (22, "b", "failed")]);
    trace(&server, 21, Reply::new(429, "{}").header("retry-after: 1"));
    trace(&server, 21, Reply::new(200, FAILED));
    trace(&server, 22, Reply::new(429, "{}").header("ratelimit-reset: 7200"));
    let said = collect(&desk, &[&gitlab(&server, "pipelines/7"), "--patience", "20s"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("the rate limit is used up; waiting 1s"), "{said:?}");
    assert!(
        said.err.contains("stopped before run 7, b attempt 1: the rate limit is used up until"),
        "{said:?}"
    );
    assert_eq!(desk.files("x/logs"), ["run-7-attempt-1-a-21.log"]);
    assert!(
        desk.text("x/collected.json").contains("run-7-attempt-1-a-21.log"),
        "what is here is written down"
    );
}

#[test]
fn a_log_that_gitlab_erased_is_told_without_asking_for_it() {
    let (desk, server) = (Desk::new(), Server::start());
    let path = format!("{PROJECT}/pipelines/7/jobs?per_page=100&include_retried=true");
    let job = json!({"id": 21, "name": "test", "status": "failed", "erased_at": "2026-01-01T00:00:00Z"});
    server.on(&path, answer(&json!([job])));
    let said = collect(&desk, &[&gitlab(&server, "pipelines/7")]);
    assert_eq!((said.code, asked_for(&server, "/trace")), (3, 0), "{said:?}");
    assert!(said.err.contains("the log has expired or was erased on the server"), "{said:?}");
}

const BUILDS: &str = "/organizations/acme/pipelines/ring";

fn build(number: u64, state: &str, jobs: &[(&str, &str, &str, u64)]) -> Value {
    let job = |(id, name, state, retries): &(&str, &str, &str, u64)| json!({"id": id, "type": "script", "name": name, "state": state, "retries_count": retries, "agent": {"hostname": "host-3"}});
    let mut jobs: Vec<Value> = jobs.iter().map(job).collect();
    jobs.push(json!({"id": "w", "type": "waiter"}));
    json!({"number": number, "state": state, "commit": "c0ffee", "jobs": jobs})
}

#[test]
fn a_build_at_buildkite_brings_what_failed_and_its_retry() {
    let (desk, server) = (Desk::new(), Server::start());
    let jobs = [("a1", "test", "failed", 0), ("a2", "test", "passed", 1), ("b1", "lint", "passed", 0)];
    let one = format!("{BUILDS}/builds/12?include_retried_jobs=true");
    server.on(&one, answer(&build(12, "passed", &jobs)));
    server.on(&format!("{BUILDS}/builds/12/jobs/a1/log.txt"), Reply::new(200, FAILED));
    server.on(&format!("{BUILDS}/builds/12/jobs/a2/log.txt"), Reply::new(200, PASSED));
    let api = server.url();
    let said = collect(&desk, &["https://buildkite.com/acme/ring/builds/12", "--api-url", &api]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(
        desk.files("x/logs"),
        ["passing/run-12-attempt-2-test-a2.log", "run-12-attempt-1-test-a1.log"]
    );
    assert!(tokens(&server).iter().all(|token| token.as_deref() == Some("Bearer sesame")));
}

#[test]
fn the_builds_of_a_pipeline_at_buildkite_come_page_by_page() {
    let (desk, server) = (Desk::new(), Server::start());
    let first = format!(
        "{BUILDS}/builds?per_page=100&include_retried_jobs=true&state%5B%5D=failed&state%5B%5D=passed&state%5B%5D=canceled&branch=main"
    );
    let second = format!("{first}&page=2");
    let link = format!("link: <{}{second}>; rel=\"next\"", server.url());
    server.on(&first, answer(&json!([build(14, "passed", &[("c1", "test", "passed", 0)])])).header(link));
    server.on(&second, answer(&json!([build(13, "failed", &[("d1", "test", "timed_out", 0)])])));
    server.on(&format!("{BUILDS}/builds/14/jobs/c1/log.txt"), Reply::new(200, PASSED));
    server.on(
        &format!("{BUILDS}/builds/13/jobs/d1/log.txt"),
        Reply::new(429, "{}").header("ratelimit-reset: 1"),
    );
    server.on(&format!("{BUILDS}/builds/13/jobs/d1/log.txt"), Reply::new(200, FAILED));
    let api = server.url();
    let said = collect(&desk, &["https://buildkite.com/acme/ring", "--branch", "main", "--api-url", &api]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.err.contains("waiting 1s"), "{said:?}");
    let files = ["passing/run-14-attempt-1-test-c1.log", "run-13-attempt-1-test-d1.log"];
    assert_eq!(desk.files("x/logs"), files);
}

const FIELDS: &str = "number,result,building,timestamp,builtOn,actions[lastBuiltRevision[SHA1]]";

fn jenkins_build(number: u64, result: Option<&str>) -> Value {
    let revision =
        json!({"_class": "hudson.plugins.git.util.BuildData", "lastBuiltRevision": {"SHA1": "c0ffee"}});
    json!({"number": number, "result": result, "timestamp": 1_790_000_000_000_u64, "builtOn": "host-3", "actions": [{}, revision, null]})
}

#[test]
fn the_builds_of_a_job_of_jenkins_are_sorted_by_their_results() {
    let (desk, server) = (Desk::new(), Server::start());
    let job = "/jenkins/job/team/job/nightly";
    let mut builds = vec![
        jenkins_build(205, None),
        jenkins_build(204, Some("SUCCESS")),
        jenkins_build(203, Some("UNSTABLE")),
        jenkins_build(202, Some("NOT_BUILT")),
    ];
    builds.extend((106..202).rev().map(|number| jenkins_build(number, Some("NOT_BUILT"))));
    let page = |from: usize| format!("{job}/api/json?tree=allBuilds[{FIELDS}]%7B{from},{}%7D", from + 100);
    server.on(&page(0), answer(&json!({"allBuilds": builds})));
    server.on(&page(100), answer(&json!({"allBuilds": [jenkins_build(105, Some("FAILURE"))]})));
    server.on(&format!("{job}/204/consoleText"), Reply::new(200, PASSED));
    server.on(&format!("{job}/203/consoleText"), Reply::new(200, FAILED));
    let said = collect(&desk, &[&format!("{}{job}/", server.url())]);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.err.contains("run 105, team/nightly attempt 1: the log has expired"), "{said:?}");
    let files = ["passing/run-204-attempt-1-team-nightly-204.log", "run-203-attempt-1-team-nightly-203.log"];
    assert_eq!(desk.files("x/logs"), files);
    assert!(desk.text("x/collected.json").contains("\"conclusion\": \"unstable\""));
    let basic = Some("Basic YW5uOnNlc2FtZQ==");
    assert!(tokens(&server).iter().all(|token| token.as_deref() == basic), "user and token, as HTTP has it");

    let asked = asked_for(&server, "/203/consoleText");
    collect(&desk, &[&format!("{}{job}/", server.url())]);
    assert_eq!(asked_for(&server, "/203/consoleText"), asked, "what is here is not asked for again");
}

#[test]
fn one_build_of_jenkins_is_its_console() {
    let (desk, server) = (Desk::new(), Server::start());
    let build = format!("/job/nightly/41/api/json?tree={FIELDS}");
    server.on(&build, answer(&jenkins_build(41, Some("FAILURE"))));
    server.on("/job/nightly/41/consoleText", Reply::new(503, ""));
    server.on("/job/nightly/41/consoleText", Reply::new(200, FAILED));
    let said = collect(&desk, &[&format!("{}/job/nightly/41/console", server.url())]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(desk.files("x/logs"), ["run-41-attempt-1-nightly-41.log"]);
}

#[test]
fn a_log_that_says_that_it_passed_although_its_job_failed_is_put_with_those_and_told() {
    let (desk, server) = (Desk::new(), Server::start());
    gitlab_jobs(&server, 7, &[(21, "test", "failed"), (22, "test", "success")]);
    trace(&server, 21, Reply::new(200, PASSED));
    trace(&server, 22, Reply::new(200, FAILED));
    let said = collect(&desk, &[&gitlab(&server, "pipelines/7")]);
    assert!(said.out.contains("run-7-attempt-1-test-21.log says that it passed"), "{said:?}");
    assert!(said.err.contains("was of a job that passed and says that it failed"), "{said:?}");
}

#[test]
fn a_server_that_refuses_says_which_variable_holds_the_token() {
    for (url, variable) in
        [("g/p/-/pipelines/7", "GITLAB_TOKEN"), ("job/nightly/41/", "JENKINS_USER_ID and JENKINS_API_TOKEN")]
    {
        let (desk, server) = (Desk::new(), Server::start());
        desk.run(&["new", "x"]);
        let said = desk.run(&["collect", "x", &format!("{}/{url}", server.url())]);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains(&format!("needs a token in {variable}")), "{said:?}");
    }
}
