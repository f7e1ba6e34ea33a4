//! Race windows: a step that comes before another one in passing runs and not in failing ones.

use std::collections::BTreeSet;

use super::pairs::{Pair, early, pairs};
use crate::causes::strata::Strata;
use crate::facts::steps::{Moment, Run, Step};
use crate::stats::Relabelling;

/// Runs compared: one bit of a word each.
const RUNS: usize = 20;
/// Permutations of which runs failed.
const PERMUTATIONS: u32 = 2000;
/// Fewer runs than these can prove nothing (measured on real tests).
const LEAST_FAILING: usize = 2;
const LEAST_PASSING: usize = 5;

/// Two steps of which the second came before the first only in failing runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Race {
    /// What came first in passing runs.
    pub first: String,
    /// What relied on it.
    pub second: String,
    /// The failing log and the line in which `second` came too early.
    pub place: (String, u64),
    /// Failing and passing runs in which it came too early, and how many runs there were of each.
    pub failing: (u32, usize),
    pub passing: (u32, usize),
    /// Failing runs in which `first` still came, but late.
    pub late: usize,
    /// Chance that a pair as good would turn up among all pairs compared if failing were chance.
    pub p_value: f64,
    /// Pairs compared.
    pub compared: usize,
    /// False if failing and passing runs are of different jobs.
    pub is_matched: bool,
    /// Passing runs: seconds by which `first` came before `second`.
    pub slack: Vec<f64>,
    /// Failing runs: seconds by which `first` came after `second`.
    pub lateness: Vec<f64>,
}

/// What a pair of steps looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RaceFinding {
    /// It holds after correction, and in failing runs `first` comes late.
    Window,
    /// It holds after correction, and in failing runs `first` never comes: a hang, a crash or another branch.
    MissingStep,
    /// There are too few runs, or too many pairs compared, to tell it from chance.
    Candidate,
}

/// A comparison proves something up to this chance.
const LEVEL: f64 = 0.05;
/// Failing and passing runs without which an order is a candidate, whatever its chance: measured on real tests,
/// fewer find a perfect pair by chance too often.
const PROVES: (usize, usize) = (3, 10);
/// Up to this one a pair is worth naming.
const CANDIDATE: f64 = 0.3;
/// Failing runs in which a step must come late, not never, for its place to be called a race.
const LATE: usize = 2;

impl Race {
    /// Returns what the pair looks like; `None` if chance explains it.
    pub fn finding(&self) -> Option<RaceFinding> {
        let enough = self.failing.1 >= PROVES.0 && self.passing.1 >= PROVES.1;
        let is_proved = self.p_value <= LEVEL && self.is_matched && enough;
        match (is_proved, self.late >= LATE) {
            (true, true) => Some(RaceFinding::Window),
            (true, false) => Some(RaceFinding::MissingStep),
            (false, true) if self.p_value <= CANDIDATE => Some(RaceFinding::Candidate),
            (false, _) => None,
        }
    }
}

/// Returns the pair of steps that tells failing from passing runs best; `None` with too few runs, or
/// if no pair is turned round more often in failing runs.
///
/// Chance is judged by permuting which runs failed, among those of one job and host where there are enough,
/// and taking the best pair each time: P. Westfall
/// and S. Young, "Resampling-based multiple testing", 1993. Pairs are scored as A. Ochiai did, 1957.
pub fn race(failing: &[&Run], passing: &[&Run]) -> Option<Race> {
    let failing = failing.get(..RUNS).unwrap_or(failing);
    let passing = passing.get(..RUNS).unwrap_or(passing);
    if failing.len() < LEAST_FAILING || passing.len() < LEAST_PASSING {
        return None;
    }
    let runs: Vec<&Run> = failing.iter().chain(passing).copied().collect();
    let pairs = pairs(&runs);
    let failed = (1u64 << failing.len()) - 1;
    let best = pairs.iter().max_by(|a, b| {
        let by_score = ochiai(a.bits, failed).total_cmp(&ochiai(b.bits, failed));
        by_score.then_with(|| b.apart(&runs).cmp(&a.apart(&runs))).then_with(|| b.key().cmp(&a.key()))
    })?;
    let score = ochiai(best.bits, failed);
    if (best.bits & failed).count_ones() * passing.len() as u32
        <= (best.bits & !failed).count_ones() * failing.len() as u32
    {
        return None;
    }
    let strata = Strata::of(failing.iter().map(|run| run.setting()), passing.iter().map(|run| run.setting()));
    let p_value = chance(&pairs, score, failing.len(), &strata.of_runs);
    let race = best.race(failing, passing, p_value, pairs.len());
    Some(Race { is_matched: strata.is_matched, ..race })
}

/// Ochiai's coefficient of a pair's runs with the failing ones.
fn ochiai(bits: u64, failed: u64) -> f64 {
    let both = f64::from((bits & failed).count_ones());
    both / (f64::from(bits.count_ones()) * f64::from(failed.count_ones())).sqrt().max(1.0)
}

/// Returns the chance of a best pair as good as `score` if the first `failing` of the runs had failed at
/// random, each within its stratum.
fn chance(pairs: &[Pair<'_>], score: f64, failing: usize, strata: &[usize]) -> f64 {
    let words: BTreeSet<u64> = pairs.iter().map(|pair| pair.bits).collect();
    let failed: Vec<bool> = (0..strata.len()).map(|run| run < failing).collect();
    let mut draws = Relabelling::new(&failed, strata, 1);
    let mut as_good = 0;
    for _ in 0..PERMUTATIONS {
        let mut failed = 0u64;
        draws.draw(|run| failed |= 1 << run);
        as_good += u32::from(words.iter().any(|bits| ochiai(*bits, failed) >= score - 1e-12));
    }
    f64::from(1 + as_good) / f64::from(1 + PERMUTATIONS)
}

impl Pair<'_> {
    fn race(&self, failing: &[&Run], passing: &[&Run], p_value: f64, compared: usize) -> Race {
        let found: Vec<_> =
            failing.iter().filter_map(|run| Some((*run, early(run, self.first, self.second)?))).collect();
        let late = found.iter().filter(|(_, (_, first))| first.is_some()).count();
        let lateness = found.iter().filter_map(|(_, (second, first))| seconds(second, (*first)?)).collect();
        let place =
            found.first().map(|(run, (second, _))| (run.source.clone(), second.line)).unwrap_or_default();
        let violated = passing.iter().filter(|run| early(run, self.first, self.second).is_some()).count();
        Race {
            first: self.first.0.clone(),
            second: self.second.0.clone(),
            place,
            failing: (found.len() as u32, failing.len()),
            passing: (violated as u32, passing.len()),
            late,
            p_value,
            compared,
            slack: passing.iter().filter_map(|run| slack(run, self.first, self.second)).collect(),
            is_matched: true,
            lateness,
        }
    }
}

/// Returns the seconds from `from` to `to`.
fn seconds(from: &Moment, to: &Moment) -> Option<f64> {
    Some((to.time? - from.time?) as f64 / 1e9)
}

/// Returns the shortest time by which `first` came before `second` of the same number.
fn slack(run: &Run, first: &Step, second: &Step) -> Option<f64> {
    let firsts = run.steps.get(first)?;
    let seconds_of = run.steps.get(second)?.iter();
    seconds_of.filter_map(|(number, second)| seconds(firsts.get(number)?, second)).min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A run in which two actors take two steps, `ready` first if it is in time.
    fn run(job: &str, in_time: bool) -> Run {
        let moment = |line, actor: &str| Moment { line, time: None, actor: actor.to_owned() };
        let step = |words: &str, line, actor| {
            ((words.to_owned(), String::new()), BTreeMap::from([(0, moment(line, actor))]))
        };
        let (ready, used) = if in_time { (1, 2) } else { (2, 1) };
        let steps = BTreeMap::from([step("ready", ready, "a"), step("used", used, "b")]);
        Run { job: Some(job.to_owned()), anchor: (!in_time).then_some(9), steps, ..Run::default() }
    }

    fn p_value_of(failing: &[Run], passing: &[Run]) -> Option<f64> {
        let (failing, passing): (Vec<&Run>, Vec<&Run>) = (failing.iter().collect(), passing.iter().collect());
        race(&failing, &passing).map(|race| race.p_value)
    }

    fn runs(job: &str, in_time: bool, count: usize) -> Vec<Run> {
        (0..count).map(|_| run(job, in_time)).collect()
    }

    #[test]
    fn a_step_that_comes_late_in_failing_runs_alone_is_found() {
        let found = p_value_of(&runs("unit", false, 4), &runs("unit", true, 12));
        assert!(found.is_some_and(|p_value| p_value <= 0.05), "{found:?}");
    }

    #[test]
    fn what_differs_between_jobs_is_no_race() {
        let mut passing = runs("unit", false, 2);
        passing.extend(runs("docs", true, 12));
        let found = p_value_of(&runs("unit", false, 6), &passing);
        assert!(found.is_none_or(|p_value| p_value > 0.05), "the order is that of the job: {found:?}");
    }

    #[test]
    fn too_few_runs_prove_nothing() {
        assert_eq!(p_value_of(&runs("unit", false, 1), &runs("unit", true, 20)), None);
        assert_eq!(p_value_of(&runs("unit", false, 4), &runs("unit", true, 4)), None);
    }
}
