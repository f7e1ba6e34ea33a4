//! How long a run may take, and what is said of one that took longer.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::oracle::{Oracle, Verdict};
use super::process::{self, Exit, Process};
use super::test_support::trial;
use super::{Arm, Between, Bounds, Experiment, Plan, Setting, Stage, Trial};
use crate::script::Target;

fn experiment(oracle: Oracle, argv: &[&str], scratch: &Path) -> Experiment {
    Experiment {
        argv: argv.iter().map(|word| (*word).to_owned()).collect(),
        variables: [].into(),
        folder: scratch.to_owned(),
        target: Target::default(),
        machine: super::probe(scratch, scratch).unwrap(),
        oracle,
        stood_still: false,
        plan: Plan { budget: 200.0, ..Plan::default() },
        sibling: None,
        bounds: Bounds::default(),
        between: Between::default(),
    }
}

fn arm(amplifier: &str, level: f64) -> Arm {
    Arm(vec![Setting { amplifier: amplifier.to_owned(), level, site: None }])
}

#[test]
fn an_amplified_run_takes_no_more_than_a_tenth_of_the_budget() {
    let scratch = tempfile::tempdir().unwrap();
    let words = || Oracle::new("lost").unwrap();
    let cut = |oracle: Oracle, arm: &Arm, seconds: f64| {
        let experiment = experiment(oracle, &["true"], scratch.path());
        let past = [trial(Stage::Smoke, &[], Verdict::Passed, seconds)];
        experiment.longest(arm, &past)
    };
    let free = f64::INFINITY;
    for (name, oracle, arm, seconds, expected) in [
        ("an amplifier", words(), arm("delay", 16.0), 1.0, 20.0),
        ("a plain run needs more", words(), arm("delay", 16.0), 7.0, 26.0),
        ("a plain run", words(), Arm::CONTROL, 1.0, free),
        ("the whole command", words(), Arm::whole(), 1.0, free),
        ("rounds, which have bounds of their own", words(), arm("repeat", 500.0), 1.0, free),
        ("one that is to hang", words().with_hang(), arm("delay", 16.0), 1.0, free),
    ] {
        assert_eq!(cut(oracle, &arm, seconds), expected, "{name}");
    }
}

#[test]
fn a_run_that_was_ended_for_its_time_says_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let experiment =
        experiment(Oracle::new("lost").unwrap(), &["sh", "-c", "echo lost; sleep 600"], scratch.path());
    let past: [Trial; 0] = [];
    let treatments = experiment.treatments(&Arm::CONTROL, &past, 1);
    let journal = super::Journal::begin(
        &scratch.path().join("trials"),
        &super::Proof { argv: Vec::new(), budget: 200.0, seed: 1 },
    );
    let job = experiment.job(Stage::Ladder, &treatments, 1, &journal.unwrap(), 0.0);
    let job = process::Job { wall_limit: Duration::from_millis(300), grace: Duration::ZERO, ..job };
    let ran = process::run(&job, scratch.path(), &AtomicBool::new(false)).unwrap();
    let process: &Process = &ran.processes[0];
    assert_eq!(process.exit, Exit::WallLimit);
    for (is_cut, expected) in [(true, Verdict::HarnessError), (false, Verdict::SameClass)] {
        let turn = super::experiment::Turn {
            stage: Stage::Ladder,
            arm: Arm::CONTROL,
            treatments: Vec::new(),
            job: job.clone(),
            is_cut,
        };
        let (judgement, _) = experiment.judge(process, &turn, &past);
        assert_eq!(judgement.verdict, expected);
        assert_eq!(judgement.headline.is_some_and(|line| line.contains("to leave time")), is_cut);
    }
}
