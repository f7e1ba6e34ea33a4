//! The token: from the environment, or from GitHub's own command line tool.

use std::process::{Command, Stdio};

/// Returns the token of `GITHUB_TOKEN` or `GH_TOKEN`, else what `gh auth token` prints; `None` where nobody is signed in.
pub fn token() -> Option<String> {
    let variable = |name| std::env::var(name).ok().filter(|token: &String| !token.trim().is_empty());
    variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN")).or_else(of_gh)
}

fn of_gh() -> Option<String> {
    let mut gh = Command::new("gh");
    let output = gh.args(["auth", "token"]).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let token = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !token.is_empty()).then_some(token)
}
