//! What each server's API wants in its headers, and where a person keeps the token for it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::token;

/// Whose API it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    GitHub,
    GitLab,
    Buildkite,
    Jenkins,
}

impl Dialect {
    /// Returns the headers of every request.
    pub(super) fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::GitHub => {
                &[("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")]
            }
            Self::GitLab | Self::Buildkite | Self::Jenkins => {
                &[("accept", "application/json, text/plain, */*")]
            }
        }
    }

    /// Returns the header that carries the token; for Jenkins it is `user:token`.
    pub(super) fn authorization(self, token: &str) -> (&'static str, String) {
        match self {
            Self::GitHub | Self::Buildkite => ("authorization", format!("Bearer {token}")),
            Self::GitLab => ("private-token", token.to_owned()),
            Self::Jenkins => ("authorization", format!("Basic {}", BASE64_STANDARD.encode(token))),
        }
    }

    /// Returns the names of the variables that hold the token.
    pub(super) fn variables(self) -> &'static str {
        match self {
            Self::GitHub => "GITHUB_TOKEN or GH_TOKEN",
            Self::GitLab => "GITLAB_TOKEN",
            Self::Buildkite => "BUILDKITE_API_TOKEN",
            Self::Jenkins => "JENKINS_USER_ID and JENKINS_API_TOKEN",
        }
    }

    /// Returns the token that the environment has for it.
    pub(super) fn token(self) -> Option<String> {
        let variable = |name| std::env::var(name).ok().filter(|token: &String| !token.trim().is_empty());
        match self {
            Self::GitHub => variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN")).or_else(token::of_gh),
            Self::GitLab => variable("GITLAB_TOKEN"),
            Self::Buildkite => variable("BUILDKITE_API_TOKEN"),
            Self::Jenkins => {
                Some(format!("{}:{}", variable("JENKINS_USER_ID")?, variable("JENKINS_API_TOKEN")?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_gets_the_token_in_its_own_header() {
        for (dialect, header) in [
            (Dialect::GitHub, ("authorization", "Bearer a:b")),
            (Dialect::Buildkite, ("authorization", "Bearer a:b")),
            (Dialect::GitLab, ("private-token", "a:b")),
            (Dialect::Jenkins, ("authorization", "Basic YTpi")),
        ] {
            let (name, value) = dialect.authorization("a:b");
            assert_eq!((name, value.as_str()), header);
        }
    }
}
