//! Why the server did not give what was asked for.

use thiserror::Error;

/// Why the server did not give what was asked for.
#[derive(Debug, Error)]
pub(super) enum Refusal {
    /// 410: GitHub keeps logs for 90 days, or as long as the repository says.
    #[error("the log has expired on the server and cannot be fetched any more")]
    Expired,
    /// 404: GitHub answers so for private repositories as well.
    #[error("the server has no {0}{hint}", hint = hint(*.1))]
    NotFound(String, bool),
    /// 401: the token is wrong or over.
    #[error("the server does not accept the token; GITHUB_TOKEN or GH_TOKEN may be wrong or over")]
    Token,
    /// 403 for another reason than the rate.
    #[error("the server forbids {0}: {1}; the token needs the right to read Actions")]
    Forbidden(String, String),
    /// 403 or 429 with a longer wait than we are ready for.
    #[error("the rate limit is used up until {0}; run the same command again then: what is here stays{hint}", hint = more(*.1))]
    RateLimited(String, bool),
    /// Any other status.
    #[error("the server answered {0} for {1}: {2}")]
    Status(u16, String, String),
    /// The redirect leads somewhere that cannot be followed.
    #[error("the server sends {0} on to {1}, which is not followed: {2}")]
    Redirect(String, String, &'static str),
    /// No answer, or one that broke off.
    #[error("no whole answer for {0}: {1}")]
    Broken(String, String),
}

fn hint(with_token: bool) -> &'static str {
    if with_token {
        "; the address may be wrong, or the token may not see this repository"
    } else {
        "; a private repository needs a token in GITHUB_TOKEN or GH_TOKEN"
    }
}

fn more(with_token: bool) -> &'static str {
    if with_token { "" } else { "; with a token in GITHUB_TOKEN or GH_TOKEN the limit is 80 times higher" }
}
