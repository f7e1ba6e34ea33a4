//! How names of files or folders name jobs, as the user says.

use regex::Regex;

use super::identity::Named;

/// Says of a path which job it belongs to.
#[derive(Clone, Debug)]
pub struct JobNames(Regex);

impl JobNames {
    /// Reads a pattern; its group `job`, or else its first group, or else the whole match is the job.
    ///
    /// # Errors
    /// If it is no regular expression.
    pub fn new(pattern: &str) -> Result<Self, regex::Error> {
        Regex::new(pattern).map(Self)
    }

    /// Returns the job that the path of a source names.
    pub fn job(&self, source: &str) -> Option<Named> {
        let captures = self.0.captures(source)?;
        let group = captures.name("job").or_else(|| captures.get(1)).or_else(|| captures.get(0))?;
        (!group.is_empty()).then(|| Named::in_name(group.as_str(), source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_that_captures_is_the_job() {
        for (pattern, expected) in [
            (r"nightly/(?P<job>[^/]+)/", Some("ring")),
            (r"nightly/([^/]+)/", Some("ring")),
            (r"(nightly)/(?P<job>[^/]+)", Some("ring")),
            ("nightly", Some("nightly")),
            ("weekly/(.*)", None),
            ("nightly(x?)", None),
        ] {
            let job = JobNames::new(pattern).unwrap().job("ci/nightly/ring/7.log");
            assert_eq!(job.map(|job| job.value).as_deref(), expected, "{pattern}");
        }
    }
}
