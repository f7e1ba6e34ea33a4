//! What the arms say about the causes: each arm is evidence with a likelihood, and only an experiment makes a
//! cause confirmed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::arm::Arm;
use super::arm_weights::{
    CURED, EVERY_TIME, EVERY_TIME_HERE, INDIFFERENT, LOADS, NOT_ALONE, NOT_ALONE_TOGETHER, NOW_AND_THEN,
    PARTLY_SEEDED, RAISED, SEED_OF_ORDER, SEEDED, SEEDED_ORDER, SUPPRESSED,
};
use super::ladder::LOOPS;
use super::outcome::{EVIDENCE, Outcome};
use super::tally::{ALPHA, Tally};
use super::telling::UponRounds;
use crate::causes::Grade;
use crate::experiment::Knob;
use crate::facts::clues::Family;
use crate::findings::{CauseSummary, EvidenceSummary};
use crate::script::{self, DRAWN};
use crate::signatures::Cause;
use crate::stats::{confidence_sequence, fisher_less, rate_above};

/// The most that one family may weigh, in nats, as for every other family.
const CAP: f64 = 3.0;
/// What it weighs that an amplifier made for a cause never helped, and after how many runs.
const NO_HELP: f64 = -1.0;
const ENOUGH: u64 = 10;
/// Pairs of runs with one seed each, from which on they say something.
const FEWEST_PAIRS: usize = 4;
/// The amplifier that sets printed seeds again.
pub(super) const SEED_REPLAY: &str = "seed-replay";
/// The amplifiers that set seeds.
const SEEDS: [&str; 2] = [SEED_REPLAY, "generator-seed"];
/// The fewest runs with a seed that say something.
const FEW: u64 = 4;
/// The chance below which a failure is hidden better than by amplifiers that have nothing to do with it: they are few.
const AMONG: f64 = 0.2;
/// The weight from which an amplifier points at a cause.
const POINTS: f64 = 2.5;
/// The weight from which what was shown speaks for a cause that had no or little evidence before.
const SPEAKS: f64 = 1.0;
/// The score of a cause that nothing spoke for until the runs did: at least so much, and a part of what was unknown.
const NEW: f64 = 0.03;
const OF_UNKNOWN: f64 = 0.15;

/// A cause before and after the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    pub cause: Cause,
    /// Its probability before the experiment, and after it.
    pub before: f64,
    pub after: f64,
    /// What runs say for or against it.
    pub because: Vec<String>,
}

/// One thing that the runs showed, and what it weighs for each cause.
pub(super) struct Shown {
    text: String,
    weights: Vec<(Cause, f64)>,
}

/// Returns `causes` with what the experiment showed added to their evidence, in their new order.
pub fn rerank(causes: &[CauseSummary], knobs: &[Knob], outcome: &Outcome) -> Vec<CauseSummary> {
    let knobs = &as_run(knobs, outcome);
    let shown = shown(outcome, knobs);
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
        (b.grade == Grade::Confirmed, b.score)
            .partial_cmp(&(a.grade == Grade::Confirmed, a.score))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    causes
}

/// Returns where each cause stood before the experiment and stands after it.
pub fn moved(before: &[CauseSummary], after: &[CauseSummary]) -> Vec<Moved> {
    let was = |name: Cause| before.iter().find(|cause| cause.cause == name).map_or(0.0, |cause| cause.score);
    let because = |cause: &CauseSummary| {
        let own = cause.evidence.iter().chain(&cause.against).filter(|one| one.family == Family::Experiment);
        own.map(|one| one.text.clone()).collect()
    };
    let one = |cause: &CauseSummary| Moved {
        cause: cause.cause,
        before: was(cause.cause),
        after: cause.score,
        because: because(cause),
    };
    after.iter().map(one).collect()
}

/// Returns the knobs with the causes that they speak for as they were run. A seed that orders tests sets what they draw as
/// well, and a test that ran without the others had no order; what was tried without a cause speaks for the one that it points at.
fn as_run(knobs: &[Knob], outcome: &Outcome) -> Vec<Knob> {
    let narrowed = outcome.arms.iter().any(|tally| tally.arm == Arm::whole());
    let cause = |knob: &Knob| match knob.cause {
        _ if narrowed && !outcome.whole && orders(knob) => Cause::Randomness,
        Cause::Unknown => pointed_at(&knob.amplifier).unwrap_or(Cause::Unknown),
        cause => cause,
    };
    knobs.iter().map(|knob| Knob { cause: cause(knob), ..knob.clone() }).collect()
}

/// Returns the cause that an amplifier points at, if it is one alone.
fn pointed_at(amplifier: &str) -> Option<Cause> {
    let (_, weights) = RAISED.iter().find(|(name, _)| *name == amplifier)?;
    let (cause, weight) = weights.first()?;
    (*weight >= POINTS).then_some(*cause)
}

/// Returns true if the knob sets a seed again that orders the tests.
fn orders(knob: &Knob) -> bool {
    knob.amplifier == SEED_REPLAY && knob.cause == Cause::OrderDependence
}

/// Adds the causes that only the runs speak for; one that had less than such a cause before gets as much.
fn with_new(causes: &[CauseSummary], shown: &[Shown]) -> Vec<CauseSummary> {
    let mut all = causes.to_vec();
    let unknown = causes.iter().find(|cause| cause.cause == Cause::Unknown).map_or(0.0, |cause| cause.score);
    let new = NEW.max(OF_UNKNOWN * unknown);
    for (name, _) in shown.iter().flat_map(|shown| &shown.weights).filter(|(_, weight)| *weight >= SPEAKS) {
        match all.iter_mut().find(|cause| cause.cause == *name) {
            Some(known) => known.score = known.score.max(new),
            None => all.push(CauseSummary {
                cause: *name,
                score: new,
                prior: 0.0,
                grade: Grade::Hypothesis,
                evidence: Vec::new(),
                against: Vec::new(),
            }),
        }
    }
    all
}

/// Returns what the runs showed.
pub(super) fn shown(outcome: &Outcome, knobs: &[Knob]) -> Vec<Shown> {
    let control = &outcome.control;
    let as_it_is = format!("as it is {} of {}", control.hits, control.runs);
    let mut all = Vec::new();
    let mut show =
        |text: String, weights: &[(Cause, f64)]| all.push(Shown { text, weights: weights.to_vec() });
    if outcome.fails_every_time() && outcome.finding.is_some() {
        show("whether it fails depends on what ran before".to_owned(), NOT_ALONE);
    } else if outcome.fails_every_time() && outcome.hidden_by().is_none() {
        let weights = if outcome.passes_in_ci { EVERY_TIME_HERE } else { EVERY_TIME };
        show(format!("fails every time as it is ({} of {})", control.hits, control.runs), weights);
    } else if let Some(hiding) = outcome.hidden_by() {
        show(format!("with {} {} of {}, {as_it_is}", hiding.arm, hiding.hits, hiding.runs), NOW_AND_THEN);
    } else if control.hits > 0 && control.hits < control.runs {
        show(format!("fails now and then as it is ({} of {})", control.hits, control.runs), NOW_AND_THEN);
    }
    if outcome.whole && outcome.finding.is_some() && control.hits > 0 {
        let weights = if outcome.together { NOT_ALONE_TOGETHER } else { NOT_ALONE };
        show("fails among other tests and not alone".to_owned(), weights);
    }
    let of_order = knobs.iter().any(orders);
    let mut seeded = false;
    for (name, weights) in RAISED {
        let is_seed = SEEDS.contains(name);
        let names = [*name];
        let raised = alone(outcome, &names).filter(|tally| is_raised(tally, control));
        if let Some(best) = raised.max_by_key(|tally| tally.hits) {
            let weights = match () {
                () if is_seed && of_order => SEED_OF_ORDER,
                () if is_seed && best.hits < best.runs => PARTLY_SEEDED,
                () => weights,
            };
            seeded |= is_seed;
            show(format!("{} fails {} of {}, {as_it_is}", best.arm, best.hits, best.runs), weights);
        }
    }
    if let Some((text, nats)) = one_seed_one_end(outcome).filter(|_| !seeded) {
        let weights = if of_order { SEEDED_ORDER } else { SEEDED };
        show(format!("{text}, {as_it_is}"), &times(weights, nats));
    }
    for (name, weights) in CURED {
        let (hits, runs) = told(outcome, &[name]);
        if is_cured(hits, runs, control) && is_cured_among(outcome, &[name], hits, runs) {
            show(format!("with {name} {hits} of {runs}, {as_it_is}"), weights);
        }
    }
    let (hits, runs) = together(outcome, LOADS);
    let text = format!("under load {hits} of {runs}, {as_it_is}");
    let cured = told(outcome, LOADS);
    let (own, under) = (control.rate(), hits as f64 / runs.max(1) as f64);
    match () {
        () if is_cured(cured.0, cured.1, control) && is_cured_among(outcome, LOADS, cured.0, cured.1) => {
            show(format!("under load {} of {}, {as_it_is}", cured.0, cured.1), SUPPRESSED);
        }
        () if control.hits < 3 || runs < ENOUGH || own >= 0.95 => {}
        () if under > own / 2.0 && under < 2.0 * own => show(text, INDIFFERENT),
        () => {}
    }
    all.extend(upon_rounds(outcome));
    all
}

/// Returns the parts that so much evidence gives to each cause.
fn times(parts: &[(Cause, f64)], nats: f64) -> Vec<(Cause, f64)> {
    parts.iter().map(|(cause, part)| (*cause, part * nats.clamp(-CAP / 2.0, CAP))).collect()
}

/// Returns how much likelier it is that a seed with which a run failed decides than that it does not, in nats: if it does,
/// each run with it fails. `None` where too few runs say so.
fn one_seed_one_end(outcome: &Outcome) -> Option<(String, f64)> {
    let control = &outcome.control;
    let rate = (control.hits as f64 + 0.5) / (control.runs as f64 + 1.0);
    let is_set = |tally: &&Tally| {
        let seed = tally.arm.0.iter().find(|setting| SEEDS.contains(&setting.amplifier.as_str()));
        seed.is_some_and(|seed| seed.amplifier == SEED_REPLAY || seed.level != DRAWN)
    };
    let set: Vec<&Tally> = alone(outcome, &SEEDS).filter(is_set).filter(|tally| tally.runs >= FEW).collect();
    let (hits, runs) = set.iter().fold((0, 0), |(hits, runs), tally| (hits + tally.hits, runs + tally.runs));
    let nats = -(runs as f64) * rate.ln();
    (hits == runs && control.runs > 0 && nats >= 1.0)
        .then(|| (format!("with seeds of failing runs {hits} of {runs}"), nats))
}

/// Returns what was shown by amplifiers upon rounds in one process of which about half fail.
fn upon_rounds(outcome: &Outcome) -> Vec<Shown> {
    let Some(arms) = UponRounds::of(&outcome.arms) else { return Vec::new() };
    let own = format!("{} fails {} of {}", arms.own.arm, arms.own.hits, arms.own.runs);
    let of_seeds = || {
        let (nats, alike, pairs) = arms.of_seeds();
        let text = format!("{alike} of {pairs} pairs of runs with one seed end alike, {own}");
        let weights = times(SEEDED, nats);
        (pairs >= FEWEST_PAIRS && nats.abs() >= 1.0).then_some(Shown { text, weights })
    };
    let others = arms.others.iter().filter_map(|(name, tally)| {
        let text = format!("with {name} {} of {}, {own}", tally.hits, tally.runs);
        let weights = upon(name, tally, arms.own)?;
        Some(Shown { text, weights: weights.to_vec() })
    });
    of_seeds().into_iter().chain(others).collect()
}

/// Returns what it weighs that runs with the amplifier fail more often than those without, or less often.
fn upon(name: &str, tally: &Tally, own: &Tally) -> Option<&'static [(Cause, f64)]> {
    let misses = |tally: &Tally| tally.runs - tally.hits;
    let more = fisher_less(own.hits, misses(own), tally.hits, misses(tally)) <= ALPHA;
    let named = |(row, _): &&(&str, &'static [(Cause, f64)])| *row == name;
    let of =
        |table: &'static [(&str, &'static [(Cause, f64)])]| table.iter().find(named).map(|(_, own)| *own);
    match () {
        () if more => of(RAISED),
        () if is_cured(tally.hits, told_of(tally), own) && LOADS.contains(&name) => Some(SUPPRESSED),
        () if is_cured(tally.hits, told_of(tally), own) => of(CURED),
        () => None,
    }
}

/// Returns what was run with one of these amplifiers and nothing else.
fn alone<'o, 'n>(outcome: &'o Outcome, names: &'n [&str]) -> impl Iterator<Item = &'o Tally> + use<'o, 'n> {
    outcome.arms.iter().filter(move |tally| {
        let mut own = tally.arm.0.iter().filter(|setting| !setting.is_whole());
        let first = own.next();
        own.next().is_none() && first.is_some_and(|one| names.contains(&one.amplifier.as_str()))
    })
}

fn together(outcome: &Outcome, names: &[&str]) -> (u64, u64) {
    alone(outcome, names).fold((0, 0), |(hits, runs), tally| (hits + tally.hits, runs + tally.runs))
}

/// The same without the runs that failed in another way: they might have hidden the failure.
fn told(outcome: &Outcome, names: &[&str]) -> (u64, u64) {
    alone(outcome, names).fold((0, 0), |(hits, runs), tally| (hits + tally.hits, runs + told_of(tally)))
}

/// Returns how many runs failed as looked for or passed.
fn told_of(tally: &Tally) -> u64 {
    tally.runs.saturating_sub(tally.same_class + tally.starved + tally.different)
}

/// Returns true if the arm fails more often than plain runs beyond doubt. A run of several rounds fails more often by
/// their number alone.
fn is_raised(tally: &Tally, control: &Tally) -> bool {
    let rounds = tally.arm.0.iter().filter(|setting| LOOPS.contains(&setting.amplifier.as_str()));
    let rounds: f64 = rounds.map(|setting| setting.level.max(1.0)).product();
    let limit = confidence_sequence(control.hits, control.runs, ALPHA / 2.0).high;
    rate_above(1.0 - (1.0 - limit).powf(rounds), tally.hits, tally.runs) >= EVIDENCE
}

/// Returns true if plain runs fail now and then and these, at a fourth of their rate at most, did not by no chance.
fn is_cured(hits: u64, runs: u64, control: &Tally) -> bool {
    let fewer = hits as f64 <= control.rate() / 4.0 * runs as f64;
    let misses = |tally: &Tally| tally.runs - tally.hits;
    runs > 0
        && control.hits >= 3
        && fewer
        && fisher_less(hits, runs - hits, control.hits, misses(control)) <= ALPHA
}

/// Returns true unless other amplifiers that have nothing to do with it hide the failure nearly as well: the machine was
/// another one then, and nothing hid it.
fn is_cured_among(outcome: &Outcome, names: &[&str], hits: u64, runs: u64) -> bool {
    let others: Vec<&str> = CURED
        .iter()
        .map(|(name, _)| *name)
        .chain(SEEDS)
        .filter(|name| !names.contains(name) && *name != "delay")
        .collect();
    let (other_hits, other_runs) = told(outcome, &others);
    let enough = other_runs >= ENOUGH;
    !enough || fisher_less(hits, runs - hits, other_hits, other_runs - other_hits) <= AMONG
}

fn weighed(mut cause: CauseSummary, shown: &[Shown], knobs: &[Knob], outcome: &Outcome) -> CauseSummary {
    let own = |amplifier: &str| {
        let meant = knobs.iter().any(|knob| knob.amplifier == amplifier && knob.cause == cause.cause);
        meant
            && cause.cause != Cause::Unknown
            && script::find(amplifier).is_some_and(|amplifier| amplifier.points_at_a_cause)
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
        cause.grade = Grade::Confirmed;
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
        let evidence = EvidenceSummary { text, family: Family::Experiment, weight, source: None, line: None };
        if weight < 0.0 { &mut cause.against } else { &mut cause.evidence }.push(evidence);
    }
    cause
}
