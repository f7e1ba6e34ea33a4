//! Completions and manual pages cover the commands there are.

use assert_cmd::Command;
use tempfile::TempDir;

fn ndlog(words: &[&str]) -> String {
    let output = Command::cargo_bin("ndlog").unwrap().args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn each_shell_gets_completions_for_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = ndlog(&["completions", shell]);
        assert!(script.contains("cluster") && script.contains("signatures"), "{shell}");
    }
}

#[test]
fn an_unknown_shell_is_answered_with_those_there_are() {
    let mut command = Command::cargo_bin("ndlog").unwrap();
    let output = command.args(["completions", "cmd"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("fish"));
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    assert!(ndlog(&["man"]).starts_with(".ie"), "a page in the language of man");
    let folder = TempDir::new().unwrap();
    ndlog(&["man", folder.path().to_str().unwrap()]);
    for name in ["ndlog", "ndlog-cluster", "ndlog-explain", "ndlog-verify"] {
        assert!(folder.path().join(format!("{name}.1")).is_file(), "{name}");
    }
    assert!(!folder.path().join("ndlog-features.1").exists(), "a hidden command has no page");
}
