//! Counts of trials: hits, other failures, passes, times.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::arm::Arm;
use super::ending::Ending;
use super::oracle::Verdict;
use super::trial::Trial;
use crate::stats::{Interval, Lifetime, confidence_sequence, median_survival, poisson, quantile};

/// The chance that an interval misses, over all looks together.
pub const ALPHA: f64 = 0.05;

/// What the trials of one arm showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    pub arm: Arm,
    /// Runs with the signature.
    pub hits: u64,
    /// Those of them that stood still for long before they failed: no load explains these.
    #[serde(default)]
    pub stuck: u64,
    /// Runs that tell something: hits, other failures and passes. Each of several copies is one.
    pub runs: u64,
    /// Runs of the same class, but without the signature.
    pub same_class: u64,
    /// Runs that a time limit ended while they were still at work, where the failure stands still.
    #[serde(default)]
    pub starved: u64,
    /// Runs that failed in another way.
    pub different: u64,
    /// Runs that could not be made.
    pub harness_errors: u64,
    /// The confidence sequence of the rate at 95%.
    pub interval: Interval,
    /// Seconds of all counted runs together.
    pub seconds: f64,
    /// Median and 90th percentile of the seconds from the start of a series to its first hit; `None`
    /// where there are too few hits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_to_hit: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p90_to_hit: Option<f64>,
    /// Hits a minute, with the exact Poisson interval.
    pub hits_per_minute: f64,
    pub hits_per_minute_interval: Interval,
}

impl Tally {
    /// Counts those `trials` that are of `arm`.
    pub fn of<'a>(arm: &Arm, trials: impl Iterator<Item = &'a Trial>) -> Self {
        let trials: Vec<&Trial> = trials.filter(|trial| trial.arm == *arm).collect();
        let verdicts = || trials.iter().flat_map(|trial| trial.verdicts());
        let number = |verdict| verdicts().filter(|one| **one == verdict).count() as u64;
        let counted = || trials.iter().filter(|trial| trial.counts());
        let each = || counted().flat_map(|trial| trial.verdicts()).filter(|one| one.counts());
        let (hits, runs) = (number(Verdict::Exact), each().count() as u64);
        let seconds: f64 = counted().map(|trial| trial.seconds).sum();
        let per_minute = |count: f64| if seconds > 0.0 { 60.0 * count / seconds } else { 0.0 };
        let poisson = poisson(hits, 1.0 - ALPHA);
        let times = times_to_hit(&trials);
        let happened: Vec<f64> = times.iter().filter(|one| one.happened).map(|one| one.time).collect();
        Self {
            arm: arm.clone(),
            hits,
            stuck: trials.iter().filter(|trial| trial.hit() && trial.ending == Some(Ending::Stuck)).count()
                as u64,
            runs,
            same_class: number(Verdict::SameClass),
            starved: number(Verdict::Starved),
            different: number(Verdict::Different),
            harness_errors: number(Verdict::HarnessError),
            interval: confidence_sequence(hits, runs, ALPHA),
            seconds,
            median_to_hit: median_survival(&times),
            p90_to_hit: (happened.len() >= 10).then(|| quantile(&happened, 0.9)).flatten(),
            hits_per_minute: per_minute(hits as f64),
            hits_per_minute_interval: Interval {
                low: per_minute(poisson.low),
                high: per_minute(poisson.high),
            },
        }
    }

    /// Returns the share of hits; 0 without a run.
    pub fn rate(&self) -> f64 {
        if self.runs == 0 { 0.0 } else { self.hits as f64 / self.runs as f64 }
    }

    /// Returns true if it fails so often that its rate per minute lies above the other's beyond doubt.
    pub fn beats(&self, other: &Self) -> bool {
        // Without a run nothing is known of the other.
        other.runs > 0 && self.hits_per_minute_interval.low > other.hits_per_minute_interval.high
    }

    /// Returns the seconds of one run; `None` without a run.
    pub fn seconds_a_run(&self) -> Option<f64> {
        (self.runs > 0).then(|| self.seconds / self.runs as f64)
    }
}

/// From each start, or each hit before, to the next hit; the last wait is cut short by the end.
fn times_to_hit(trials: &[&Trial]) -> Vec<Lifetime> {
    let mut waits = Vec::new();
    let mut waited = 0.0;
    for trial in trials.iter().filter(|trial| trial.counts()) {
        let mut last = 0.0;
        for at in trial.hit_times() {
            waits.push(Lifetime { time: waited + at - last, happened: true });
            (waited, last) = (0.0, at);
        }
        waited += trial.seconds - last;
    }
    if waited > 0.0 {
        waits.push(Lifetime { time: waited, happened: false });
    }
    waits
}
