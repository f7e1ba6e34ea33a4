//! What the arms say about the causes: only an experiment makes a cause confirmed.

use super::outcome::Outcome;
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

/// Returns `causes` with what the experiment showed added to their evidence, in their new order.
pub fn rerank(causes: &[CauseSummary], knobs: &[Knob], outcome: &Outcome) -> Vec<CauseSummary> {
    let mut causes: Vec<CauseSummary> =
        causes.iter().map(|cause| weighed(cause.clone(), knobs, outcome)).collect();
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

fn weighed(mut cause: CauseSummary, knobs: &[Knob], outcome: &Outcome) -> CauseSummary {
    let own = |amplifier: &str| {
        let meant = knobs.iter().any(|knob| knob.amplifier == amplifier && knob.cause == cause.cause);
        meant && script::find(amplifier).is_some_and(script::Amplifier::points_at_a_cause)
    };
    let needed = outcome.recipe.0.iter().find(|setting| own(&setting.amplifier));
    if let Some(needed) = needed.filter(|_| outcome.confirms()) {
        let weight = outcome.e_value.unwrap_or(1.0).ln().clamp(0.0, CAP);
        let text =
            format!("{} raises the rate and cannot be left out: {}", needed.amplifier, outcome.sentence);
        cause.grade = CONFIRMED.to_owned();
        return with_evidence(cause, weight, text);
    }
    let alone = outcome.arms.iter().filter(|tally| matches!(&tally.arm.0[..], [one] if own(&one.amplifier)));
    let (hits, runs) = alone.fold((0, 0), |(hits, runs), tally| (hits + tally.hits, runs + tally.runs));
    if hits == 0 && runs >= ENOUGH && outcome.reproduced() {
        return with_evidence(cause, NO_HELP, format!("its amplifiers alone did not help in {runs} runs"));
    }
    cause
}

fn with_evidence(mut cause: CauseSummary, weight: f64, text: String) -> CauseSummary {
    let evidence = EvidenceSummary { text, family: FAMILY.to_owned(), weight, source: None, line: None };
    if weight < 0.0 { &mut cause.against } else { &mut cause.evidence }.push(evidence);
    cause.score *= weight.exp();
    cause
}

#[cfg(test)]
mod tests {
    use super::super::oracle::Verdict::{Exact, Passed};
    use super::super::test_support::trials;
    use super::super::{Plan, Stage};
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

    fn reranked(amplifier: &str) -> Vec<(String, String)> {
        let mut past = trials(Stage::Ladder, &["delay"], &[(Passed, 10)]);
        past.extend(trials(Stage::Count, &[amplifier], &[(Exact, 20)]));
        past.extend(trials(Stage::Count, &[], &[(Passed, 10)]));
        past.extend(trials(Stage::Guard, &[amplifier], &[(Passed, 10)]));
        let plan =
            Plan { candidates: Vec::new(), budget: 180.0, seed: 1, guard: false, generous_limit: None };
        let outcome = Outcome::of(&plan, &["t".to_owned()], &past, Vec::new());
        let knobs: Vec<Knob> =
            ["race", "timeout"].iter().flat_map(|cause| amplifiers::knobs(cause)).collect();
        let causes =
            rerank(&[cause("race", 0.6), cause("timeout", 0.3), cause("unknown", 0.1)], &knobs, &outcome);
        assert!((causes.iter().map(|cause| cause.score).sum::<f64>() - 1.0).abs() < 1e-9);
        causes.into_iter().map(|cause| (cause.cause, cause.grade)).collect()
    }

    #[test]
    fn the_cause_whose_amplifier_is_needed_is_confirmed_and_goes_first() {
        assert_eq!(reranked("timeout-scale")[0], ("timeout".to_owned(), "confirmed".to_owned()));
    }

    #[test]
    fn an_amplifier_that_helps_many_causes_confirms_none() {
        assert!(reranked("cpu-hogs").iter().all(|(_, grade)| grade != "confirmed"));
    }
}
