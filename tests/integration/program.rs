//! The program, run in a folder, and our own data.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

/// Returns the way to our own data.
pub fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets").join(path)
}

/// Returns the logs that lie in a folder, sorted.
pub fn logs_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut logs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    logs.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    logs.sort();
    logs
}

/// Returns the program, to be run in a folder, without the width and the colours of whoever runs the tests.
pub fn ndlog(folder: impl AsRef<Path>) -> Command {
    let mut command = Command::cargo_bin("ndlog").expect("the binary");
    command.current_dir(folder);
    for variable in ["COLUMNS", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

/// Runs the program, and returns its exit code and what it wrote to standard output and to standard error.
pub fn run(folder: impl AsRef<Path>, arguments: &[&str]) -> (Option<i32>, String, String) {
    said(ndlog(folder).args(arguments))
}

/// Runs a command, and returns the same.
pub fn said(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().expect("ndlog runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Runs a command that must succeed, and returns the JSON that it wrote.
pub fn json(folder: impl AsRef<Path>, arguments: &[&str]) -> Value {
    let (code, out, err) = run(folder, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {err}");
    serde_json::from_str(&out).expect("JSON")
}

/// Returns the findings of logs; paths and options behind `ndlog cluster`.
pub fn findings(folder: impl AsRef<Path>, arguments: &[&str]) -> Value {
    json(folder, &[&["cluster", "--format", "json"], arguments].concat())
}
