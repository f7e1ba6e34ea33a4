//! Whether a limit leaves room: how long passing runs take of the time that is allowed.

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::weights::Weights;
use crate::facts::environment::Exposure;
use crate::stats::{median, quantile};

/// How long failing and passing runs took, and the limit that fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Allowance {
    /// What was timed: a test, or whole runs.
    pub what: String,
    /// Seconds, one for each run.
    pub failing: Vec<f64>,
    pub passing: Vec<f64>,
    /// In seconds; `None` where none fired, or where it limits something shorter than what was timed.
    pub limit: Option<f64>,
}

/// Passing runs below which durations are no comparison, and below which they prove nothing of a limit.
const LEAST: usize = 3;
const TELLING: usize = 5;
/// Shares of the limit from which passing runs are tight, and up to which they have room.
const TIGHT: f64 = 0.8;
const ROOMY: f64 = 0.5;
/// Chance of exceeding the limit, by Cantelli's bound, from which it is tight.
const CHANCE: f64 = 0.05;

/// What is timed where no test is.
const WHOLE: &str = "whole runs, from the first time in the log to the last";

/// Returns how long the failing test took, or else the whole runs; `None` with too few passing runs.
pub fn allowance(limit: Option<f64>, failing: &[&Exposure], passing: &[&Exposure]) -> Option<Allowance> {
    if passing.len() < LEAST {
        return None;
    }
    let victim = failing.iter().find_map(|run| run.victim.as_deref());
    let of_test = victim.and_then(|victim| {
        let timed = |runs: &[&Exposure]| runs.iter().filter_map(|run| run.seconds_of(victim)).collect();
        Allowance::of(victim.to_owned(), timed(failing), timed(passing), limit)
    });
    of_test.or_else(|| {
        let timed = |runs: &[&Exposure]| runs.iter().filter_map(|run| run.seconds).collect();
        Allowance::of(WHOLE.to_owned(), timed(failing), timed(passing), limit)
    })
}

impl Allowance {
    fn of(what: String, failing: Vec<f64>, passing: Vec<f64>, limit: Option<f64>) -> Option<Self> {
        let typical = median(&passing)?;
        let limit = limit.filter(|limit| typical <= *limit);
        (passing.len() >= LEAST && !failing.is_empty()).then_some(Self { what, failing, passing, limit })
    }

    /// Returns what the room under the limit says about the causes.
    pub fn evidence(&self) -> Vec<Evidence> {
        let Some((name, text)) = self.says() else { return Vec::new() };
        let notice =
            Notice { family: Family::Room, text: &text, place: None, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get(name))
    }

    fn says(&self) -> Option<(&'static str, String)> {
        let limit = self.limit.filter(|_| self.passing.len() >= TELLING)?;
        let (typical, most) = (median(&self.passing)?, quantile(&self.passing, 0.95)?);
        let name = match most / limit {
            share if share >= TIGHT || self.exceeds(limit) >= CHANCE => "tight",
            share if share <= ROOMY => "roomy",
            _ => return None,
        };
        let means = match name {
            "tight" => "the limit is tight",
            _ => "work that went on would have ended in time",
        };
        let what = if self.what == WHOLE { String::new() } else { format!(" of `{}`", self.what) };
        let text = format!(
            "{} passing runs{what} took {typical:.2} s (median) and {most:.2} s (95 %) of the {limit:.2} s allowed: {means}",
            self.passing.len(),
        );
        Some((name, text))
    }

    /// Returns the most that the chance of exceeding the limit can be, whatever the distribution: F. P.
    /// Cantelli, 1928.
    fn exceeds(&self, limit: f64) -> f64 {
        let count = self.passing.len() as f64;
        let mean = self.passing.iter().sum::<f64>() / count;
        let variance =
            self.passing.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
        if limit <= mean { 1.0 } else { variance / (variance + (limit - mean).powi(2)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures::Cause;

    fn weight(limit: f64, passing: &[f64], cause: Cause) -> f64 {
        let failing = vec![limit; 2];
        let found = Allowance::of("t".to_owned(), failing, passing.to_vec(), Some(limit)).unwrap();
        found.evidence().iter().find(|one| one.cause == cause).map_or(0.0, |one| one.weight)
    }

    #[test]
    fn a_tight_limit_speaks_for_itself_and_a_roomy_one_for_a_hang() {
        for (name, limit, passing, tight) in [
            ("nine tenths", 2.0, [1.6, 1.7, 1.8, 1.8, 1.9], true),
            ("spread wide", 10.0, [1.0, 5.0, 2.0, 6.0, 3.0], true),
        ] {
            assert_eq!(weight(limit, &passing, Cause::Timeout) > 0.0, tight, "{name}");
        }
        let quick = [0.10, 0.11, 0.10, 0.12, 0.11];
        assert!(weight(30.0, &quick, Cause::Hang) > 0.0 && weight(30.0, &quick, Cause::Timeout) < 0.0);
        assert_eq!(weight(3.0, &[1.9, 2.0, 2.0, 2.0, 1.95], Cause::Timeout), 0.0, "neither");
        assert_eq!(weight(30.0, &quick[..4], Cause::Hang), 0.0, "too few runs to say so");
    }

    #[test]
    fn a_limit_shorter_than_what_was_timed_is_another_one() {
        let found = Allowance::of("t".to_owned(), vec![5.0], vec![4.0, 5.0, 6.0], Some(0.06)).unwrap();
        assert_eq!(found.limit, None);
    }
}
