//! Hostile texts in every field, and hostile shapes of input: nothing of a log acts on whoever reads a report, no
//! report grows beyond its bounds, and the cost of no shape grows faster than its length.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

use crate::consumers::{READ_CSV, READ_JSON, acts, consumer};
use crate::program::ndlog;

/// Texts that act somewhere, if they can.
const TEXTS: [&str; 18] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "]]><x/>",
    "--><b>",
    "&lt;&amp;&#x1b;",
    "=HYPERLINK(\"http://x\")",
    "@SUM(1)",
    "`touch /tmp/owned`",
    "$(touch owned)",
    "'; touch owned; '",
    "\u{1b}[2J\u{1b}]0;t\u{7}",
    "\u{9b}31m",
    "\u{202e}gnp.exe",
    "\u{fffe}\u{ffff}",
    "##[error]forged",
    "::error file=a::forged",
    "a\u{ad}b\u{3164}",
    "| a | b |\u{2028}# head",
];

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = ndlog(folder).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code().is_some_and(|code| code <= 3),
        "{arguments:?} ends with {}: {said}",
        output.status
    );
    assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    output
}

fn told(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(run(folder, arguments).stdout).unwrap()
}

fn xml(text: &str) -> String {
    let legal = |letter: char| letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    let text: String = text.chars().filter(|letter| legal(*letter)).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Logs, verdicts and file names that hold each text wherever a log may say something.
fn hostile() -> TempDir {
    let folder = TempDir::new().unwrap();
    let logs = folder.path().join("logs");
    fs::create_dir(&logs).unwrap();
    for (number, text) in TEXTS.iter().enumerate() {
        let log = format!(
            "2026-02-01T10:00:00Z Runner name: {text}\n2026-02-01T10:00:01Z + TOKEN_{number}={text} pytest {text}\n\
             2026-02-01T10:00:02Z {text}\n2026-02-01T10:00:03Z tests/test_{number}.py::test_ring[{text}] FAILED\n\
             Traceback (most recent call last):\n  File \"/w/{text}.py\", line 7, in {text}\n    raise RuntimeError({text})\n\
             RuntimeError: ring {text} is not closed\n{text}\nrank {number}: timed out after 1800 s {text}\n1 failed in 0.12s\n"
        );
        let name: String = text.chars().filter(|letter| !matches!(letter, '/' | '\0')).collect();
        fs::write(logs.join(format!("{number} {name}\n::error::x.log")), log).unwrap();
        let junit = format!(
            "<testsuites><testsuite name=\"{0}\"><testcase classname=\"{0}\" name=\"{0}\" file=\"{0}\"><failure message=\"{0}\" \
             type=\"{0}\">{0}</failure></testcase></testsuite></testsuites>",
            xml(text)
        );
        fs::write(logs.join(format!("{number}.xml")), junit).unwrap();
    }
    folder
}

const READ_XML: &str = "import sys,xml.etree.ElementTree as tree\ntree.parse(sys.argv[1])";

#[test]
fn nothing_that_a_log_says_acts_in_any_report() {
    let folder = hostile();
    for format in ["table", "json", "jsonl", "csv", "markdown", "html", "sarif", "junit"] {
        let report = told(folder.path(), &["report", "logs", "--format", format]);
        let acting: Vec<char> =
            report.chars().filter(|letter| acts(*letter) && *letter != '\u{1b}').collect();
        assert!(acting.is_empty() && !report.contains("\u{1b}[2J"), "{format} holds {acting:?}");
        assert!(!report.contains("##[error]"), "{format} gives a command to a runner");
        let begins = |line: &str| line.trim_start().starts_with("::error");
        assert!(!report.lines().any(begins), "{format} gives a command to a runner");
        if matches!(format, "html" | "markdown" | "junit") {
            assert!(
                !report.contains("<script>alert") && !report.contains("<img src=x"),
                "{format} runs script"
            );
        }
        fs::write(folder.path().join(format), &report).unwrap();
    }
    for (format, script) in [
        ("json", READ_JSON),
        ("jsonl", READ_JSON),
        ("sarif", READ_JSON),
        ("junit", READ_XML),
        ("csv", READ_CSV),
    ] {
        consumer("python3", &["-c", script, format], folder.path());
    }
    consumer("xmllint", &["--noout", "junit"], folder.path());
}

#[test]
fn nothing_that_a_log_says_acts_in_what_a_command_prints() {
    let folder = hostile();
    let logs = fs::read_dir(folder.path().join("logs")).unwrap();
    let mut names: Vec<String> =
        logs.map(|log| format!("logs/{}", log.unwrap().file_name().into_string().unwrap())).collect();
    names.sort();
    let (first, last) = (names.first().unwrap().as_str(), names.last().unwrap().as_str());
    let line = format!("{first}:8");
    for command in [
        &["cluster", "logs", "--all", "--verbose"][..],
        &["cluster", "logs", "--format", "annotations"],
        &["show", "1", "logs", "--all"],
        &["explain", &line],
        &["pack", "logs"],
        &["diff", "--pass", first, "--fail", last],
        &["templates", "logs"],
        &["templates", "logs", "--format", "csv"],
    ] {
        let said = told(folder.path(), command);
        let acting: Vec<char> = said.chars().filter(|letter| acts(*letter)).collect();
        assert!(!said.is_empty() && acting.is_empty(), "{command:?} prints {acting:?}");
        assert!(!said.contains("##[error]"), "{command:?} gives a command to a runner");
        let own = command.contains(&"annotations");
        let forged =
            |line: &str| line.trim_start().starts_with("::error") && (!own || line.ends_with("::forged"));
        assert!(!said.lines().any(forged), "{command:?} gives a command to a runner");
    }
}

#[test]
fn a_line_on_standard_error_is_one_line_whatever_a_name_holds() {
    let folder = hostile();
    fs::write(folder.path().join("logs/bad\n::error::forged.gz"), b"\x1f\x8b\x08broken").unwrap();
    let said = String::from_utf8(run(folder.path(), &["cluster", "logs"]).stderr).unwrap();
    assert!(said.contains("forged.gz"), "the broken file is named: {said}");
    assert!(!said.lines().any(|line| line.trim_start().starts_with("::error")), "{said}");
    assert!(!said.chars().any(acts), "{said:?}");
    let said =
        String::from_utf8(run(folder.path(), &["cluster", "no\n::error::such \u{1b}[2J"]).stderr).unwrap();
    assert!(!said.contains('\u{1b}') && !said.lines().any(|line| line.starts_with("::error")), "{said:?}");
}

#[test]
fn a_written_test_and_a_prompt_are_data() {
    let folder = hostile();
    for step in
        [&["new", "ring"][..], &["collect", "ring", "logs"], &["pattern", "ring"], &["stress", "ring"]]
    {
        run(folder.path(), step);
    }
    let prompt = told(folder.path(), &["prompt", "ring"]);
    assert!(!prompt.contains('\u{1b}') && !prompt.contains('\u{202e}'), "{prompt}");
    assert!(!folder.path().join("owned").exists() && !folder.path().join("ring/owned").exists());
    consumer("shellcheck", &["--severity=error", "ring/run_test.sh"], folder.path());
}

/// A shape of input: what one more unit of it adds.
type Shape = (&'static str, fn(usize) -> String);

/// A name without digits for each number.
fn word(mut number: usize) -> String {
    (0..5).map(|_| (char::from(b'a' + (number % 26) as u8), number /= 26).0).collect()
}

fn junit(cases: impl Fn(usize) -> String, count: usize) -> String {
    format!(
        "<testsuites><testsuite name=\"s\">{}</testsuite></testsuites>",
        (0..count).map(cases).collect::<String>()
    )
}

const SHAPES: [Shape; 24] = [
    ("one long line", |n| "x".repeat(200 * n)),
    ("one long line of words", |n| "error: it failed again ".repeat(20 * n)),
    ("lines of one byte", |n| "x\n".repeat(300 * n)),
    ("empty lines", |n| "\n".repeat(500 * n)),
    ("carriage returns", |n| "error 10%\r".repeat(40 * n)),
    ("equal errors", |n| "ERROR: the ring is not closed\n".repeat(4 * n)),
    ("distinct errors", |n| {
        (0..2 * n).map(|i| format!("ERROR: cannot open {} for {}\n", word(i * 7919), word(i))).collect()
    }),
    ("numbered errors", |n| (0..2 * n).map(|i| format!("ERROR: request {i} failed\n")).collect()),
    ("frames", |n| {
        format!(
            "Traceback (most recent call last):\n{}RuntimeError: deep\n",
            "  File \"/w/a.py\", line 7, in f\n    f()\n".repeat(3 * n)
        )
    }),
    ("tracebacks", |n| {
        (0..n / 2).map(|i| format!("Traceback (most recent call last):\n  File \"/w/{0}.py\", line 7, in f\nValueError: {0}\n", word(i))).collect()
    }),
    ("causes chained", |n| {
        (0..n / 2).map(|i| format!("Traceback (most recent call last):\n  File \"/w/a.py\", line 7, in f\nValueError: {}\n\nDuring handling of the above exception, another exception occurred:\n\n", word(i))).collect()
    }),
    ("Java causes", |n| {
        format!(
            "java.lang.IllegalStateException: top\n{}",
            "\tat ring.Ring.open(Ring.java:7)\nCaused by: java.io.IOException: below\n".repeat(2 * n)
        )
    }),
    ("goroutines", |n| {
        format!(
            "panic: boom\n\n{}",
            (0..n)
                .map(|i| format!("goroutine {i} [running]:\nmain.f()\n\t/w/a.go:7 +0x1d\n\n"))
                .collect::<String>()
        )
    }),
    ("panics", |n| "thread 'main' panicked at src/a.rs:7:5:\nboom\n".repeat(n)),
    ("tests that pass", |n| (0..4 * n).map(|i| format!("tests/test_a.py::test_{i} PASSED\n")).collect()),
    ("tests that fail", |n| (0..2 * n).map(|i| format!("tests/test_a.py::test_{i} FAILED\n")).collect()),
    ("JUnit, one line, failing", |n| {
        junit(
            |i| {
                format!(
                    "<testcase name=\"t{i}\"><failure message=\"assert {i} == 0\">at a.c:{i}</failure></testcase>"
                )
            },
            n,
        )
    }),
    ("JUnit, near-equal failures", |n| {
        junit(
            |i| {
                format!(
                    "<testcase name=\"t\"><failure message=\"the device called {} did not answer in time to the request\"/></testcase>\n",
                    word(i)
                )
            },
            n / 2,
        )
    }),
    ("JUnit, passing", |n| junit(|i| format!("<testcase name=\"t{i}\"/>\n"), 4 * n)),
    ("JUnit, nested suites", |n| format!("<testsuites>{}", "<testsuite name=\"s\">".repeat(4 * n))),
    ("JUnit, never closed", |n| format!("<testsuites>{}", "<testcase name=\"t\"><failure>".repeat(2 * n))),
    ("JUnit, one huge message", |n| {
        junit(
            |_| format!("<testcase name=\"t\"><failure message=\"{}\"/></testcase>", "m".repeat(100 * n)),
            1,
        )
    }),
    ("annotations, one line", |n| {
        format!("[{}]", (0..n).map(|i| format!("{{\"path\":\"a\",\"start_line\":1,\"annotation_level\":\"failure\",\"message\":\"m {i}\"}}")).collect::<Vec<_>>().join(","))
    }),
    ("escapes", |n| "\u{1b}[31m\u{1b}[0m".repeat(40 * n)),
];

/// Seconds of processor time that a run over `text` takes, and the bytes that it writes.
fn cost(folder: &Path, text: &str) -> (f64, u64) {
    fs::write(folder.join("shape"), text).unwrap();
    let written = fs::File::create(folder.join("written")).unwrap();
    let mut run = Command::new(cargo_bin("ndlog"));
    run.current_dir(folder).args(["cluster", "shape", "--format", "json", "--threads", "1"]);
    let mut child = run.stdout(written.try_clone().unwrap()).stderr(Stdio::null()).spawn().unwrap();
    let seconds = processor_time(&child);
    let code = child.wait().unwrap().code();
    assert!(code.is_some_and(|code| code <= 3), "it ends with {code:?}");
    (seconds, written.metadata().unwrap().len())
}

/// Waits for the end of a process and returns the seconds of processor time that it took alone, whatever else is tested
/// meanwhile.
fn processor_time(child: &Child) -> f64 {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    waitid(WaitId::Pid(Pid::from_child(child)), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).unwrap();
    let text = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

#[test]
fn the_cost_of_no_shape_grows_faster_than_its_length() {
    let folder = TempDir::new().unwrap();
    let mut steep = Vec::new();
    for (name, make) in SHAPES {
        let (small, large) = (make(200), make(1600));
        let ((once, _), (eight, written)) = (cost(folder.path(), &small), cost(folder.path(), &large));
        // What starting the program takes counts for both; below it, a figure says nothing.
        if eight > 1.0 && eight > once.max(0.1) * 20.0 {
            steep.push(format!(
                "{name}: {once:.2} s for {} bytes, {eight:.2} s for {}",
                small.len(),
                large.len()
            ));
        }
        assert!(written < 64 << 20, "{name} writes {written} bytes");
    }
    assert!(steep.is_empty(), "{}", steep.join("\n"));
}
