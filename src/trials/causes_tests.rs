//! What runs say of the causes, in tables of what was run.

use super::causes::{SEED_REPLAY, rerank, shown};
use super::oracle::Verdict::{self, Exact, Passed};
use super::test_support::trials;
use super::{Outcome, Plan, Stage, Trial};
use crate::causes::Grade;
use crate::experiment::{Knob, amplifiers};
use crate::findings::CauseSummary;
use crate::signatures::Cause;

fn cause(cause: Cause, score: f64) -> CauseSummary {
    CauseSummary { cause, score, prior: 0.0, grade: Grade::Heuristic, evidence: vec![], against: vec![] }
}

fn outcome(past: &[Trial]) -> Outcome {
    let plan = Plan { budget: 180.0, seed: 1, ..Plan::default() };
    Outcome::of(&plan, &["t".to_owned()], past, Vec::new())
}

fn after(past: &[Trial]) -> Vec<(Cause, Grade)> {
    let knobs: Vec<Knob> = [Cause::Race, Cause::Timeout].into_iter().flat_map(amplifiers::knobs).collect();
    let before = [cause(Cause::Race, 0.6), cause(Cause::Timeout, 0.3), cause(Cause::Unknown, 0.1)];
    let causes = rerank(&before, &knobs, &outcome(past));
    assert!((causes.iter().map(|cause| cause.score).sum::<f64>() - 1.0).abs() < 1e-9);
    causes.into_iter().map(|cause| (cause.cause, cause.grade)).collect()
}

fn reranked(amplifier: &str) -> Vec<(Cause, Grade)> {
    let mut past = trials(Stage::Ladder, &["io-load"], &[(Passed, 10)]);
    past.extend(trials(Stage::Count, &[amplifier], &[(Exact, 20)]));
    past.extend(trials(Stage::Count, &[], &[(Passed, 10)]));
    past.extend(trials(Stage::Guard, &[amplifier], &[(Passed, 10)]));
    after(&past)
}

#[test]
fn the_cause_whose_amplifier_is_needed_is_confirmed_and_goes_first() {
    assert_eq!(reranked("timeout-scale")[0], (Cause::Timeout, Grade::Confirmed));
}

#[test]
fn an_amplifier_that_helps_many_causes_confirms_none() {
    assert!(reranked("cpu-hogs").iter().all(|(_, grade)| *grade != Grade::Confirmed));
}

#[test]
fn what_the_arms_showed_moves_the_causes() {
    let joined = |parts: &[Vec<Trial>]| parts.concat();
    let always = trials(Stage::Count, &[], &[(Exact, 12)]);
    let replay = joined(&[
        trials(Stage::Plain, &[], &[(Exact, 1), (Passed, 18)]),
        trials(Stage::Count, &["order-replay"], &[(Exact, 10)]),
    ]);
    let load = joined(&[
        trials(Stage::Plain, &[], &[(Passed, 20)]),
        trials(Stage::Count, &["cpu-quota"], &[(Exact, 7)]),
    ]);
    let not_alone = joined(&[
        trials(Stage::Smoke, &["whole-suite"], &[(Exact, 6), (Passed, 2)]),
        trials(Stage::Smoke, &[], &[(Passed, 12)]),
    ]);
    let suppressed = joined(&[
        trials(Stage::Plain, &[], &[(Exact, 8), (Passed, 12)]),
        trials(Stage::Ladder, &["cpu-hogs"], &[(Passed, 12)]),
    ]);
    let clean = joined(&[
        trials(Stage::Plain, &[], &[(Exact, 8), (Passed, 12)]),
        trials(Stage::Ladder, &["clean-tree"], &[(Passed, 12)]),
    ]);
    let seed = joined(&[
        trials(Stage::Plain, &[], &[(Exact, 4), (Passed, 20)]),
        trials(Stage::Thompson, &["generator-seed"], &[(Exact, 8)]),
    ]);
    for (past, first, why) in [
        (clean, Cause::OrderDependence, "only with what earlier runs left"),
        (seed, Cause::Randomness, "always with one seed"),
        (always, Cause::Defect, "fails every time"),
        (replay, Cause::OrderDependence, "only in the order of the log"),
        (load, Cause::Timeout, "needs a slow machine"),
        (not_alone, Cause::OrderDependence, "passes alone"),
        (suppressed, Cause::Race, "load hides it"),
    ] {
        assert_eq!(after(&past)[0].0, first, "{why}: {:?}", after(&past));
    }
}

#[test]
fn what_fails_only_among_tests_that_run_at_the_same_time_is_first_a_race() {
    let past = [
        trials(Stage::Smoke, &["whole-suite"], &[(Exact, 6), (Passed, 2)]),
        trials(Stage::Smoke, &[], &[(Passed, 12)]),
    ];
    let before = [cause(Cause::Unknown, 0.7), cause(Cause::Race, 0.15), cause(Cause::OrderDependence, 0.15)];
    for (together, first, said) in
        [(true, Cause::Race, "at the same time"), (false, Cause::OrderDependence, "or the order")]
    {
        let plan = Plan { budget: 180.0, together, ..Plan::default() };
        let outcome = Outcome::of(&plan, &["t".to_owned()], &past.concat(), Vec::new());
        assert_eq!(rerank(&before, &[], &outcome)[0].cause, first, "{together}");
        assert!(outcome.sentence.contains(said), "{}", outcome.sentence);
    }
}

#[test]
fn a_seed_of_order_speaks_for_order_unless_the_test_ran_alone() {
    let past = |smoke: &[&str]| {
        [
            trials(Stage::Smoke, smoke, &[(Passed, 1)]),
            trials(Stage::Plain, &[], &[(Exact, 2), (Passed, 20)]),
            trials(Stage::Count, &[SEED_REPLAY], &[(Exact, 12)]),
        ]
        .concat()
    };
    let before = [cause(Cause::Unknown, 0.9), cause(Cause::OrderDependence, 0.1)];
    let first = |order: bool, smoke: &[&str]| {
        let named = if order { Cause::OrderDependence } else { Cause::Randomness };
        let knobs: Vec<Knob> = amplifiers::knobs(named).into_iter().take(1).collect();
        rerank(&before, &knobs, &outcome(&past(smoke)))[0].cause
    };
    assert_eq!(first(true, &[]), Cause::OrderDependence);
    assert_eq!(first(true, &["whole-suite"]), Cause::Randomness, "it was run alone");
    assert_eq!(first(false, &[]), Cause::Randomness);
}

#[test]
fn what_is_unknown_is_not_confirmed_by_an_amplifier_that_was_tried_for_no_cause() {
    let past = [
        trials(Stage::Plain, &[], &[(Exact, 4), (Passed, 36)]),
        trials(Stage::Count, &["generator-seed"], &[(Exact, 20)]),
    ];
    let mut past = past.concat();
    past.iter_mut().filter(|trial| !trial.arm.is_plain()).for_each(|trial| trial.arm.0[0].level = 7.0);
    let before = [cause(Cause::Unknown, 0.9), cause(Cause::Race, 0.1)];
    let after = rerank(&before, &[amplifiers::knob("generator-seed", 1.0)], &outcome(&past));
    assert_eq!((after[0].cause, after[0].grade), (Cause::Randomness, Grade::Confirmed));
    assert!(after.iter().all(|one| one.cause != Cause::Unknown || one.grade != Grade::Confirmed));
}

#[test]
fn what_hides_a_failure_is_seen_in_runs_that_passed() {
    let before = [cause(Cause::Unknown, 0.97), cause(Cause::TestDefect, 0.03)];
    let plain = trials(Stage::Plain, &[], &[(Exact, 10), (Passed, 20)]);
    let first = |verdict| {
        let still = trials(Stage::Ladder, &["clock-still"], &[(verdict, 16)]);
        rerank(&before, &[], &outcome(&[plain.clone(), still].concat()))[0].cause
    };
    assert_eq!(first(Passed), Cause::TestDefect);
    assert_eq!(first(Verdict::Different), Cause::Unknown);
}

#[test]
fn what_fails_every_time_here_and_passes_in_ci_is_not_called_a_defect_for_that() {
    let always = trials(Stage::Plain, &[], &[(Exact, 12)]);
    let plan = Plan { budget: 180.0, rate: Some(0.3), ..Plan::default() };
    let before = [cause(Cause::Exhaustion, 0.6), cause(Cause::Unknown, 0.4)];
    let first = |plan: &Plan| {
        let outcome = Outcome::of(plan, &["t".to_owned()], &always, Vec::new());
        rerank(&before, &[], &outcome)[0].cause
    };
    assert_eq!(first(&plan), Cause::Exhaustion);
    assert_eq!(first(&Plan { rate: None, ..plan }), Cause::Defect);
}

#[test]
fn many_rounds_in_one_run_are_no_evidence_and_an_unknown_cause_gives_way_only_to_what_is_shown() {
    let plain = trials(Stage::Plain, &[], &[(Exact, 10), (Passed, 20)]);
    let rounds = |count: f64| {
        let mut rounds = trials(Stage::Ladder, &["no-reset"], &[(Exact, 12)]);
        rounds.iter_mut().for_each(|trial| trial.arm.0[0].level = count);
        shown(&outcome(&[plain.clone(), rounds].concat()), &[]).len()
    };
    assert_eq!(
        (rounds(1.0), rounds(10.0)),
        (2, 1),
        "12 of 12 runs of 10 rounds are no more than a third of each"
    );
    let before = [cause(Cause::Unknown, 0.9), cause(Cause::Race, 0.1)];
    let first = |past: &[Trial]| rerank(&before, &[], &outcome(past))[0].cause;
    assert_eq!(first(&plain), Cause::Unknown);
    let load = trials(Stage::Ladder, &["cpu-hogs"], &[(Exact, 5), (Passed, 10)]);
    assert_eq!(first(&[plain.clone(), load].concat()), Cause::Unknown, "as often under load says little");
    let clean = trials(Stage::Ladder, &["clean-tree"], &[(Passed, 20)]);
    assert_eq!(first(&[plain.clone(), clean].concat()), Cause::OrderDependence);
}

#[test]
fn what_other_amplifiers_hide_as_well_is_hidden_by_none_of_them() {
    let plain = trials(Stage::Plain, &[], &[(Exact, 16), (Passed, 4)]);
    let hidden = |name| trials(Stage::Ladder, &[name], &[(Passed, 8)]);
    let shows = |name, verdict| trials(Stage::Ladder, &[name], &[(verdict, 12)]);
    let before = [cause(Cause::Timeout, 0.6), cause(Cause::Unknown, 0.3), cause(Cause::TestDefect, 0.1)];
    for (others, first, why) in [
        (Exact, Cause::TestDefect, "a clock that stands still alone hides it"),
        (Passed, Cause::Timeout, "the machine had more time when all of them ran"),
    ] {
        let past =
            [plain.clone(), hidden("clock-still"), shows("own-network", others), shows("clean-tree", others)];
        assert_eq!(rerank(&before, &[], &outcome(&past.concat()))[0].cause, first, "{why}");
    }
}

#[test]
fn seeds_of_failing_runs_decide_if_every_run_with_them_fails() {
    let plain = trials(Stage::Plain, &[], &[(Exact, 8), (Passed, 5)]);
    let fixed = |verdicts: &[(Verdict, usize)]| {
        let mut fixed = trials(Stage::Thompson, &["generator-seed"], verdicts);
        fixed.iter_mut().for_each(|trial| trial.arm.0[0].level = 77.0);
        fixed
    };
    let before = [cause(Cause::Unknown, 0.6), cause(Cause::Race, 0.4)];
    let first = |past: &[Trial], knobs: &[Knob]| rerank(&before, knobs, &outcome(past))[0].cause;
    let ordered: Vec<Knob> = amplifiers::knobs(Cause::OrderDependence).into_iter().take(1).collect();
    let decides = [plain.clone(), fixed(&[(Exact, 16)])].concat();
    assert_eq!(first(&decides, &[]), Cause::Randomness);
    assert_eq!(first(&decides, &ordered), Cause::OrderDependence, "the seed orders the tests");
    let not = [plain, fixed(&[(Exact, 12), (Passed, 4)])].concat();
    assert_eq!(first(&not, &[]), Cause::Unknown, "its runs end unlike");
}
