//! Ranking the knobs: the causes' own orders, weighed by how probable each cause is.

use std::collections::BTreeMap;

use super::amplifiers;
use super::knob::{Advice, Knob, Window};
use super::subject::Replay;
use crate::facts::failures::Kind;
use crate::facts::limits::Limit;
use crate::findings::CauseSummary;
use crate::signatures::Cause;

/// Knobs kept; a longer ladder has no time for its last steps.
const MOST_KNOBS: usize = 8;
/// Causes that may speak.
const MOST_CAUSES: usize = 4;
/// A cause less probable than this does not speak.
const LEAST_SCORE: f64 = 0.05;

/// The amplifier that needs seeds in the logs.
const REPLAY: &str = "seed-replay";

/// What the seeds decide that failing runs print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Printed {
    Nothing,
    /// The order of the tests, whatever they draw besides.
    Order,
    Draws,
}

impl Printed {
    pub(super) fn by(replays: &[Replay]) -> Self {
        let mut seeds = replays.iter().flat_map(|replay| &replay.seeds);
        match () {
            () if replays.is_empty() => Self::Nothing,
            () if seeds.any(|seed| seed.order) => Self::Order,
            () => Self::Draws,
        }
    }
}

/// Returns the knobs, most promising first, at levels that fit what the logs measured.
pub(super) fn rank(
    causes: &[CauseSummary],
    kind: Kind,
    limits: &[Limit],
    window: Option<&Window>,
    printed: Printed,
) -> Vec<Knob> {
    let mut ranked: BTreeMap<String, (f64, Knob)> = BTreeMap::new();
    for (cause, score) in speaking(causes, kind, limits) {
        for (rank, knob) in amplifiers::knobs(cause).into_iter().enumerate() {
            let weight = score / (rank + 1) as f64;
            let entry = ranked.entry(knob.amplifier.clone()).or_insert((0.0, knob));
            entry.0 += weight;
        }
    }
    let mut knobs: Vec<(f64, Knob)> = ranked.into_values().collect();
    knobs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.amplifier.cmp(&b.1.amplifier)));
    let replay = replay(&speaking(causes, kind, limits), printed);
    let knobs = knobs.into_iter().map(|(_, knob)| knob).filter(|knob| knob.amplifier != REPLAY);
    let fitted = knobs.filter_map(|knob| fitted(knob, limits, window));
    replay.into_iter().chain(fitted).take(MOST_KNOBS).collect()
}

/// Returns the knob that sets the seeds of failing runs again, for order-dependence where they order the tests, else for
/// the most probable cause of a draw. It goes first: a run costs no more than a plain one, and if the seed decides, it
/// fails at once.
fn replay(speaking: &[(Cause, f64)], printed: Printed) -> Option<Knob> {
    let draws = || speaking.iter().map(|(cause, _)| *cause).filter(|cause| *cause != Cause::OrderDependence);
    let causes: Vec<Cause> = match printed {
        Printed::Nothing => Vec::new(),
        Printed::Order => vec![Cause::OrderDependence],
        Printed::Draws => draws().chain([Cause::Randomness]).collect(),
    };
    causes.into_iter().flat_map(amplifiers::knobs).find(|knob| knob.amplifier == REPLAY)
}

/// Returns what not to do, each advice once.
pub(super) fn contra(causes: &[CauseSummary], kind: Kind, limits: &[Limit]) -> Vec<Advice> {
    let mut contra: Vec<Advice> = Vec::new();
    for advice in speaking(causes, kind, limits).iter().flat_map(|(cause, _)| amplifiers::contra(*cause)) {
        if !contra.iter().any(|known| known.what == advice.what) {
            contra.push(advice);
        }
    }
    contra
}

/// Returns the causes that speak, with their probabilities; where none were ranked, those that the
/// kind of the failure suggests, after those of a timeout where a limit ended it.
fn speaking(causes: &[CauseSummary], kind: Kind, limits: &[Limit]) -> Vec<(Cause, f64)> {
    let probable = causes.iter().filter(|cause| cause.score >= LEAST_SCORE).take(MOST_CAUSES);
    let mut speaking: Vec<(Cause, f64)> = probable.map(|cause| (cause.cause, cause.score)).collect();
    let silent = speaking.iter().all(|(cause, _)| *cause == Cause::Unknown);
    if silent {
        if limits.iter().any(|limit| limit.fired || limit.hugged) {
            speaking.extend(amplifiers::suggested(Kind::Timeout).map(|cause| (cause, 0.8)));
        }
        speaking.extend(amplifiers::suggested(kind).map(|cause| (cause, 0.5)));
    }
    if speaking.is_empty() {
        speaking.push((Cause::Unknown, 1.0));
    }
    speaking
}

/// Gives a knob the levels and the place that the logs tell; drops it where nothing is there to turn.
fn fitted(mut knob: Knob, limits: &[Limit], window: Option<&Window>) -> Option<Knob> {
    match (knob.amplifier.as_str(), window) {
        ("delay", Some(window)) => {
            knob.levels.clone_from(&window.delay_ladder_ms);
            knob.site = Some(window.late.text.clone());
            knob.why = format!("{}; the logs measure the window", knob.why);
        }
        ("timeout-scale", _) => knob.site = Some(settable(limits)?),
        _ => {}
    }
    (!knob.levels.is_empty()).then_some(knob)
}

/// Returns the variable or option of the limit to scale: one that fired or is hugged before others.
fn settable(limits: &[Limit]) -> Option<String> {
    let can = limits.iter().filter(|limit| limit.variable.is_some() || limit.option.is_some());
    let best = can.max_by_key(|limit| (limit.hugged, limit.fired, limit.variable.is_some()))?;
    best.variable.clone().or_else(|| best.option.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::causes::Grade;
    use crate::facts::Place;
    use crate::facts::limits::Layer;

    fn cause(cause: Cause, score: f64) -> CauseSummary {
        let grade = Grade::Heuristic;
        CauseSummary { cause, score, grade, prior: 0.0, evidence: Vec::new(), against: Vec::new() }
    }

    fn limit(variable: &str) -> Limit {
        Limit {
            name: variable.to_owned(),
            seconds: 5.0,
            layer: Layer::Device,
            variable: Some(variable.to_owned()),
            option: None,
            fired: true,
            elapsed: None,
            hugged: false,
            printed: String::new(),
            at: Place { source: "a".to_owned(), line: 1 },
        }
    }

    fn names(knobs: &[Knob]) -> Vec<&str> {
        knobs.iter().map(|knob| knob.amplifier.as_str()).collect()
    }

    #[test]
    fn the_probable_cause_leads_and_the_second_one_is_heard() {
        let knobs = rank(
            &[cause(Cause::Race, 0.7), cause(Cause::Timeout, 0.3)],
            Kind::Assertion,
            &[limit("T")],
            None,
            Printed::Nothing,
        );
        assert_eq!(knobs[0].amplifier, "delay");
        assert!(names(&knobs).contains(&"timeout-scale"), "{:?}", names(&knobs));
    }

    #[test]
    fn a_limit_is_scaled_only_where_one_can_be_set() {
        let causes = [cause(Cause::Timeout, 0.9)];
        assert!(
            !names(&rank(&causes, Kind::Timeout, &[], None, Printed::Nothing)).contains(&"timeout-scale")
        );
        let knobs = rank(&causes, Kind::Timeout, &[limit("RING_TIMEOUT_S")], None, Printed::Nothing);
        assert_eq!(knobs[0].site.as_deref(), Some("RING_TIMEOUT_S"));
    }

    #[test]
    fn without_ranked_causes_the_kind_suggests_some() {
        for (kind, first) in
            [(Kind::Race, "delay"), (Kind::Exhaustion, "parallel"), (Kind::Error, "parallel")]
        {
            assert!(names(&rank(&[], kind, &[], None, Printed::Nothing)).contains(&first), "{kind}");
        }
    }

    #[test]
    fn a_limit_that_ended_it_speaks_before_the_kind() {
        let knobs = rank(&[], Kind::Exception, &[limit("RING_TIMEOUT_S")], None, Printed::Nothing);
        assert_eq!(knobs[0].amplifier, "timeout-scale", "{:?}", names(&knobs));
    }

    #[test]
    fn seeds_in_the_logs_are_set_again_first() {
        for named in [Cause::Race, Cause::OrderDependence, Cause::TestDefect] {
            for (printed, order) in [(Printed::Order, true), (Printed::Draws, false)] {
                let knobs = rank(&[cause(named, 0.9)], Kind::Assertion, &[], None, printed);
                assert_eq!(knobs[0].amplifier, "seed-replay", "{named}");
                assert_eq!(knobs[0].cause == Cause::OrderDependence, order, "{named}, {printed:?}");
            }
            let without = rank(&[cause(named, 0.9)], Kind::Assertion, &[], None, Printed::Nothing);
            assert!(!names(&without).contains(&"seed-replay"), "{named}");
        }
    }

    #[test]
    fn the_order_is_the_same_every_time() {
        let causes = [cause(Cause::Race, 0.5), cause(Cause::Contention, 0.5)];
        assert_eq!(
            rank(&causes, Kind::Test, &[], None, Printed::Nothing),
            rank(&causes, Kind::Test, &[], None, Printed::Nothing)
        );
        assert!(contra(&causes, Kind::Test, &[]).iter().any(|advice| advice.what.contains("one CPU")));
    }
}
