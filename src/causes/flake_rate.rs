//! Whether a failure comes now and then or every time, with the runs that say so.

use std::collections::BTreeSet;

use crate::facts::environment::{Exposure, What};
use crate::stats::{Interval, wilson};

/// How often a failure came, over runs that can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence {
    /// Runs that failed so.
    pub failed: u64,
    /// Runs that failed so or passed; runs that failed in another way say nothing.
    pub runs: u64,
    /// Wilson's interval at 95 % for the rate of failure.
    pub rate: Interval,
    pub constancy: Constancy,
    /// The verdict in words, with what it rests on.
    pub says: String,
}

/// Whether a failure comes every time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constancy {
    /// Runs of the same code passed.
    NowAndThen,
    /// Every run failed so.
    EveryRun,
    /// The runs do not tell.
    Unknown,
}

const CONFIDENCE: f64 = 0.95;

/// Returns how often the runs failed; `passing` may hold runs of other jobs, which are left out.
pub fn recurrence(failing: &[&Exposure], passing: &[&Exposure]) -> Recurrence {
    let passing = comparable(failing, passing);
    let (failed, runs) = (failing.len() as u64, (failing.len() + passing.len()) as u64);
    let rate = wilson(failed, runs, CONFIDENCE);
    let code = Code::of(failing, &passing);
    let constancy = match (failed, runs) {
        (_, 0 | 1) => Constancy::Unknown,
        (failed, runs) if failed == runs => Constancy::EveryRun,
        _ if code == Code::Different => Constancy::Unknown,
        _ => Constancy::NowAndThen,
    };
    let says = says(failed, runs, rate, constancy, &code, scope(failing, &passing));
    Recurrence { failed, runs, rate, constancy, says }
}

/// Returns the passing runs of the jobs that failed, and those of no known job that somebody gave as such.
/// Where no log names a job, those that ran one of the commands of a run that failed.
pub fn comparable<'a>(failing: &[&Exposure], passing: &[&'a Exposure]) -> Vec<&'a Exposure> {
    let jobs: BTreeSet<&str> = failing.iter().filter_map(|run| run.one(What::Job)).collect();
    let commands: BTreeSet<&str> = failing.iter().flat_map(|run| commands_of(run)).collect();
    let may_be_one_job = |run: &Exposure| {
        let own = commands_of(run);
        commands.is_empty() || own.is_empty() || own.iter().any(|command| commands.contains(command))
    };
    let fits = |run: &&&Exposure| match run.one(What::Job) {
        Some(job) => jobs.is_empty() || jobs.contains(job),
        None => run.baseline || jobs.is_empty() && may_be_one_job(run),
    };
    passing.iter().filter(fits).copied().collect()
}

fn commands_of(run: &Exposure) -> Vec<&str> {
    run.all(What::Command).into_iter().map(|(command, ..)| command).collect()
}

/// What the logs say of the code that ran.
#[derive(Debug, PartialEq, Eq)]
enum Code {
    /// This commit passed and failed.
    Same(String),
    /// No commit that failed is among those that passed.
    Different,
    /// Not every log names a commit.
    Unknown,
}

impl Code {
    fn of(failing: &[&Exposure], passing: &[&Exposure]) -> Self {
        let commits =
            |runs: &[&Exposure]| -> Vec<Option<String>> { runs.iter().map(|run| commit(run)).collect() };
        let (failed, passed) = (commits(failing), commits(passing));
        let both =
            failed.iter().flatten().find(|commit| passed.iter().flatten().any(|other| other == *commit));
        match both {
            Some(commit) => Self::Same(commit.clone()),
            None if failed.iter().chain(&passed).all(Option::is_some) && !passed.is_empty() => {
                Self::Different
            }
            None => Self::Unknown,
        }
    }
}

/// Letters of a commit's name that logs of one project agree on.
const SHORT: usize = 7;

fn commit(run: &Exposure) -> Option<String> {
    run.one(What::Commit).map(|commit| commit.chars().take(SHORT).collect())
}

/// Logs of which nobody says that they are runs of one job.
const LOGS: &str = "logs";

fn scope(failing: &[&Exposure], passing: &[&Exposure]) -> &'static str {
    let jobs: BTreeSet<Option<&str>> = failing.iter().chain(passing).map(|run| run.one(What::Job)).collect();
    let one_job = jobs.len() == 1 && !jobs.contains(&None);
    let told = one_job || passing.iter().all(|run| run.baseline);
    if one_job {
        "runs of this job"
    } else if told {
        "runs given"
    } else {
        LOGS
    }
}

fn says(failed: u64, runs: u64, rate: Interval, constancy: Constancy, code: &Code, scope: &str) -> String {
    let interval = format!("[{}, {}]", short(rate.low), short(rate.high));
    let same = if scope == LOGS { "the code and the job were" } else { "the code was" };
    match (constancy, code) {
        (_, _) if runs <= 1 => "one run: whether it fails every time is unknown".to_owned(),
        (Constancy::EveryRun, _) => format!(
            "failed in every one of {failed} {scope} {interval}: a defect until a passing run says otherwise"
        ),
        (Constancy::NowAndThen, Code::Same(commit)) => format!(
            "failed in {failed} of {runs} {scope} {interval}, and commit {commit} did both: non-deterministic"
        ),
        (Constancy::NowAndThen, _) => {
            format!("failed in {failed} of {runs} {scope} {interval}: non-deterministic, if {same} the same")
        }
        (Constancy::Unknown, _) => format!(
            "failed in {failed} of {runs} {scope} {interval}, but no commit that failed also passed: \
             non-deterministic or a change, unknown"
        ),
    }
}

/// Two digits, as a rate is written: `.08`, `1`.
fn short(value: f64) -> String {
    match value {
        value if value >= 0.995 => "1".to_owned(),
        value if value < 0.005 => "0".to_owned(),
        value => format!("{value:.2}").trim_start_matches('0').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    fn run(head: &str, baseline: bool) -> Exposure {
        let text = head.replace(", ", "\n");
        let index = Index::new(text.as_bytes());
        let mut run = Exposure::read("a.log", &index, &Reader::guess(text.as_bytes()), None);
        run.baseline = baseline;
        run
    }

    #[test]
    fn the_verdict_says_no_more_than_its_runs() {
        const UNIT: &str = "Complete job name: unit";
        const OTHER: &str = "Complete job name: docs";
        const OLD: &str = "HEAD is now at 1111111 a";
        const NEW: &str = "HEAD is now at 2222222 b";
        let cases: [(&str, usize, &str, usize, &str, bool, &str); 8] = [
            ("one run", 1, UNIT, 0, UNIT, false, "one run: whether it fails every time is unknown"),
            (
                "one job",
                3,
                UNIT,
                10,
                UNIT,
                false,
                "failed in 3 of 13 runs of this job [.08, .50]: non-deterministic, if the code was the same",
            ),
            (
                "the other job passed, not this one",
                1,
                UNIT,
                9,
                OTHER,
                false,
                "one run: whether it fails every time is unknown",
            ),
            (
                "no job is named",
                2,
                "",
                2,
                "",
                false,
                "failed in 2 of 4 logs [.15, .85]: non-deterministic, if the code and the job were the same",
            ),
            (
                "given as passing",
                2,
                "",
                2,
                "",
                true,
                "failed in 2 of 4 runs given [.15, .85]: non-deterministic, if the code was the same",
            ),
            (
                "all fail",
                4,
                UNIT,
                0,
                "",
                false,
                "failed in every one of 4 runs of this job [.51, 1]: a defect until a passing run says otherwise",
            ),
            (
                "a commit did both",
                1,
                OLD,
                1,
                OLD,
                true,
                "failed in 1 of 2 runs given [.09, .91], and commit 1111111 did both: non-deterministic",
            ),
            (
                "the commits differ",
                2,
                NEW,
                2,
                OLD,
                true,
                "failed in 2 of 4 runs given [.15, .85], but no commit that failed also passed: non-deterministic or a change, unknown",
            ),
        ];
        for (name, failed, head, passed, other, baseline, says) in cases {
            let failing: Vec<Exposure> = (0..failed).map(|_| run(head, false)).collect();
            let passing: Vec<Exposure> = (0..passed).map(|_| run(other, baseline)).collect();
            let found = recurrence(&failing.iter().collect::<Vec<_>>(), &passing.iter().collect::<Vec<_>>());
            assert_eq!(found.says, says, "{name}");
        }
    }

    #[test]
    fn where_no_job_is_named_the_commands_tell_runs_apart() {
        const UNIT: &str = "##[group]Run actions/checkout@v4, ##[group]Run make unit";
        let failing = [&run(UNIT, false), &run("##[group]Run make unit SEED=4", false)];
        for (head, baseline, expected, why) in [
            (UNIT, false, 1, "the same command"),
            ("##[group]Run actions/checkout@v4, ##[group]Run make docs", false, 0, "another one"),
            ("##[group]Run make docs", true, 1, "somebody says that it is comparable"),
            ("ring: up", false, 1, "nothing tells them apart"),
        ] {
            assert_eq!(comparable(&failing, &[&run(head, baseline)]).len(), expected, "{why}");
        }
        assert_eq!(comparable(&[&run("ring: up", false)], &[&run(UNIT, false)]).len(), 1);
    }
}
