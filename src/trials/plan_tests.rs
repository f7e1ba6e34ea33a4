//! Whole proofs against programs whose failure rates are known, without running anything.

use super::ladder::Candidate;
use super::oracle::Verdict::{self, Different, Exact, Passed};
use super::plan::Plan;
use super::test_support::trial;
use super::{Arm, Outcome, Stage, Status, Trial};
use crate::stats::Random;

fn plan(seed: u64, guard: bool) -> Plan {
    let candidate =
        |name: &str| Candidate { amplifier: name.into(), levels: vec![1.0, 2.0, 4.0], site: None };
    Plan {
        candidates: ["cpu-hogs", "delay", "parallel"].map(candidate).to_vec(),
        budget: 300.0,
        seed,
        guard,
        ..Plan::default()
    }
}

/// Runs `plan` where each run takes a second and fails with the rate that `rate` gives its arm.
fn simulate(plan: &Plan, rate: impl Fn(&Arm, Stage) -> f64) -> Vec<Trial> {
    let mut random = Random::new(plan.seed + 1000);
    resume(plan, Vec::new(), &mut |arm, stage| {
        if random.unit() < rate(arm, stage) { Exact } else { Passed }
    })
}

fn resume(plan: &Plan, mut past: Vec<Trial>, verdict: &mut dyn FnMut(&Arm, Stage) -> Verdict) -> Vec<Trial> {
    while let Some((stage, arm)) = plan.next(&past, past.len() as f64) {
        let verdict = verdict(&arm, stage);
        let number = past.len() as u64 + 1;
        past.push(Trial { arm, number, elapsed: number as f64, ..trial(stage, &[], verdict, 1.0) });
    }
    past
}

fn outcome(plan: &Plan, past: &[Trial]) -> Outcome {
    Outcome::of(plan, &["t".to_owned()], past, Vec::new())
}

fn has(arm: &Arm, amplifier: &str) -> bool {
    arm.0.iter().any(|setting| setting.amplifier == amplifier)
}

fn level(arm: &Arm, amplifier: &str) -> f64 {
    arm.0.iter().find(|setting| setting.amplifier == amplifier).map_or(0.0, |setting| setting.level)
}

#[test]
fn the_amplifier_that_helps_is_found_and_the_others_are_left_out() {
    for seed in 0..20 {
        let plan = plan(seed, false);
        let past = simulate(&plan, |arm, _| if has(arm, "delay") { 0.9 } else { 0.002 });
        let outcome = outcome(&plan, &past);
        assert_eq!(outcome.status, Status::Reliable, "seed {seed}: {}", outcome.sentence);
        assert!(outcome.confirms(), "seed {seed}: {}", outcome.sentence);
        let names: Vec<&str> = outcome.recipe.0.iter().map(|setting| setting.amplifier.as_str()).collect();
        assert_eq!(names, ["delay"], "seed {seed}: {}", outcome.sentence);
        assert!(past.len() < 200, "it stops early, here after {} runs", past.len());
    }
}

#[test]
fn what_fails_whole_is_tried_alone_until_it_is_known_whether_it_fails_alone() {
    for seed in 0..10 {
        let plan = Plan { narrowed: true, ..plan(seed, false) };
        let order = simulate(&plan, |arm, _| if has(arm, "whole-suite") { 0.3 } else { 0.0 });
        let order = outcome(&plan, &order);
        assert!(order.whole && order.finding.is_some(), "seed {seed}: {}", order.sentence);
        let both = simulate(&plan, |_, _| 0.3);
        let both = outcome(&plan, &both);
        assert!(both.reproduced() && both.finding.is_none(), "seed {seed}: {}", both.sentence);
    }
}

#[test]
fn a_short_budget_leaves_time_for_the_count() {
    let reliable = |seed: &u64| {
        let slow = Plan { budget: 40.0, ..plan(*seed, false) };
        let past = simulate(&slow, |arm, _| if has(arm, "delay") { 1.0 } else { 0.1 });
        let outcome = outcome(&slow, &past);
        outcome.status == Status::Reliable && has(&outcome.recipe, "delay") && outcome.fresh
    };
    // Luck of the plain runs may still take the time of a few.
    let seeds = (0..20).filter(reliable).count();
    assert!(seeds >= 17, "{seeds} of 20");
}

#[test]
fn copies_of_one_lucky_run_choose_nothing() {
    let plan = Plan { budget: 40.0, ..plan(1, false) };
    let mut past = simulate(&Plan { budget: 12.0, ..plan.clone() }, |_, _| 0.0);
    let number = past.len() as u64 + 1;
    let each = vec![Exact, Exact, Exact, Exact];
    past.push(Trial { number, each, ..trial(Stage::Ladder, &["parallel", "cpu-hogs"], Exact, 1.0) });
    let (stage, _) = plan.next(&past, 13.0).unwrap();
    assert!(!matches!(stage, Stage::KnockOut | Stage::Count), "{stage}");
}

#[test]
fn an_arm_that_does_nothing_when_it_is_run_again_makes_way() {
    for seed in 0..10 {
        let plan = plan(seed, false);
        let mut lucky = 0;
        let mut random = Random::new(seed);
        let past = resume(&plan, Vec::new(), &mut |arm, stage| {
            let luck = arm.0.len() > 1 && stage == Stage::Ladder && lucky < 3;
            lucky += u64::from(luck);
            if luck || has(arm, "cpu-hogs") && arm.0.len() == 1 && random.unit() < 0.9 {
                Exact
            } else {
                Passed
            }
        });
        let outcome = outcome(&plan, &past);
        let names: Vec<&str> = outcome.recipe.0.iter().map(|setting| setting.amplifier.as_str()).collect();
        assert_eq!(names, ["cpu-hogs"], "seed {seed}: {}", outcome.sentence);
    }
}

#[test]
fn copies_that_only_make_more_tries_stay_where_each_fails_seldom() {
    use super::choice::recipe;
    let knocked = |names: &[&str], verdicts: &[Verdict]| {
        let each = verdicts.to_vec();
        let best = if verdicts.contains(&Exact) { Exact } else { Passed };
        Trial { each, ..trial(Stage::KnockOut, names, best, 1.0) }
    };
    let full = ["delay", "parallel"];
    let mut past: Vec<Trial> = (0..4).map(|_| knocked(&full, &[Exact, Passed])).collect();
    past.extend((0..8).map(|_| knocked(&["parallel"], &[Passed])));
    past.extend((0..8).map(|turn| knocked(&["delay"], &[if turn < 2 { Exact } else { Passed }])));
    let chosen = past[0].arm.clone();
    assert_eq!(recipe(&chosen, &past), (chosen.clone(), None), "2 in 8 s are fewer than 4 in 4 s");
    let always: Vec<Trial> = (0..4).map(|_| knocked(&full, &[Exact, Exact])).collect();
    let alone = (0..4).map(|_| knocked(&["delay"], &[Exact]));
    let none = (0..4).map(|_| knocked(&["parallel"], &[Passed]));
    let past: Vec<Trial> = always.into_iter().chain(none).chain(alone).collect();
    assert_eq!(recipe(&chosen, &past).0.to_string(), "delay 1", "it fails every time without them");
}

#[test]
fn a_level_that_is_too_mild_is_raised() {
    let plan = plan(3, false);
    let past = simulate(&plan, |arm, _| if level(arm, "cpu-hogs") >= 4.0 { 0.8 } else { 0.0 });
    assert_eq!(outcome(&plan, &past).status, Status::Reliable);
}

#[test]
fn what_fails_now_and_then_anyway_is_still_amplified() {
    for seed in 0..10 {
        let plan = plan(seed, false);
        let past = simulate(&plan, |arm, _| if has(arm, "parallel") { 0.9 } else { 0.15 });
        let outcome = outcome(&plan, &past);
        assert!(has(&outcome.recipe, "parallel"), "seed {seed}: {}", outcome.sentence);
    }
}

#[test]
fn what_never_fails_is_never_reproduced_and_the_bound_is_told() {
    let plan = plan(4, false);
    let past = simulate(&plan, |_, _| 0.0);
    let outcome = outcome(&plan, &past);
    assert_eq!(outcome.sentence, "did not reproduce in 300 runs: rate below 0.99% at 95%");
    let stage = |stage| past.iter().filter(|trial| trial.stage == stage).count();
    assert!(stage(Stage::Subsets) > 50, "late in the budget amplifiers are drawn at random");
    assert!(outcome.control.runs >= 45, "controls all along: {}", outcome.control.runs);
}

#[test]
fn what_fails_anyway_needs_no_amplifier() {
    let plan = plan(5, false);
    let outcome = outcome(&plan, &simulate(&plan, |_, _| 1.0));
    assert_eq!((outcome.status, &outcome.recipe), (Status::Reliable, &Arm::CONTROL));
}

#[test]
fn what_fails_every_time_here_and_not_in_ci_is_deterministic_only_if_nothing_hides_it() {
    let hidden = |arm: &Arm, _| if has(arm, "delay") { 0.0 } else { 1.0 };
    let cases: [(&str, Option<f64>, bool, &str); 4] = [
        ("no log passed", None, true, "fails every time here: deterministic (40 of 40), no amplifier needed"),
        (
            "all logs failed",
            Some(1.0),
            true,
            "fails every time here: deterministic (40 of 40), no amplifier needed",
        ),
        (
            "some passed, and nothing hides it",
            Some(0.4),
            false,
            "fails every time here: deterministic on this machine (40 of 40), though it passed in CI, no amplifier needed",
        ),
        (
            "some passed, and a delay hides it",
            Some(0.4),
            true,
            "fails every time as it is here (40 of 40), but only 0 of 8 times with delay 2: not deterministic, no amplifier \
             needed",
        ),
    ];
    for (name, rate, hides, expected) in cases {
        let plan = Plan { rate, ..plan(5, false) };
        let past = simulate(&plan, |arm, stage| if hides { hidden(arm, stage) } else { 1.0 });
        assert_eq!(outcome(&plan, &past).sentence, expected, "{name}");
        let amplified = past.iter().filter(|trial| !trial.arm.is_plain()).count();
        assert!(amplified <= 75, "{name}: a fourth of the budget at most, here {amplified} s");
    }
}

#[test]
fn amplifiers_that_break_another_test_too_prove_nothing() {
    let plan = plan(6, true);
    let outcome = outcome(&plan, &simulate(&plan, |arm, _| if arm.is_control() { 0.0 } else { 1.0 }));
    assert_eq!(outcome.status, Status::Manufactured);
    let fair =
        simulate(&plan, |arm, stage| if arm.is_control() || stage == Stage::Guard { 0.0 } else { 1.0 });
    let outcome = Outcome::of(&plan, &["t".to_owned()], &fair, Vec::new());
    assert_eq!((outcome.status, outcome.guard.map(|guard| guard.runs)), (Status::Reliable, Some(10)));
}

#[test]
fn load_that_helps_goes_before_a_tightened_limit_that_always_does() {
    let candidate = |name: &str, levels: &[f64]| Candidate {
        amplifier: name.into(),
        levels: levels.to_vec(),
        site: None,
    };
    let candidates = vec![candidate("timeout-scale", &[0.75, 0.5]), candidate("cpu-hogs", &[1.0, 2.0, 4.0])];
    let plan = Plan { candidates, ..plan(9, false) };
    let both = simulate(&plan, |arm, _| if arm.tightens() { 1.0 } else { 0.2 * level(arm, "cpu-hogs") });
    let both = outcome(&plan, &both);
    assert!(both.reproduced() && !both.best.as_ref().unwrap().arm.tightens(), "{}", both.sentence);
    let only = outcome(&plan, &simulate(&plan, |arm, _| f64::from(u8::from(arm.tightens()))));
    assert_eq!(only.status, Status::Unguarded, "{}", only.sentence);
}

#[test]
fn the_test_alone_is_first_run_in_two_copies_where_the_whole_command_works() {
    let plan = Plan { copies: 4, narrowed: true, ..plan(7, false) };
    let at_first = |stage, verdict, each: &[Verdict]| {
        let whole = Trial { arm: Arm::whole(), each: each.to_vec(), ..trial(stage, &[], verdict, 1.0) };
        plan.crowd(Stage::Smoke, &Arm::CONTROL, &[whole]).runs
    };
    assert_eq!(plan.crowd(Stage::Smoke, &Arm::whole(), &[]).runs, 1);
    assert_eq!(at_first(Stage::Smoke, Passed, &[]), 2);
    assert_eq!(at_first(Stage::Smoke, Exact, &[]), 2);
    assert_eq!(at_first(Stage::Smoke, Different, &[]), 1, "one that does not work here is asked alone");
    let reset = Plan { apart: true, ..plan.clone() };
    for stage in [Stage::Plain, Stage::Ladder, Stage::Count] {
        let go = reset.crowd(stage, &Arm::CONTROL, &[]);
        assert_eq!((go.at_once, go.runs), (1, 1), "a reset stands before each run: {stage:?}");
    }
    let device = Plan { copies: 1, ..plan.clone() };
    let whole = Trial { arm: Arm::whole(), ..trial(Stage::Smoke, &[], Passed, 1.0) };
    assert_eq!(device.crowd(Stage::Smoke, &Arm::CONTROL, &[whole]).runs, 1, "a device bears one");
}

#[test]
fn a_command_that_cannot_work_here_stops_at_once() {
    let past = resume(&plan(7, false), Vec::new(), &mut |_, _| Different);
    assert_eq!(past.len(), 5);
}

#[test]
fn a_proof_cut_anywhere_goes_on_as_if_it_had_not_been() {
    let plan = plan(8, false);
    let whole = simulate(&plan, |arm, _| if has(arm, "delay") { 1.0 } else { 0.0 });
    for cut in [0, 1, 7, 30, whole.len() - 1] {
        let resumed = resume(&plan, whole[..cut].to_vec(), &mut |arm, _| {
            if has(arm, "delay") { Exact } else { Passed }
        });
        assert_eq!(resumed, whole, "cut at {cut}");
    }
}
