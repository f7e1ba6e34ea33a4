//! Completions and manual pages cover the commands there are.

use tempfile::TempDir;

use crate::program::run;

fn ndlog(words: &[&str]) -> String {
    let (code, out, error) = run(".", words);
    assert_eq!(code, Some(0), "{words:?}: {error}");
    out
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
    let (code, _, error) = run(".", &["completions", "cmd"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("fish"), "{error}");
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
