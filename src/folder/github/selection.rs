//! Which runs of a repository are meant: of a workflow, a branch or a pull request, how many, since when.

use anyhow::{Context, Result, ensure};

use super::address::{is_host, is_name};

/// Runs of one repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Scheme and host: `https://github.com`.
    pub origin: String,
    /// `owner/name`.
    pub repository: String,
    /// The file of the workflow, such as `ci.yml`; all where none is given.
    pub workflow: Option<String>,
    pub branch: Option<String>,
    /// The runs of the last commit of this pull request.
    pub pull: Option<u64>,
    /// At most so many runs, newest first.
    pub last: usize,
    /// Failed runs only; else the passing runs come too, for the jobs that failed in others.
    pub failed: bool,
    /// No run older than this day: `2026-10-04`.
    pub since: Option<String>,
}

impl Selection {
    /// Reads `OWNER/NAME`, or with a host before it `HOST/OWNER/NAME`.
    ///
    /// # Errors
    /// If it is of another form.
    pub fn of_repository(text: &str) -> Result<Self> {
        let words: Vec<&str> = text.split('/').collect();
        let (host, owner, name) = match words.as_slice() {
            [owner, name] => ("github.com", *owner, *name),
            [host, owner, name] => (*host, *owner, *name),
            _ => anyhow::bail!("{text:?} is no repository; expected OWNER/NAME"),
        };
        let plain = is_name(owner) && is_name(name) && is_host(host) && !name.is_empty() && !owner.is_empty();
        ensure!(plain, "{text:?} is no repository; expected OWNER/NAME");
        let (origin, repository) = (format!("https://{host}"), format!("{owner}/{name}"));
        Ok(Self { origin, repository, last: LAST, ..Self::default() })
    }

    /// Reads the address of a pull request, of a workflow or of all workflows; `None` for any other.
    ///
    /// # Errors
    /// If a number in it is none.
    pub fn of_address(url: &str) -> Result<Option<Self>> {
        let Some((scheme @ ("https" | "http"), rest)) = url.split_once("://") else { return Ok(None) };
        let rest = rest.split(['?', '#']).next().unwrap_or(rest);
        let words: Vec<&str> = rest.split('/').filter(|word| !word.is_empty()).collect();
        let [host, owner, name, tail @ ..] = words.as_slice() else { return Ok(None) };
        if !(is_host(host) && is_name(owner) && is_name(name)) {
            return Ok(None);
        }
        let (origin, repository) = (format!("{scheme}://{host}"), format!("{owner}/{name}"));
        let all = Self { origin, repository, last: LAST, ..Self::default() };
        Ok(match tail {
            ["pull", number, ..] => {
                let pull = number.parse().with_context(|| format!("{number:?} is no pull request"))?;
                Some(Self { pull: Some(pull), ..all })
            }
            ["actions", "workflows", file, ..] if is_name(file) => {
                Some(Self { workflow: Some((*file).to_owned()), ..all })
            }
            ["actions"] => Some(all),
            _ => None,
        })
    }

    /// Returns the path of the list of runs, newest first; `head` is the commit of a pull request.
    pub(super) fn path(&self, head: Option<&str>) -> String {
        let runs = match &self.workflow {
            Some(file) => format!("/repos/{}/actions/workflows/{}/runs", self.repository, encoded(file)),
            None => format!("/repos/{}/actions/runs", self.repository),
        };
        let status = if self.failed { "failure" } else { "completed" };
        let mut path = format!("{runs}?per_page=100&status={status}");
        for (key, value) in [("branch", self.branch.as_deref()), ("head_sha", head)] {
            if let Some(value) = value {
                path += &format!("&{key}={}", encoded(value));
            }
        }
        if let Some(day) = &self.since {
            path += &format!("&created=%3E%3D{}", encoded(day));
        }
        path
    }
}

/// Runs where no number is given.
pub const LAST: usize = 20;

/// Returns text as a part of a query (RFC 3986).
pub(in crate::folder) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            _ => encoded += &format!("%{byte:02X}"),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_say_which_runs_are_meant() {
        let base = "/repos/o/r/actions";
        for (url, path) in [
            ("https://github.com/o/r/actions", format!("{base}/runs?per_page=100&status=completed")),
            (
                "https://github.com/o/r/actions/workflows/ci.yml?query=x",
                format!("{base}/workflows/ci.yml/runs?per_page=100&status=completed"),
            ),
        ] {
            assert_eq!(Selection::of_address(url).unwrap().unwrap().path(None), path);
        }
        let pull = Selection::of_address("https://github.com/o/r/pull/12/files").unwrap().unwrap();
        assert_eq!(pull.pull, Some(12));
        assert!(pull.path(Some("c0ffee")).ends_with("&head_sha=c0ffee"));
        for other in ["https://github.com/o/r/actions/runs/7", "https://github.com/o/r/issues/3", "a.log"] {
            assert_eq!(Selection::of_address(other).unwrap(), None, "{other}");
        }
        assert!(Selection::of_address("https://github.com/o/r/pull/x").is_err());
    }

    #[test]
    fn a_query_holds_what_was_asked_and_nothing_else() {
        let asked = Selection {
            branch: Some("a&b/c".to_owned()),
            failed: true,
            since: Some("2026-10-04".to_owned()),
            ..Selection::of_repository("o/r").unwrap()
        };
        let path =
            "/repos/o/r/actions/runs?per_page=100&status=failure&branch=a%26b%2Fc&created=%3E%3D2026-10-04";
        assert_eq!(asked.path(None), path);
        for wrong in ["o", "o/r/x/y", "o/..", "/r", "o/r?x"] {
            assert!(Selection::of_repository(wrong).is_err(), "{wrong}");
        }
    }
}
