//! The token that GitHub's own command line tool keeps.

use std::process::{Command, Stdio};

/// Returns what `gh auth token` prints; `None` where nobody is signed in.
pub fn of_gh() -> Option<String> {
    let mut gh = Command::new("gh");
    let output = gh.args(["auth", "token"]).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let token = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !token.is_empty()).then_some(token)
}
