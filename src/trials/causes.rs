//! What the arms say about the causes: each arm is evidence with a likelihood, and only an experiment makes a
//! cause confirmed.
//!
//! The weights are set by hand, in nats, from what each amplifier does; no tool has fitted them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::outcome::{EVIDENCE, Outcome, against};
use super::tally::Tally;
use crate::experiment::Knob;
use crate::findings::{CauseSummary, EvidenceSummary};
use crate::script;

/// The grade of a cause whose amplifier raised the rate and could not be left out.
const CONFIRMED: &str = "confirmed";
/// The family of evidence from runs.
const FAMILY: &str = "experiment";
/// The most that one family may weigh, in nats, as for every other family.
const CAP: f64 = 3.0;
/// What it weighs that an amplifier made for a cause never helped, and after how many runs.
const NO_HELP: f64 = -1.0;
const ENOUGH: u64 = 10;
/// The score of a cause that nothing spoke for until the runs did.
const NEW: f64 = 0.03;

/// What it says of causes that an amplifier alone raised the rate beyond doubt.
const RAISED: &[(&str, &[(&str, f64)])] = &[
    ("order-replay", &[("order-dependence", 3.0)]),
    ("polluter-pair", &[("order-dependence", 3.0)]),
    ("order-shuffle", &[("order-dependence", 2.5)]),
    ("no-reset", &[("order-dependence", 1.5), ("exhaustion", 1.0)]),
    ("dirty-tree", &[("order-dependence", 2.5)]),
    ("seed-replay", &[("randomness", 2.5), ("order-dependence", 0.5)]),
    ("seed-sweep", &[("randomness", 2.0)]),
    ("delay", &[("race", 2.0), ("timeout", 0.5)]),
    ("scheduling-noise", &[("race", 1.5), ("timeout", 0.5)]),
    ("one-cpu", &[("race", 1.0), ("deadlock", 0.5)]),
    ("cpu-hogs", &[("timeout", 1.5), ("contention", 1.0), ("race", 0.7)]),
    ("cpu-quota", &[("timeout", 2.0), ("contention", 1.0)]),
    ("parallel", &[("contention", 1.0), ("exhaustion", 0.7), ("race", 0.5)]),
    ("io-load", &[("contention", 1.5), ("timeout", 1.0)]),
    ("timeout-scale", &[("timeout", 2.0)]),
    ("memory-limit", &[("out-of-memory", 2.0)]),
    ("gc-pressure", &[("memory-corruption", 1.5), ("race", 0.5)]),
    ("descriptor-limit", &[("exhaustion", 2.0)]),
    ("disk-limit", &[("exhaustion", 2.0)]),
    ("port-limit", &[("exhaustion", 2.0)]),
    ("network-delay", &[("network", 1.5), ("timeout", 1.0)]),
    ("network-loss", &[("network", 2.0)]),
    ("generator-seed", &[("randomness", 2.5), ("test-defect", 0.5)]),
    ("clock-rate", &[("timeout", 2.0)]),
    ("clock-shift", &[("test-defect", 1.5), ("environment", 0.5)]),
    ("locale-sweep", &[("environment", 1.5), ("test-defect", 0.5)]),
];
/// Amplifiers that slow a program, and what it says that they make it fail less often.
const LOADS: [&str; 4] = ["cpu-hogs", "cpu-quota", "scheduling-noise", "io-load"];
const SUPPRESSED: &[(&str, f64)] = &[("race", 1.5), ("timeout", -2.0), ("contention", -2.0)];
/// What it says that a test fails every time as it is.
const EVERY_TIME: &[(&str, f64)] = &[
    ("defect", 3.0),
    ("environment", 1.0),
    ("race", -2.0),
    ("randomness", -2.5),
    ("contention", -2.0),
    ("timeout", -0.5),
    ("order-dependence", -1.5),
    ("hang", -1.0),
];
/// What it says that a test fails in CI's whole command and never alone.
const NOT_ALONE: &[(&str, f64)] = &[("order-dependence", 3.0), ("randomness", -1.5)];
/// What it says that it fails now and then, and as often under load as without.
const INDIFFERENT: &[(&str, f64)] =
    &[("randomness", 1.2), ("timeout", -1.0), ("contention", -1.5), ("defect", -1.0)];
/// What it says that it fails now and then at all.
const NOW_AND_THEN: &[(&str, f64)] = &[("defect", -1.5)];

/// A cause before and after the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    pub cause: String,
    /// Its probability before the experiment, and after it.
    pub before: f64,
    pub after: f64,
    /// What runs say for or against it.
    pub because: Vec<String>,
}

/// One thing that the runs showed, and what it weighs for each cause.
struct Shown {
    text: String,
    weights: Vec<(&'static str, f64)>,
}

/// Returns `causes` with what the experiment showed added to their evidence, in their new order.
pub fn rerank(causes: &[CauseSummary], knobs: &[Knob], outcome: &Outcome) -> Vec<CauseSummary> {
    let shown = shown(outcome);
    let mut causes = with_new(causes, &shown);
    for cause in &mut causes {
        *cause = weighed(cause.clone(), &shown, knobs, outcome);
    }
    let sum: f64 = causes.iter().map(|cause| cause.score).sum();
    for cause in &mut causes {
        cause.score = if sum > 0.0 { cause.score / sum } else { cause.score };
    }
    // Stable, so that causes that the runs do not tell apart stay in their order.
    causes.sort_by(|a, b| {
        (b.grade == CONFIRMED, b.score)
            .partial_cmp(&(a.grade == CONFIRMED, a.score))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    causes
}

/// Returns where each cause stood before the experiment and stands after it.
pub fn moved(before: &[CauseSummary], after: &[CauseSummary]) -> Vec<Moved> {
    let was = |name: &str| before.iter().find(|cause| cause.cause == name).map_or(0.0, |cause| cause.score);
    let because = |cause: &CauseSummary| {
        let own = cause.evidence.iter().chain(&cause.against).filter(|one| one.family == FAMILY);
        own.map(|one| one.text.clone()).collect()
    };
    let one = |cause: &CauseSummary| Moved {
        cause: cause.cause.clone(),
        before: was(&cause.cause),
        after: cause.score,
        because: because(cause),
    };
    after.iter().map(one).collect()
}

/// Adds the causes that only the runs speak for.
fn with_new(causes: &[CauseSummary], shown: &[Shown]) -> Vec<CauseSummary> {
    let mut all = causes.to_vec();
    for (name, weight) in shown.iter().flat_map(|shown| &shown.weights) {
        if *weight >= 1.0 && !all.iter().any(|cause| cause.cause == *name) {
            all.push(CauseSummary {
                cause: (*name).to_owned(),
                score: NEW,
                prior: 0.0,
                grade: "hypothesis".to_owned(),
                evidence: Vec::new(),
                against: Vec::new(),
            });
        }
    }
    all
}

/// Returns what the runs showed.
fn shown(outcome: &Outcome) -> Vec<Shown> {
    let control = &outcome.control;
    let mut all = Vec::new();
    let mut show =
        |text: String, weights: &[(&'static str, f64)]| all.push(Shown { text, weights: weights.to_vec() });
    if outcome.fails_every_time() {
        show(format!("fails every time as it is ({} of {})", control.hits, control.runs), EVERY_TIME);
    } else if control.hits > 0 && control.hits < control.runs {
        show(format!("fails now and then as it is ({} of {})", control.hits, control.runs), NOW_AND_THEN);
    }
    if outcome.whole && outcome.finding.is_some() && control.hits > 0 {
        show("fails among other tests and not alone".to_owned(), NOT_ALONE);
    }
    let alone = |names: &[&str]| {
        let is = |tally: &&Tally| {
            let own: Vec<_> = tally.arm.0.iter().filter(|setting| !setting.is_whole()).collect();
            matches!(&own[..], [one] if names.contains(&one.amplifier.as_str()))
        };
        outcome.arms.iter().filter(is).collect::<Vec<_>>()
    };
    for (name, weights) in RAISED {
        let raised = alone(&[name]).into_iter().filter(|tally| against(tally, control) >= EVIDENCE);
        if let Some(best) = raised.max_by_key(|tally| tally.hits) {
            let text = format!(
                "{} fails {} of {}, as it is {} of {}",
                best.arm, best.hits, best.runs, control.hits, control.runs
            );
            show(text, weights);
        }
    }
    let loads = alone(&LOADS);
    let (hits, runs) =
        loads.iter().fold((0, 0), |(hits, runs), tally| (hits + tally.hits, runs + tally.runs));
    if control.hits >= 3 && runs >= ENOUGH {
        let (own, under) = (control.rate(), hits as f64 / runs as f64);
        let text = format!("under load {hits} of {runs}, as it is {} of {}", control.hits, control.runs);
        match () {
            () if (1.0 - own).powf(runs as f64) <= 0.05 && under <= own / 4.0 => show(text, SUPPRESSED),
            () if own < 0.95 && under > own / 2.0 && under < 2.0 * own => show(text, INDIFFERENT),
            () => {}
        }
    }
    all
}

fn weighed(mut cause: CauseSummary, shown: &[Shown], knobs: &[Knob], outcome: &Outcome) -> CauseSummary {
    let own = |amplifier: &str| {
        let meant = knobs.iter().any(|knob| knob.amplifier == amplifier && knob.cause == cause.cause);
        meant && script::find(amplifier).is_some_and(script::Amplifier::points_at_a_cause)
    };
    let mut weights: Vec<(f64, String)> = Vec::new();
    for one in shown {
        let weight = one.weights.iter().find(|(name, _)| *name == cause.cause).map(|(_, weight)| *weight);
        weights.extend(weight.map(|weight| (weight, one.text.clone())));
    }
    let needed = outcome.recipe.0.iter().find(|setting| own(&setting.amplifier));
    let alone = outcome.arms.iter().filter(|tally| matches!(&tally.arm.0[..], [one] if own(&one.amplifier)));
    let (hits, runs) = alone.fold((0, 0), |(hits, runs), tally| (hits + tally.hits, runs + tally.runs));
    if let Some(needed) = needed.filter(|_| outcome.confirms()) {
        let text =
            format!("{} raises the rate and cannot be left out: {}", needed.amplifier, outcome.sentence);
        CONFIRMED.clone_into(&mut cause.grade);
        weights.push((outcome.e_value.unwrap_or(1.0).ln().clamp(0.0, CAP), text));
    } else if hits == 0 && runs >= ENOUGH && outcome.reproduced() && outcome.control.hits == 0 {
        weights.push((NO_HELP, format!("its amplifiers alone did not help in {runs} runs")));
    }
    with_evidence(cause, weights)
}

/// One family counts once: what it weighs together is capped.
fn with_evidence(mut cause: CauseSummary, weights: Vec<(f64, String)>) -> CauseSummary {
    let sum: f64 = weights.iter().map(|(weight, _)| weight).sum();
    cause.score *= sum.clamp(-CAP, CAP).exp();
    for (weight, text) in weights {
        let evidence = EvidenceSummary { text, family: FAMILY.to_owned(), weight, source: None, line: None };
        if weight < 0.0 { &mut cause.against } else { &mut cause.evidence }.push(evidence);
    }
    cause
}

#[cfg(test)]
mod tests {
    use super::super::oracle::Verdict::{Exact, Passed};
    use super::super::test_support::trials;
    use super::super::{Plan, Stage, Trial};
    use super::*;
    use crate::experiment::amplifiers;

    fn cause(name: &str, score: f64) -> CauseSummary {
        CauseSummary {
            cause: name.into(),
            score,
            prior: 0.0,
            grade: "heuristic".into(),
            evidence: vec![],
            against: vec![],
        }
    }

    fn outcome(past: &[Trial]) -> Outcome {
        let plan = Plan { budget: 180.0, seed: 1, ..Plan::default() };
        Outcome::of(&plan, &["t".to_owned()], past, Vec::new())
    }

    fn after(past: &[Trial]) -> Vec<(String, String)> {
        let knobs: Vec<Knob> =
            ["race", "timeout"].iter().flat_map(|cause| amplifiers::knobs(cause)).collect();
        let before = [cause("race", 0.6), cause("timeout", 0.3), cause("unknown", 0.1)];
        let causes = rerank(&before, &knobs, &outcome(past));
        assert!((causes.iter().map(|cause| cause.score).sum::<f64>() - 1.0).abs() < 1e-9);
        causes.into_iter().map(|cause| (cause.cause, cause.grade)).collect()
    }

    fn reranked(amplifier: &str) -> Vec<(String, String)> {
        let mut past = trials(Stage::Ladder, &["io-load"], &[(Passed, 10)]);
        past.extend(trials(Stage::Count, &[amplifier], &[(Exact, 20)]));
        past.extend(trials(Stage::Count, &[], &[(Passed, 10)]));
        past.extend(trials(Stage::Guard, &[amplifier], &[(Passed, 10)]));
        after(&past)
    }

    #[test]
    fn the_cause_whose_amplifier_is_needed_is_confirmed_and_goes_first() {
        assert_eq!(reranked("timeout-scale")[0], ("timeout".to_owned(), "confirmed".to_owned()));
    }

    #[test]
    fn an_amplifier_that_helps_many_causes_confirms_none() {
        assert!(reranked("cpu-hogs").iter().all(|(_, grade)| grade != "confirmed"));
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
        for (past, first, why) in [
            (always, "defect", "fails every time"),
            (replay, "order-dependence", "only in the order of the log"),
            (load, "timeout", "needs a slow machine"),
            (not_alone, "order-dependence", "passes alone"),
            (suppressed, "race", "load hides it"),
        ] {
            assert_eq!(after(&past)[0].0, first, "{why}: {:?}", after(&past));
        }
    }
}
