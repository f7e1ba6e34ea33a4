//! Secrets that a log prints leave no command unmasked, and `--no-mask` shows them.

use std::fs;

use tempfile::TempDir;

use crate::program::{ndlog, said};

/// Made up, in the form of a GitHub token.
const TOKEN: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

/// Every command that prints what logs say; `{log}` fails, `{good}` passes.
const COMMANDS: [&[&str]; 11] = [
    &["cluster", "{log}", "--format", "json"],
    &["cluster", "{log}", "--format", "csv"],
    &["why", "{log}"],
    &["pack", "{log}"],
    &["report", "{log}", "--format", "markdown"],
    &["report", "{log}", "--format", "html"],
    &["report", "{log}", "--format", "junit"],
    &["report", "{log}", "--format", "sarif"],
    &["diff", "--pass", "{good}", "--fail", "{log}"],
    &["explain", "{log}:6"],
    &["templates", "{log}"],
];

/// Those that show a message as the log has it.
const SHOW_MESSAGES: [&str; 5] = ["cluster", "why", "pack", "diff", "explain"];

fn logs() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let good = "collecting ...\ntests/test_ring.py::test_gather PASSED\n1 passed in 0.12s\n";
    let bad = format!(
        "collecting ...\n____ test_gather ____\n\n    def test_gather():\n>       connect()\nE       RuntimeError: token {TOKEN} was \
         refused by the ring\n\ntests/test_ring.py:12: RuntimeError\nFAILED tests/test_ring.py::test_gather - RuntimeError: token \
         {TOKEN} was refused by the ring\n1 failed in 0.12s\n"
    );
    fs::write(folder.path().join("good.log"), good).unwrap();
    fs::write(folder.path().join("bad.log"), bad).unwrap();
    folder
}

/// Returns all that a command prints, to both streams.
fn printed(folder: &TempDir, command: &[&str], more: &[&str]) -> String {
    let filled = command.iter().map(|word| word.replace("{log}", "bad.log").replace("{good}", "good.log"));
    let (_, out, err) = said(ndlog(folder).args(filled).args(more));
    out + &err
}

#[test]
fn no_command_prints_a_token() {
    let folder = logs();
    for command in COMMANDS {
        let printed = printed(&folder, command, &[]);
        assert!(!printed.contains(TOKEN), "{command:?} prints the token:\n{printed}");
    }
}

#[test]
fn a_token_is_shown_where_that_is_asked_for() {
    let folder = logs();
    for command in COMMANDS.into_iter().filter(|command| SHOW_MESSAGES.contains(&command[0])) {
        let masked = printed(&folder, command, &[]);
        assert!(masked.contains("masked"), "{command:?} does not say that it masked something:\n{masked}");
        let printed = printed(&folder, command, &["--no-mask"]);
        assert!(printed.contains(TOKEN), "{command:?} --no-mask does not show the token:\n{printed}");
    }
}
