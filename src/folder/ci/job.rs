//! One job of one run, whatever server it ran on.

use std::collections::BTreeSet;

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Failed,
    Passed,
    Cancelled,
    /// It still runs, waits, or was left out.
    Not,
}

/// One job of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
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

/// Returns the jobs whose logs are wanted, each with whether it passed: of `only` this name, those that failed, and the
/// same jobs where they passed; or all that passed. A cancelled job counts only where nothing failed in its run: else
/// the failure took it with it.
pub(super) fn choose<'j>(jobs: &'j [Job], only: Option<&str>, passing: bool) -> Vec<(&'j Job, bool)> {
    let named = || jobs.iter().filter(move |job| only.is_none_or(|name| job.name == name));
    let passed = |job: &&Job| job.ended == Ended::Passed;
    if passing {
        return named().filter(passed).map(|job| (job, true)).collect();
    }
    let broken: BTreeSet<u64> =
        jobs.iter().filter(|job| job.ended == Ended::Failed).map(|job| job.run).collect();
    let failed = |job: &&Job| {
        job.ended == Ended::Failed || (job.ended == Ended::Cancelled && !broken.contains(&job.run))
    };
    let names: BTreeSet<&str> = named().filter(failed).map(|job| job.name.as_str()).collect();
    let wanted = named().filter(|job| failed(job) || (passed(job) && names.contains(job.name.as_str())));
    wanted.map(|job| (job, job.ended == Ended::Passed)).collect()
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
            job(4, "test", Ended::Not),
        ];
        let chosen = |only, passing| -> Vec<(u64, &str, bool)> {
            let chosen = choose(&jobs, only, passing).into_iter();
            chosen.map(|(job, passed)| (job.run, job.name.as_str(), passed)).collect()
        };
        assert_eq!(chosen(None, false), [(1, "test", false), (2, "test", true), (3, "slow", false)]);
        assert_eq!(chosen(Some("test"), false), [(1, "test", false), (2, "test", true)]);
        assert_eq!(chosen(None, true), [(2, "test", true), (2, "lint", true)]);
    }
}
