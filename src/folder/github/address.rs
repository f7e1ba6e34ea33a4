//! What the address of a run or job in a browser says.

use anyhow::{Context, Result, ensure};

/// The run, and the job where one is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Scheme and host: `https://github.com`.
    pub origin: String,
    /// `owner/name`.
    pub repository: String,
    pub run: u64,
    pub job: Option<u64>,
}

/// Reads `https://HOST/OWNER/NAME/actions/runs/RUN[/attempts/N][/job/JOB]`. The attempt says
/// nothing here: all attempts are wanted.
///
/// # Errors
/// If the address is not of this form.
pub(super) fn read(url: &str) -> Result<Address> {
    parts(url).with_context(|| {
        format!(
            "{url:?} is not the address of a GitHub Actions run or job; \
             expected https://github.com/OWNER/NAME/actions/runs/NUMBER, with /job/NUMBER for one job"
        )
    })
}

fn parts(url: &str) -> Result<Address> {
    let (scheme, rest) = url.split_once("://").context("it has no scheme")?;
    ensure!(matches!(scheme, "https" | "http"), "its scheme is neither https nor http");
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let words: Vec<&str> = rest.split('/').filter(|word| !word.is_empty()).collect();
    let [host, owner, name, "actions", "runs", run, tail @ ..] = words.as_slice() else {
        anyhow::bail!("it has other parts");
    };
    ensure!(is_name(owner) && is_name(name), "the repository's name holds odd characters");
    ensure!(is_host(host), "the host's name holds odd characters");
    Ok(Address {
        origin: format!("{scheme}://{host}"),
        repository: format!("{owner}/{name}"),
        run: run.parse().context("the run is not a number")?,
        job: job(tail)?,
    })
}

fn job(tail: &[&str]) -> Result<Option<u64>> {
    match tail {
        ["attempts", _, tail @ ..] => job(tail),
        ["job" | "jobs", job, ..] => Ok(Some(job.parse().context("the job is not a number")?)),
        _ => Ok(None),
    }
}

pub(super) fn is_name(word: &str) -> bool {
    !matches!(word, "." | "..")
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

pub(in crate::folder) fn is_host(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']'))
}

impl Address {
    /// Returns the base of the REST API of this host: `/api/v3` on a GitHub Enterprise server.
    pub fn api(&self) -> String {
        if self.origin == "https://github.com" {
            "https://api.github.com".to_owned()
        } else {
            format!("{}/api/v3", self.origin)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_that_a_browser_shows_are_read() {
        for (url, run, job) in [
            ("https://github.com/o/r/actions/runs/12", 12, None),
            ("https://github.com/o/r/actions/runs/12/", 12, None),
            ("https://github.com/o/r/actions/runs/12/attempts/3", 12, None),
            ("https://github.com/o/r/actions/runs/12/job/34", 12, Some(34)),
            ("https://github.com/o/r/actions/runs/12/job/34?pr=5#step:7:89", 12, Some(34)),
            ("https://github.com/o/r/actions/runs/12/attempts/1/job/34", 12, Some(34)),
        ] {
            let address = read(url).unwrap();
            assert_eq!(
                (address.run, address.job, address.api().as_str()),
                (run, job, "https://api.github.com")
            );
        }
        let own = read("https://ghe.example/o/r/actions/runs/1").unwrap();
        assert_eq!(own.api(), "https://ghe.example/api/v3");
    }

    #[test]
    fn other_addresses_are_refused_with_the_expected_form() {
        for url in [
            "https://github.com/o/r/issues/1",
            "https://github.com/o/r/actions/runs/x",
            "https://github.com/o/r/actions/runs/12/job/x",
            "ftp://github.com/o/r/actions/runs/12",
            "https://github.com/../r/actions/runs/12",
            "https://a@b/o/r/actions/runs/12",
            "https://github.com/o/r x/actions/runs/12",
        ] {
            assert!(read(url).unwrap_err().to_string().contains("expected https://"), "{url}");
        }
    }
}
