//! How a failing run was when it ended: stuck, or still at work.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::oracle::Verdict;
use super::pace::Pace;
use super::process::Process;
use super::trial::Trial;
use crate::stats::quantile;

/// A silence counts if it is so many times longer than any of a passing run (METHODS 2.2), and so much of
/// the whole run.
const LONGER: f64 = 3.0;
const PART: f64 = 0.2;
/// The same part where passing runs are too short to tell how long they stand still.
const MOST: f64 = 0.5;
/// A run that took so long could be looked at often, if the machine let ndlog do it.
const LONG: Duration = Duration::from_secs(2);

/// How a run went before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It stood still for much longer than passing runs do, although nobody held it up.
    Stuck,
    /// It worked, slowly or not, until it failed, or had so little of the machine that nobody could look. If
    /// a time limit ended it, load alone may be why.
    AtWork,
}

/// The pace of one plain run that passed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Usual {
    /// The median over its parts.
    pub steps_a_second: f64,
    /// The longest time that it stood still, in seconds.
    pub still: f64,
}

impl Usual {
    /// Returns the pace of a run; `None` where too little of it was seen.
    pub fn of(pace: &Pace) -> Option<Self> {
        let steps_a_second = pace.usual()?;
        Some(Self { steps_a_second, still: pace.longest_still(steps_a_second) })
    }
}

impl Ending {
    /// Returns how a run went, compared with the plain runs in `past` that passed; `None` where it cannot be
    /// told, since it was short, no such run was seen, or those stand still as long themselves.
    pub fn of(run: &Process, past: &[Trial]) -> Option<Self> {
        let usual: Vec<Usual> = past.iter().filter_map(|trial| trial.usual).collect();
        let rates: Vec<f64> = usual.iter().map(|usual| usual.steps_a_second).collect();
        let Some(rate) = quantile(&rates, 0.5) else { return Self::beside_short_ones(run, past) };
        if !run.pace.is_known() {
            return (run.wall >= LONG).then_some(Self::AtWork);
        }
        let usually_still = usual.iter().map(|usual| usual.still).fold(0.0, f64::max);
        let much = (LONGER * usually_still).max(PART * run.pace.seconds());
        match run.pace.longest_still(rate) {
            still if still >= much => Some(Self::Stuck),
            _ if much > run.pace.seconds() => None,
            _ => Some(Self::AtWork),
        }
    }
}

impl Ending {
    /// The same where passing runs are too short to look at: none of them stood still for longer than it took, so a run that did
    /// nothing at all for much longer, and for most of its time, is stuck. Of others nothing can be told.
    fn beside_short_ones(run: &Process, past: &[Trial]) -> Option<Self> {
        let passed = past.iter().filter(|trial| trial.arm.is_plain() && trial.verdict == Verdict::Passed);
        let longest = passed.map(Trial::run_seconds).reduce(f64::max)?;
        let much = (LONGER * longest).max(MOST * run.pace.seconds());
        (run.pace.is_known() && run.pace.longest_still(0.0) >= much).then_some(Self::Stuck)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::super::process::{Job, Pause, Start, run};
    use super::super::test_support::trial;
    use super::super::trial::Stage;
    use super::*;

    /// Works in small steps, then waits.
    const SCRIPT: &str = "import sys, time
for _ in range(int(sys.argv[1])): time.sleep(0.004)
time.sleep(float(sys.argv[2]))";

    fn ran(steps: &str, waits: &str, pause: Option<Pause>) -> Process {
        let job = Job {
            starts: vec![Start {
                argv: ["python3", "-c", SCRIPT, steps, waits].map(str::to_owned).to_vec(),
                variables: [].into(),
            }],
            at_once: 1,
            folder: std::env::temp_dir(),
            background: Vec::new(),
            pause,
            wall_limit: Duration::from_secs(60),
            left: Duration::from_secs(600),
            grace: Duration::ZERO,
            keep: 1000,
            mark: format!("ending-{}/", std::process::id()),
        };
        let finished = run(&job, tempfile::tempdir().unwrap().path(), &AtomicBool::new(false)).unwrap();
        finished.processes.into_iter().next().unwrap()
    }

    #[test]
    fn one_that_does_nothing_for_longer_than_short_runs_take_is_stuck() {
        let plain = |seconds| [trial(Stage::Smoke, &[], Verdict::Passed, seconds)];
        let waits = ran("20", "4", None);
        for (name, run, past, expected) in [
            ("passing runs are much shorter", &waits, &plain(0.2)[..], Some(Ending::Stuck)),
            ("passing runs are as long", &waits, &plain(3.0), None),
            ("no run has passed", &waits, &[], None),
            ("it works to the end", &ran("500", "0", None), &plain(0.2), None),
        ] {
            assert_eq!(Ending::of(run, past), expected, "{name}");
        }
    }

    #[test]
    fn one_that_stands_still_is_stuck_and_one_that_is_only_slow_is_not() {
        let plain = Usual::of(&ran("250", "0", None).pace);
        let past = [Trial { usual: plain, ..trial(Stage::Smoke, &[], Verdict::Passed, 1.0) }];
        let half = Some(Pause { run: Duration::from_millis(20), stop: Duration::from_millis(20) });
        for (name, steps, waits, pause, expected) in [
            ("stuck", "100", "1.5", None, Ending::Stuck),
            ("stuck and stopped now and then", "100", "3", half, Ending::Stuck),
            ("at work", "400", "0", None, Ending::AtWork),
            ("at work and stopped now and then", "300", "0", half, Ending::AtWork),
        ] {
            assert_eq!(Ending::of(&ran(steps, waits, pause), &past), Some(expected), "{name}");
        }
        assert_eq!(Ending::of(&ran("400", "0", None), &[]), None, "nothing to compare it with");
    }
}
