//! One job of one run, whatever server it ran on: which are worth having, and under which name.

use std::collections::BTreeSet;

use crate::folder::manifest;

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Failed,
    Passed,
    Cancelled,
    /// It still runs or waits.
    Open,
    /// It was left out.
    Not,
}

/// One job of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The run's number.
    pub run: u64,
    /// 1 for the first try in its run.
    pub attempt: u64,
    /// The server's number of the job; 0 where it has none.
    pub id: u64,
    /// What tells it from the other jobs of its run in a file's name.
    pub key: String,
    pub name: String,
    pub ended: Ended,
    /// In the server's own word.
    pub conclusion: String,
    pub commit: String,
    pub runner: Option<String>,
    /// The path or address of its log in the API.
    pub log: String,
    /// True if the server says that the log is gone.
    pub erased: bool,
}

impl Job {
    /// Returns the name of the file for its log.
    pub fn file(&self) -> String {
        format!("run-{}-attempt-{}-{}-{}.log", self.run, self.attempt, slug(&self.name), self.key)
    }

    /// Returns what the list of what was collected says of it; `of` is the repository, project or pipeline.
    pub fn origin(&self, of: &str) -> manifest::Job {
        manifest::Job {
            repository: of.to_owned(),
            run: self.run,
            attempt: self.attempt,
            id: self.id,
            name: self.name.clone(),
            conclusion: self.conclusion.clone(),
            commit: self.commit.clone(),
            runner: self.runner.clone().filter(|runner| !runner.is_empty()),
        }
    }
}

/// Returns the jobs whose logs are wanted, each with whether it passed: of `only` this name, those that failed, and the
/// same jobs where they passed; or all that passed. Together they are the best proof that a failure is not deterministic.
/// A cancelled job counts only where nothing failed `beside` it: else the failure took it with it.
pub fn choose<'j>(
    jobs: &'j [Job],
    only: Option<&str>,
    passing: bool,
    beside: impl Fn(&Job) -> u64,
) -> Vec<(&'j Job, bool)> {
    let named = || jobs.iter().filter(move |job| only.is_none_or(|name| job.name == name));
    let passed = |job: &&Job| job.ended == Ended::Passed;
    if passing {
        return named().filter(passed).map(|job| (job, true)).collect();
    }
    let broken: BTreeSet<u64> = jobs.iter().filter(|job| job.ended == Ended::Failed).map(&beside).collect();
    let failed = |job: &&Job| {
        job.ended == Ended::Failed || (job.ended == Ended::Cancelled && !broken.contains(&beside(job)))
    };
    let names: BTreeSet<&str> = named().filter(failed).map(|job| job.name.as_str()).collect();
    let wanted = named().filter(|job| failed(job) || (passed(job) && names.contains(job.name.as_str())));
    wanted.map(|job| (job, job.ended == Ended::Passed)).collect()
}

/// Returns a job's name as part of a file name.
fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_comes_with_the_same_jobs_where_they_passed() {
        let job = |run, name: &str, ended| Job {
            run,
            attempt: 1,
            id: 0,
            key: String::new(),
            name: name.to_owned(),
            ended,
            conclusion: String::new(),
            commit: String::new(),
            runner: None,
            log: String::new(),
            erased: false,
        };
        let jobs = [
            job(1, "test", Ended::Failed),
            job(1, "docs", Ended::Cancelled),
            job(2, "test", Ended::Passed),
            job(2, "lint", Ended::Passed),
            job(3, "slow", Ended::Cancelled),
            job(4, "test", Ended::Open),
        ];
        let chosen = |only, passing| -> Vec<(u64, &str, bool)> {
            let chosen = choose(&jobs, only, passing, |job| job.run).into_iter();
            chosen.map(|(job, passed)| (job.run, job.name.as_str(), passed)).collect()
        };
        assert_eq!(chosen(None, false), [(1, "test", false), (2, "test", true), (3, "slow", false)]);
        assert_eq!(chosen(Some("test"), false), [(1, "test", false), (2, "test", true)]);
        assert_eq!(chosen(Some("lint"), false), [], "a job that never failed has nothing to show");
        assert_eq!(chosen(None, true), [(2, "test", true), (2, "lint", true)]);
    }
}
