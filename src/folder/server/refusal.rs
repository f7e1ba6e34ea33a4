//! Why the server did not give what was asked for.

use thiserror::Error;

/// Why the server did not give what was asked for.
#[derive(Debug, Error)]
pub(in crate::folder) enum Refusal {
    /// 410, or what says the same: servers keep logs for weeks or months.
    #[error("the log has expired on the server and cannot be fetched any more")]
    Expired,
    /// 404: servers answer so for what is private as well.
    #[error("the server has no {0}{hint}", hint = .1.not_found())]
    NotFound(String, Hint),
    /// 401: the token is wrong or over.
    #[error("the server does not accept the token; {} may be missing, wrong or over", .0.variables)]
    Token(Hint),
    /// 403 for another reason than the rate.
    #[error("the server forbids {0}: {1}; the token needs the right to read builds and their logs")]
    Forbidden(String, String),
    /// 403 or 429 with a longer wait than we are ready for.
    #[error("the rate limit is used up until {0}; run the same command again then: what is here stays{hint}", hint = .1.more())]
    RateLimited(String, Hint),
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

/// What may help: a token where none was sent.
#[derive(Clone, Copy, Debug)]
pub(in crate::folder) struct Hint {
    pub with_token: bool,
    /// The variables that hold one.
    pub variables: &'static str,
}

impl Hint {
    fn not_found(self) -> String {
        match self.with_token {
            true => "; the address may be wrong, or the token may not see it".to_owned(),
            false => format!("; what is private needs a token in {}", self.variables),
        }
    }

    fn more(self) -> String {
        match self.with_token {
            true => String::new(),
            false => format!("; with a token in {} the limit is higher", self.variables),
        }
    }
}
