//! Which jobs are worth having: the failed ones, and the same jobs where they passed.

use std::collections::BTreeSet;

use super::answers::Job;

/// Returns the jobs whose logs are wanted, each with whether it passed.
///
/// A failed job and the same job of another attempt that passed ran the same commit: together they
/// are the best proof that the failure is not deterministic. A cancelled job is taken only where
/// nothing failed in its attempt: else it is a sibling that the failure took with it.
pub(super) fn choose(jobs: &[Job], only: Option<&str>, passing: bool) -> Vec<(Job, bool)> {
    let named = || jobs.iter().filter(|job| only.is_none_or(|name| job.name == name));
    if passing {
        return named().filter(|job| has_passed(job)).map(|job| (job.clone(), true)).collect();
    }
    let broken: BTreeSet<u64> =
        jobs.iter().filter(|job| has_failed(job)).map(|job| job.run_attempt).collect();
    let is_wanted = |job: &Job| has_failed(job) || (is_cancelled(job) && !broken.contains(&job.run_attempt));
    let names: BTreeSet<&str> = named().filter(|job| is_wanted(job)).map(|job| job.name.as_str()).collect();
    named()
        .filter(|job| is_wanted(job) || (has_passed(job) && names.contains(job.name.as_str())))
        .map(|job| (job.clone(), has_passed(job)))
        .collect()
}

fn conclusion(job: &Job) -> &str {
    job.conclusion.as_deref().unwrap_or_default()
}

fn has_failed(job: &Job) -> bool {
    matches!(conclusion(job), "failure" | "timed_out" | "startup_failure")
}

fn is_cancelled(job: &Job) -> bool {
    conclusion(job) == "cancelled"
}

fn has_passed(job: &Job) -> bool {
    conclusion(job) == "success"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: u64, name: &str, attempt: u64, conclusion: &str) -> Job {
        let conclusion = Some(conclusion.to_owned());
        Job { id, name: name.to_owned(), run_attempt: attempt, conclusion, ..Job::default() }
    }

    fn check(jobs: &[Job], only: Option<&str>, passing: bool, expected: &[(u64, bool)], why: &str) {
        let chosen: Vec<_> =
            choose(jobs, only, passing).iter().map(|(job, passed)| (job.id, *passed)).collect();
        assert_eq!(chosen, expected, "{why}");
    }

    #[test]
    fn a_failed_job_comes_with_its_passing_twin() {
        let jobs = [
            job(1, "test", 1, "failure"),
            job(2, "lint", 1, "success"),
            job(3, "test", 2, "success"),
            job(4, "lint", 2, "success"),
            job(5, "docs", 1, "cancelled"),
        ];
        check(&jobs, None, false, &[(1, false), (3, true)], "the twin on the same commit is the baseline");
        check(&jobs, Some("lint"), false, &[], "a job that never failed has nothing to show");
        check(&jobs, None, true, &[(2, true), (3, true), (4, true)], "all that passed, where asked for");
    }

    #[test]
    fn a_cancelled_job_counts_only_where_nothing_failed() {
        check(&[job(1, "test", 1, "cancelled")], None, false, &[(1, false)], "a job limit ends as cancelled");
        let siblings = [job(1, "a", 1, "failure"), job(2, "b", 1, "cancelled")];
        check(&siblings, None, false, &[(1, false)], "fail-fast cancels the others");
    }
}
