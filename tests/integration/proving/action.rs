//! The step for a workflow: its script, run as GitHub runs it, with a server of our own.

use std::path::Path;
use std::process::{Command, Output};

use super::server::{Reply, Server};
use crate::desk::Desk;
use crate::skip::skip;

const LOG: &str = "2026-11-22T10:14:50.0000000Z ##[group]Run pytest tests\n\
    2026-11-22T10:14:50.1000000Z ##[endgroup]\n\
    2026-11-22T10:14:51.0000000Z =================================== FAILURES ===================================\n\
    2026-11-22T10:14:51.0000000Z __________________________________ test_ring ___________________________________\n\
    2026-11-22T10:14:51.0000000Z \n\
    2026-11-22T10:14:51.0000000Z     def test_ring():\n\
    2026-11-22T10:14:51.0000000Z >       assert closed(4) == 4\n\
    2026-11-22T10:14:51.0000000Z E       AssertionError: 3 links of 4 are closed\n\
    2026-11-22T10:14:51.0000000Z \n\
    2026-11-22T10:14:51.0000000Z tests/test_ring.py:7: AssertionError\n\
    2026-11-22T10:14:51.0000000Z =========================== short test summary info ============================\n\
    2026-11-22T10:14:51.0000000Z FAILED tests/test_ring.py::test_ring - AssertionError: 3 links of 4 are closed\n\
    2026-11-22T10:14:51.0000000Z ========================= 1 failed, 3 passed in 0.12s ==========================\n\
    2026-11-22T10:14:51.5000000Z ##[error]Process completed with exit code 1.\n";

/// A server with run 7 of o/r, of which one job failed, and pull request 3, which has these comments.
fn server(comments: &str) -> Server {
    let server = Server::start();
    let (runs, issues) = ("/repos/o/r/actions/runs/7", "/repos/o/r/issues");
    server.on(runs, Reply::new(200, r#"{"id":7,"run_attempt":1}"#));
    let jobs = r#"{"total_count":1,"jobs":[{"id":1,"name":"test","status":"completed","conclusion":"failure","head_sha":"c0ffee"}]}"#;
    server.on(&format!("{runs}/attempts/1/jobs?per_page=100"), Reply::new(200, jobs));
    server.on("/repos/o/r/actions/jobs/1/logs", Reply::new(200, LOG));
    server.on(&format!("{issues}/3/comments?per_page=100&page=1"), Reply::new(200, comments));
    server.on(&format!("{issues}/3/comments"), Reply::new(201, "{}"));
    server.on(&format!("{issues}/comments/5"), Reply::new(200, "{}"));
    server
}

fn act(desk: &Desk, server: &Server) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/action/run");
    let program = Path::new(env!("CARGO_BIN_EXE_ndlog")).parent().expect("a folder").display();
    let mut command = Command::new("bash");
    for (name, value) in [
        ("PATH", format!("{program}:{}", std::env::var("PATH").unwrap_or_default())),
        ("GITHUB_API_URL", server.url()),
        ("GITHUB_STEP_SUMMARY", desk.path("summary").display().to_string()),
        ("GITHUB_OUTPUT", desk.path("output").display().to_string()),
        ("RUNNER_TEMP", desk.path("").display().to_string()),
    ] {
        command.env(name, value);
    }
    for (name, value) in [
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "o/r"),
        ("GITHUB_RUN_ID", "7"),
        ("GITHUB_TOKEN", "sesame"),
        ("NDLOG_PULL_REQUEST", "3"),
    ] {
        command.env(name, value);
    }
    command.arg(script).output().expect("bash")
}

fn there(program: &str) -> bool {
    let works = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !works {
        skip(program, "the script of the action is not run");
    }
    works
}

#[test]
fn a_run_becomes_a_summary_outputs_a_page_marks_and_one_comment() {
    if !["bash", "curl", "jq"].into_iter().all(there) {
        return;
    }
    let earlier = r#"[{"id":4,"body":"well done"},{"id":5,"body":"<!-- ndlog -->\nold"}]"#;
    for (comments, method, path) in
        [("[]", "POST", "/repos/o/r/issues/3/comments"), (earlier, "PATCH", "/repos/o/r/issues/comments/5")]
    {
        let (desk, server) = (Desk::new(), server(comments));
        let output = act(&desk, &server);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let marks = String::from_utf8_lossy(&output.stdout);
        assert!(marks.contains("::error file=tests/test_ring.py,line=7"), "{marks}");
        let outputs = desk.text("output");
        for line in ["failed=1", "flaky=0", "new=0", "report="] {
            assert!(outputs.lines().any(|own| own.starts_with(line)), "{line} in {outputs}");
        }
        assert!(desk.text("ndlog-report.html").contains("3 links of 4 are closed"));

        let sent = server.sent();
        let [(by, to, body)] = sent.as_slice() else { panic!("one comment is written: {sent:?}") };
        assert_eq!((by.as_str(), to.as_str()), (method, path));
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        let text = body["body"].as_str().expect("a text");
        assert!(text.starts_with("<!-- ndlog -->\n") && text.len() < 65_536, "{text}");
        for part in ["test_ring", "3 links of 4 are closed", "https://github.com/o/r/actions/runs/7"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(text.contains(desk.text("summary").trim_end()), "the comment has the text of the summary");
    }
}
