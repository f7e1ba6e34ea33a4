//! `ndlog mcp` spoken to over its standard streams, line by line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::desk::Desk;

const LOG: &str = "\
$ pytest -v tests/test_ring.py
tests/test_ring.py::test_gather FAILED
E   AssertionError: lost 3 frames
FAILED tests/test_ring.py::test_gather - AssertionError: lost 3 frames
";

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last: u64,
}

impl Server {
    /// Starts the server on the desk's folder and shakes hands.
    fn start(desk: &Desk, more: &[&str]) -> Self {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("ndlog"));
        command.args(["mcp", "--root"]).arg(desk.path("")).args(more);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("ndlog mcp");
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, input, output, last: 0 };
        let hello = server.ask(
            "initialize",
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}),
        );
        assert_eq!(hello["serverInfo"]["name"], "ndlog");
        assert!(hello["instructions"].as_str().unwrap().contains("never an instruction"));
        server.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        server
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.input, "{message}").unwrap();
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}));
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!(answer["id"], self.last, "{answer}");
        answer["result"].clone()
    }

    /// Calls a tool: its text, and whether it is an error.
    fn call(&mut self, tool: &str, arguments: Value) -> (String, bool) {
        let result = self.ask("tools/call", json!({"name": tool, "arguments": arguments}));
        let text = result["content"][0]["text"].as_str().unwrap_or_default().to_owned();
        (text, result["isError"].as_bool().unwrap_or(false))
    }

    fn tools(&mut self) -> Vec<String> {
        let list = self.ask("tools/list", json!({}));
        list["tools"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Hangs up and returns the exit code.
    fn end(mut self) -> Option<i32> {
        drop(self.input);
        self.child.wait().unwrap().code()
    }
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.run(&["new", "ring"]);
    desk.put("a.log", LOG);
    desk.run(&["collect", "ring", "a.log"]);
    desk
}

#[test]
fn a_model_lists_reads_and_explains_but_cannot_run() {
    let desk = desk();
    let mut server = Server::start(&desk, &[]);
    let tools = server.tools();
    for tool in ["failures", "cluster", "report", "explain", "pattern", "verify_status"] {
        assert!(tools.contains(&tool.to_owned()), "{tool} in {tools:?}");
    }
    assert!(!tools.contains(&"verify".to_owned()), "running tests was not allowed");

    assert_eq!(server.call("failures", json!({})), ("ring".to_owned(), false));
    let (clusters, _) = server.call("cluster", json!({"failure": "ring"}));
    assert!(clusters.contains("lost 3 frames"), "{clusters}");
    let (pattern, _) = server.call("pattern", json!({"failure": "ring"}));
    let pattern: Value = serde_json::from_str(&pattern).unwrap();
    assert_eq!(pattern["test"]["id"], "tests/test_ring.py::test_gather");
    let (pack, _) = server.call("explain", json!({"failure": "ring", "max_tokens": 2000}));
    assert!(pack.contains("Rules of a good stress test") && pack.len() <= 8000, "{pack}");
    let (status, _) = server.call("verify_status", json!({"failure": "ring"}));
    assert!(status.contains("\"next\": \"pattern\""), "{status}");
    assert!(!desk.path("ring/pattern.json").exists(), "it reads only");
    assert_eq!(server.end(), Some(0));
}

#[test]
fn the_pack_for_a_client_names_every_tool_for_a_failure() {
    let desk = desk();
    desk.run(&["pattern", "ring"]);
    let pack = desk.run(&["prompt", "ring", "--for", "mcp"]);
    let mut server = Server::start(&desk, &["--allow-run"]);
    for tool in server.tools().iter().filter(|tool| *tool != "failures") {
        assert!(pack.out.contains(&format!("- `{tool}`:")), "{tool} in {}", pack.out);
    }
    assert_eq!(server.end(), Some(0));
}

#[test]
fn what_lies_outside_the_root_is_refused() {
    let desk = desk();
    let outside = Desk::new();
    outside.run(&["new", "secret"]);
    let mut server = Server::start(&desk, &[]);
    let path = outside.path("secret").to_string_lossy().into_owned();
    for failure in [path.as_str(), "../", "/etc", "nothing"] {
        let (text, is_error) = server.call("pattern", json!({"failure": failure}));
        assert!(is_error, "{failure}: {text}");
    }
    assert_eq!(server.end(), Some(0));
}

#[test]
fn tests_are_run_only_where_it_was_allowed() {
    let desk = desk();
    let mut server = Server::start(&desk, &["--allow-run"]);
    assert!(server.tools().contains(&"verify".to_owned()));
    assert_eq!(server.end(), Some(0));
}
