//! Who is asked about a failure.

use globset::{Glob, GlobMatcher};

use crate::settings::OwnerRule;

/// The rules of a project, in their order.
#[derive(Debug, Default)]
pub struct Owners(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    owner: String,
    tests: Vec<GlobMatcher>,
    jobs: Vec<GlobMatcher>,
}

impl Owners {
    /// Reads the globs of some rules.
    ///
    /// # Errors
    /// If one is no glob.
    pub fn new(rules: &[OwnerRule]) -> Result<Self, globset::Error> {
        let rule = |rule: &OwnerRule| {
            Ok(Rule { owner: rule.owner.clone(), tests: globs(&rule.tests)?, jobs: globs(&rule.jobs)? })
        };
        rules.iter().map(rule).collect::<Result<_, _>>().map(Self)
    }

    /// Returns who is asked about a failure of these tests in this job. Of the rules that fit, the last counts.
    pub fn of(&self, tests: &[String], job: Option<&str>) -> Option<&str> {
        let fits = |rule: &&Rule| {
            tests.iter().any(|test| rule.tests.iter().any(|glob| glob.is_match(test)))
                || job.is_some_and(|job| rule.jobs.iter().any(|glob| glob.is_match(job)))
        };
        self.0.iter().rev().find(fits).map(|rule| rule.owner.as_str())
    }
}

fn globs(globs: &[String]) -> Result<Vec<GlobMatcher>, globset::Error> {
    globs.iter().map(|glob| Ok(Glob::new(glob)?.compile_matcher())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_rule_that_fits_a_test_or_the_job_counts() {
        let rule = |owner: &str, tests: &[&str], jobs: &[&str]| OwnerRule {
            owner: owner.to_owned(),
            tests: tests.iter().map(|glob| (*glob).to_owned()).collect(),
            jobs: jobs.iter().map(|glob| (*glob).to_owned()).collect(),
        };
        let rules = [
            rule("@all", &["*"], &[]),
            rule("@net", &["tests/net/*"], &[]),
            rule("@night", &[], &["nightly *"]),
        ];
        let owners = Owners::new(&rules).unwrap();
        for (test, job, owner) in [
            (Some("tests/net/deep/test_a.py::test_b[1]"), None, Some("@net")),
            (Some("tests/gpu/test_a.py::test_b"), Some("unit"), Some("@all")),
            (Some("tests/net/test_a.py::test_b"), Some("nightly (3.12)"), Some("@night")),
            (None, Some("unit"), None),
            (None, None, None),
        ] {
            let tests: Vec<String> = test.into_iter().map(str::to_owned).collect();
            assert_eq!(owners.of(&tests, job), owner, "{test:?} {job:?}");
        }
    }
}
