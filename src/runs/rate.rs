//! How often a failure came, over the runs in which it could come.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::value;
use super::job::Jobs;
use super::run::Run;
use super::stretches::Stretches;
use super::test_results::Ran;
use crate::facts::Outcome;
use crate::stats::wilson;

/// What a rate is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// Runs in which the test ran.
    Test,
    /// Runs of the job.
    Job,
}

/// How often a failure came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    /// Runs that failed so.
    pub failed: u64,
    /// Runs in which it could come.
    pub ran: u64,
    /// Wilson's 95 % interval for the rate.
    pub low: f64,
    pub high: f64,
    pub of: Of,
    /// The job whose runs were counted, where its name is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Positions in `runs` of those that failed so and of those in which it could come, as first and last of each
    /// stretch.
    #[serde(default, skip_serializing_if = "Stretches::is_empty")]
    pub failed_in: Stretches,
    #[serde(default, skip_serializing_if = "Stretches::is_empty")]
    pub ran_in: Stretches,
}

/// One run in which a failure could come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case<'r> {
    /// Its position among all runs.
    pub run: usize,
    pub failed: bool,
    /// True if the test passed there, or all of the job; false too where it failed in another way.
    pub passed: bool,
    /// The first letters of the commit.
    pub commit: Option<&'r str>,
}

/// A rate with the runs that it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted<'r> {
    pub rate: Rate,
    /// In the order of time where `in_order`, else of names.
    pub cases: Vec<Case<'r>>,
    /// True if the time of every run is known.
    pub in_order: bool,
}

const CONFIDENCE: f64 = 0.95;
/// Letters of a commit's name on which logs of one project agree.
const SHORT: usize = 7;

/// Counts how often a failure came that happened in the runs `failed`, to these tests if any. Of several jobs, the one
/// in which it came most often is counted. `None` where the job of no such run is known, or where jobs without a name hold
/// only some of them.
pub fn rate<'r>(
    runs: &'r [Run],
    jobs: &Jobs,
    failed: &BTreeSet<usize>,
    tests: &[String],
) -> Option<Counted<'r>> {
    let job = most_frequent(jobs, failed)?;
    let (mut cases, of) = cases(runs, jobs.runs(job), failed, tests);
    let in_order = cases.iter().all(|case| runs.get(case.run).is_some_and(|run| run.began.is_some()));
    cases.sort_by_key(|case| runs.get(case.run).map(|run| (run.began.filter(|_| in_order), &run.sources)));
    let (hits, ran) = (cases.iter().filter(|case| case.failed).count() as u64, cases.len() as u64);
    let interval = wilson(hits, ran, CONFIDENCE);
    let name = failed
        .iter()
        .filter(|at| jobs.of(**at) == Some(job))
        .find_map(|at| value(&runs.get(*at)?.identity.job));
    // Runs that only look like one job are no job of which others that failed so may be left out.
    if name.is_none() && failed.iter().any(|run| jobs.of(*run) != Some(job)) {
        return None;
    }
    let rate = Rate {
        failed: hits,
        ran,
        low: rounded(interval.low),
        high: rounded(interval.high),
        of,
        job: name.map(str::to_owned),
        failed_in: cases.iter().filter(|case| case.failed).map(|case| case.run).collect(),
        ran_in: cases.iter().map(|case| case.run).collect(),
    };
    Some(Counted { rate, cases, in_order })
}

/// Returns the job of which most of these runs are; of several the first.
fn most_frequent(jobs: &Jobs, failed: &BTreeSet<usize>) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for job in failed.iter().filter_map(|run| jobs.of(*run)) {
        *counts.entry(job).or_default() += 1;
    }
    let (job, _) = counts.into_iter().max_by_key(|(job, count)| (*count, std::cmp::Reverse(*job)))?;
    Some(job)
}

/// Returns those of some runs that failed so or could have, and what they are runs of.
fn cases<'r>(
    runs: &'r [Run],
    own: impl Iterator<Item = usize>,
    failed: &BTreeSet<usize>,
    tests: &[String],
) -> (Vec<Case<'r>>, Of) {
    let own: Vec<(usize, &Run)> = own.filter_map(|at| Some((at, runs.get(at)?))).collect();
    let sizes: BTreeSet<u64> =
        own.iter().filter(|(at, _)| failed.contains(at)).filter_map(|(_, run)| run.tests.counted).collect();
    let mut of = if tests.is_empty() { Of::Job } else { Of::Test };
    let mut cases = Vec::new();
    for (at, run) in own {
        let has = failed.contains(&at);
        let (could, passed) = match has || tests.is_empty() {
            true => (has || run.passed() || run.outcome == Outcome::Fail, run.passed()),
            false => {
                let (could, sure, failed) = could_fail(run, tests, &sizes);
                of = if could && !sure { Of::Job } else { of };
                (could, run.passed() || sure && !failed)
            }
        };
        if could {
            cases.push(Case { run: at, failed: has, passed: passed && !has, commit: commit(run) });
        }
    }
    (cases, of)
}

/// Returns whether one of the tests could have failed in a run that had no such failure, whether that is sure, and whether
/// one failed. Where a run does not name what passed, as many tests as in the runs that failed so tell that it ran.
fn could_fail(run: &Run, tests: &[String], sizes: &BTreeSet<u64>) -> (bool, bool, bool) {
    let ran: Vec<Ran> = tests.iter().map(|test| run.tests.ran(test)).collect();
    let failed = ran.contains(&Ran::Failed);
    match run.tests.counted {
        _ if failed || ran.contains(&Ran::Passed) => (true, true, failed),
        _ if !ran.contains(&Ran::Unknown) => (false, true, false),
        Some(count) if !sizes.is_empty() => (sizes.contains(&count), true, false),
        _ => (run.passed() || run.outcome == Outcome::Fail, false, false),
    }
}

fn commit(run: &Run) -> Option<&str> {
    let commit = value(&run.identity.commit)?;
    Some(commit.get(..SHORT).unwrap_or(commit))
}

/// Four digits: more would say that the rate is known better than it is.
pub fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::identity::Named;
    use crate::runs::part::Part;
    use crate::runs::test_results::{TestResult, TestState};
    use crate::runs::{first_and_last, jobs, join, news};

    const HOUR: i64 = 3_600_000_000_000;

    /// Runs of one job, an hour each: `+` before a test that passed, `!` before one that failed, `?` for a run that
    /// states no end, `=6` for a run of which only the number of tests is known.
    fn runs(texts: &[&str]) -> Vec<Run> {
        let parts: Vec<Part> = texts.iter().enumerate().map(|(number, text)| part(number, text)).collect();
        join(&parts, &[], &[], None)
    }

    fn part(number: usize, text: &str) -> Part {
        let mut part = Part::of(&format!("{number:02}.log"));
        part.identity.job = Some(Named::at("unit", &part.source, 1));
        part.began = Some(number as i64 * HOUR);
        part.outcome = Outcome::Pass;
        for word in text.split_whitespace() {
            let name = word.get(1..).unwrap_or_default().to_owned();
            match word.get(..1) {
                Some("+") => part.tests.push(TestResult { name, state: TestState::Passed }),
                Some("!") => part.tests.push(TestResult { name, state: TestState::Failed }),
                Some("=") => part.counted = name.parse().ok(),
                _ => part.outcome = Outcome::Unknown,
            }
        }
        if part.tests.iter().any(|test| test.state == TestState::Failed) {
            part.outcome = Outcome::Fail;
        }
        part
    }

    #[test]
    fn a_rate_is_a_share_of_the_runs_in_which_the_test_ran() {
        /// Its name, the runs, the test, failed and ran, and what the rate is of.
        type Case<'c> = (&'c str, &'c [&'c str], &'c str, (u64, u64), Of);
        let cases: [Case<'_>; 7] = [
            ("every run names its tests", &["!a +b", "+a +b", "+a !b"], "a", (1, 3), Of::Test),
            ("a run that did not get to it", &["!a +b", "+b", "+a +b"], "a", (1, 2), Of::Test),
            ("a failure of the job, no test", &["!a", "+a", "?"], "", (1, 2), Of::Job),
            ("quiet runs of as many tests", &["!a =5", "=5", "!b =5"], "a", (1, 3), Of::Test),
            ("quiet runs of fewer tests", &["!a =5", "=3", "=5"], "a", (1, 2), Of::Test),
            ("quiet runs that count nothing", &["!a", "", "!b"], "a", (1, 3), Of::Job),
            ("a run of which nothing is known", &["!a", "?", ""], "a", (1, 2), Of::Job),
        ];
        for (why, texts, test, expected, of) in cases {
            let runs = runs(texts);
            let tests: Vec<String> =
                Some(test).filter(|test| !test.is_empty()).map(str::to_owned).into_iter().collect();
            let counted = rate(&runs, &jobs(&runs), &BTreeSet::from([0]), &tests).unwrap();
            assert_eq!((counted.rate.failed, counted.rate.ran), expected, "{why}");
            assert_eq!(counted.rate.of, of, "{why}");
            assert!(counted.rate.low < counted.rate.high);
        }
    }

    #[test]
    fn without_a_job_there_is_no_rate() {
        let parts = [Part::of("a.log"), Part::of("b.log")];
        let runs = join(&parts, &[], &[], None);
        assert_eq!(rate(&runs, &jobs(&runs), &BTreeSet::from([0]), &[]), None);
    }

    #[test]
    fn a_failure_is_new_where_chance_does_not_explain_that_runs_before_lack_it() {
        let history = |text: &str| -> Vec<Run> {
            let tests: Vec<&str> = text.chars().map(|run| if run == 'F' { "!a" } else { "+a" }).collect();
            runs(&tests)
        };
        for (text, before, why) in [
            ("ppppppppppppppppppppFpFFpF", Some(20), "none of 20, then 4 of 6"),
            ("ppFpFpppFppFpp", None, "it always came"),
            ("pppF", None, "one failure after three passes is chance"),
            ("FFFFpp", None, "nothing before the first"),
        ] {
            let runs = history(text);
            let failed: BTreeSet<usize> =
                text.chars().enumerate().filter(|(_, run)| *run == 'F').map(|(at, _)| at).collect();
            let counted = rate(&runs, &jobs(&runs), &failed, &["a".to_owned()]).unwrap();
            let found = news(&runs, &counted);
            assert_eq!(found.as_ref().map(|news| news.before), before, "{text}: {why}");
            let (first, last) = first_and_last(&runs, failed.iter().copied()).unwrap();
            let at = |place: Option<usize>| runs[place.unwrap()].id.clone();
            assert_eq!((first.run, last.run), (at(text.find('F')), at(text.rfind('F'))), "{text}");
        }
    }
}
