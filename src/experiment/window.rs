//! The race window: two steps that passing runs take in one order and failing runs in the other.
//!
//! A step that never comes counts as coming last, and only what comes before the failure counts:
//! a clean swap of two lines is rare, "not yet" is what a race looks like in a log.

use std::collections::{BTreeMap, BTreeSet};

use super::delay_levels::{ladder, quantiles};
use super::knob::{Reading, Step, Window};
use super::pattern::Place;
use super::testimony::{Moment, Testimony, tells_a_step};
use crate::stats::{fisher_greater, median};

/// Fewer runs show false pairs more often than true ones.
const LEAST_FAILING: usize = 2;
const LEAST_PASSING: usize = 5;
/// Steps looked at, the nearest to the failure first.
const MOST_STEPS: usize = 256;
/// Share of the runs that must show a step.
const COMMON: f64 = 0.6;
/// Above this, chance explains it well enough.
pub(super) const LARGEST_PROBABILITY: f64 = 0.05;

/// Returns the pair that separates failing from passing runs best, if one does beyond chance.
pub(super) fn window(failing: &[Testimony], passing: &[Testimony]) -> Option<Window> {
    if failing.len() < LEAST_FAILING || passing.len() < LEAST_PASSING {
        return None;
    }
    let failed: Vec<Run<'_>> = failing.iter().map(Run::failing).collect();
    let passed: Vec<Run<'_>> = passing.iter().map(Run::passing).collect();
    let steps: Vec<Seen<'_>> =
        steps(&failed, &passed).into_iter().map(|step| Seen::of(step, &failed, &passed)).collect();
    let mut compared = 0;
    let mut best: Option<Pair<'_>> = None;
    for early in &steps {
        for late in steps.iter().filter(|late| late.step != early.step) {
            let Some(pair) = Pair::count(early, late) else { continue };
            compared += 1;
            if best.as_ref().is_none_or(|best| pair.score >= best.score) {
                let pair = pair.with_slack(&passed);
                if best.as_ref().is_none_or(|best| pair.key() > best.key()) {
                    best = Some(pair);
                }
            }
        }
    }
    best?.told(compared, &failed, &passed)
}

/// The first appearances in one run.
struct Run<'a> {
    told: &'a Testimony,
    moments: BTreeMap<&'a str, &'a Moment>,
    /// What comes after this line is a consequence.
    anchor: u64,
}

impl<'a> Run<'a> {
    fn failing(told: &'a Testimony) -> Self {
        Self { anchor: told.anchor.unwrap_or(u64::MAX), ..Self::passing(told) }
    }

    fn passing(told: &'a Testimony) -> Self {
        let moments = told.moments.iter().map(|moment| (moment.masked.as_str(), moment)).collect();
        Self { told, moments, anchor: u64::MAX }
    }

    /// Returns the step's first appearance before the failure.
    fn before(&self, step: &str) -> Option<&'a Moment> {
        self.moments.get(step).copied().filter(|moment| moment.line < self.anchor)
    }

    /// Returns the milliseconds from one step to the other.
    fn between(&self, from: &str, to: &str) -> Option<f64> {
        let (from, to) = (self.moments.get(from)?.time?, self.moments.get(to)?.time?);
        Some((to - from) as f64 / 1e6)
    }
}

/// Returns the steps that most runs of both kinds show, without verdicts of tests: their order is
/// the running order, which is another matter.
fn steps<'a>(failed: &[Run<'a>], passed: &[Run<'a>]) -> Vec<&'a str> {
    let share = |runs: &[Run<'_>], step: &str| {
        runs.iter().filter(|run| run.moments.contains_key(step)).count() as f64 / runs.len() as f64
    };
    let verdicts: BTreeSet<&str> =
        failed.iter().chain(passed).flat_map(|run| &run.told.verdict_lines).map(String::as_str).collect();
    let Some(model) = passed.iter().max_by_key(|run| run.moments.len()) else { return Vec::new() };
    let mut steps: Vec<&Moment> = model.moments.values().copied().collect();
    steps.sort_by_key(|moment| std::cmp::Reverse(moment.line));
    let names = steps.into_iter().map(|moment| moment.masked.as_str());
    let telling = names.filter(|step| tells_a_step(step) && !verdicts.contains(step));
    telling.filter(|step| share(passed, step) >= COMMON).take(MOST_STEPS).collect()
}

/// A step and the line of its first appearance before the failure, run by run.
struct Seen<'a> {
    step: &'a str,
    failed: Vec<Option<u64>>,
    passed: Vec<Option<u64>>,
}

impl<'a> Seen<'a> {
    fn of(step: &'a str, failed: &[Run<'_>], passed: &[Run<'_>]) -> Self {
        let lines =
            |runs: &[Run<'_>]| runs.iter().map(|run| run.before(step).map(|moment| moment.line)).collect();
        Self { step, failed: lines(failed), passed: lines(passed) }
    }
}

/// Returns in how many runs `early` came and `late` had not.
fn inversions(early: &[Option<u64>], late: &[Option<u64>]) -> u64 {
    let inverted = |(early, late): &(&Option<u64>, &Option<u64>)| match (early, late) {
        (Some(early), Some(late)) => late > early,
        (early, _) => early.is_some(),
    };
    early.iter().zip(late).filter(inverted).count() as u64
}

/// How many runs show `early` before `late`.
struct Pair<'a> {
    early: &'a str,
    late: &'a str,
    failing: u64,
    passing: u64,
    score: f64,
    /// The median slack of passing runs, in milliseconds.
    slack: f64,
}

impl<'a> Pair<'a> {
    fn count(early: &Seen<'a>, late: &Seen<'a>) -> Option<Self> {
        let failing = inversions(&early.failed, &late.failed);
        let passing = inversions(&early.passed, &late.passed);
        let all = failing + passing;
        if failing < LEAST_FAILING as u64 || all == (early.failed.len() + early.passed.len()) as u64 {
            return None;
        }
        let score = failing as f64 / (early.failed.len() as f64 * all as f64).sqrt();
        Some(Self { early: early.step, late: late.step, failing, passing, score, slack: f64::MAX })
    }

    fn with_slack(self, passed: &[Run<'_>]) -> Self {
        let slack = median(&slacks(self.early, self.late, passed)).unwrap_or(f64::MAX);
        Self { slack, ..self }
    }

    /// Best first: the highest Ochiai score, then the narrowest window, then the words, so that
    /// the choice is the same every time.
    fn key(&self) -> (u64, u64, std::cmp::Reverse<(&str, &str)>) {
        let score = (self.score * 1e6) as u64;
        let narrow = (1e9 / (1.0 + self.slack.max(0.0))) as u64;
        (score, narrow, std::cmp::Reverse((self.early, self.late)))
    }

    fn told(&self, compared: u64, failed: &[Run<'_>], passed: &[Run<'_>]) -> Option<Window> {
        let (all_failed, all_passed) = (failed.len() as u64, passed.len() as u64);
        let p =
            fisher_greater(self.failing, all_failed - self.failing, self.passing, all_passed - self.passing);
        if p > LARGEST_PROBABILITY {
            return None;
        }
        let slacks = slacks(self.early, self.late, passed);
        let lateness: Vec<f64> = failed
            .iter()
            .filter_map(|run| run.between(self.early, self.late))
            .filter(|ms| *ms > 0.0)
            .collect();
        let reading = match (p * compared as f64 <= LARGEST_PROBABILITY, lateness.len()) {
            (false, _) => Reading::Candidate,
            (true, 2..) => Reading::RaceWindow,
            (true, _) => Reading::MissingPrecursor,
        };
        Some(Window {
            early: step(self.early, failed)?,
            late: step(self.late, passed)?,
            reading,
            delay_ladder_ms: ladder(&slacks),
            slack_ms: quantiles(&slacks),
            lateness_ms: quantiles(&lateness),
            failing: [self.failing, all_failed],
            passing: [self.passing, all_passed],
        })
    }
}

/// Returns the milliseconds by which `late` comes before `early` in runs where it does.
fn slacks(early: &str, late: &str, passed: &[Run<'_>]) -> Vec<f64> {
    passed.iter().filter_map(|run| run.between(late, early)).filter(|ms| *ms >= 0.0).collect()
}

fn step(masked: &str, runs: &[Run<'_>]) -> Option<Step> {
    let run = runs.iter().find(|run| run.before(masked).is_some())?;
    let line = run.before(masked)?.line;
    Some(Step { text: masked.to_owned(), at: Place { source: run.told.source.clone(), line } })
}

#[cfg(test)]
mod tests {
    use super::super::said::Log;
    use super::*;
    use crate::findings::OccurrenceSummary;

    /// A run: lines with the milliseconds at which they came.
    fn log(lines: &[(u32, &str)]) -> String {
        let line = |(ms, text): &(u32, &str)| {
            format!("2026-11-22T10:00:{:02}.{:03}0000Z {text}\n", ms / 1000, ms % 1000)
        };
        lines.iter().map(line).collect()
    }

    fn passing(slack: u32) -> Testimony {
        let text =
            log(&[(0, "start"), (10, "peer is listening"), (10 + slack, "sending hello"), (90, "done")]);
        Testimony::passing(Log { source: "logs/passing/a.log", bytes: text.as_bytes() })
    }

    fn failing(lines: &[(u32, &str)]) -> Testimony {
        let text = log(lines);
        let last = lines.len();
        let occurrence = format!(
            r#"{{"source":"logs/a.log","line_start":{last},"line_end":{last},"byte_start":0,"byte_end":0,"rank":1,"exact":"","message":"no answer"}}"#
        );
        let occurrence: OccurrenceSummary = serde_json::from_str(&occurrence).unwrap();
        Testimony::failing(Log { source: "logs/a.log", bytes: text.as_bytes() }, &occurrence)
    }

    const EARLY: [(u32, &str); 4] =
        [(0, "start"), (12, "sending hello"), (20, "peer is listening"), (30, "no answer")];
    const NEVER: [(u32, &str); 3] = [(0, "start"), (12, "sending hello"), (30, "no answer")];

    #[test]
    fn a_swap_that_failing_runs_show_is_a_window_with_a_ladder() {
        let passed: Vec<_> = (0..12).map(|at| passing(2 + at % 3)).collect();
        let window = window(&vec![failing(&EARLY); 4], &passed).unwrap();
        assert_eq!(
            (window.early.text.as_str(), window.late.text.as_str()),
            ("sending hello", "peer is listening")
        );
        assert_eq!((window.reading, window.failing, window.passing), (Reading::RaceWindow, [4, 4], [0, 12]));
        assert_eq!(window.delay_ladder_ms, [3.0, 6.0, 12.0, 24.0]);
        assert_eq!(window.lateness_ms.map(|late| late.q50), Some(8.0));
    }

    #[test]
    fn a_step_that_never_comes_is_no_race() {
        let passed: Vec<_> = (0..12).map(|at| passing(2 + at % 3)).collect();
        let window = window(&vec![failing(&NEVER); 4], &passed).unwrap();
        assert_eq!(
            (window.late.text.as_str(), window.reading),
            ("peer is listening", Reading::MissingPrecursor)
        );
    }

    #[test]
    fn too_few_runs_and_runs_that_do_not_differ_give_none() {
        assert_eq!(window(&[failing(&EARLY)], &vec![passing(2); 12]), None);
        assert_eq!(window(&vec![failing(&EARLY); 3], &vec![passing(2); 3]), None);
        let same = [(0, "start"), (10, "peer is listening"), (12, "sending hello"), (30, "no answer")];
        assert_eq!(window(&vec![failing(&same); 4], &vec![passing(2); 12]), None);
    }
}
