//! The causes of every cluster, from what the logs said when they were read.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::runs::Runs;
use super::same::BestOccurrences;
use crate::causes::{self, Allowance, Candidate, Comparison, Evidence, Group};
use crate::clusters::{Cluster, Occurrence};
use crate::facts::Facts;
use crate::facts::clues::{Class, FailureClues, Folded, Straggler};
use crate::facts::environment::Exposure;
use crate::facts::steps::Run;
use crate::findings::{
    CauseSummary, Durations, EvidenceSummary, Lane, Mark, Plot, StackClass, Timeline, Window,
};
use crate::signatures::{Catalog, Cause};

/// Causes less probable than this are left out, `unknown` excepted.
const LEAST: f64 = 0.01;

/// What each log says about each of its failures.
pub struct Why<'c> {
    catalog: &'c Catalog,
    /// By log and by the failure's rank in it.
    clues: BTreeMap<(String, u64), FailureClues>,
    /// What each run did; only where there are passing runs to compare with.
    traces: BTreeMap<usize, Run>,
    /// What each run was exposed to.
    exposures: BTreeMap<usize, Exposure>,
    runs: &'c Runs,
    /// Clusters whose runs are not compared with others, as there are too many.
    uncompared: BTreeSet<String>,
}

/// Tests of runs that are looked at at the most to compare runs: that of each cluster means each test of each run, which
/// of very many clusters would take longer than to read their logs.
const MOST_LOOKED_AT: usize = 20_000_000;

/// Why one cluster failed.
pub struct ClusterWhy {
    /// Most probable first.
    pub causes: Vec<CauseSummary>,
    pub plots: Vec<Plot>,
    pub stacks: Vec<StackClass>,
}

impl<'c> Why<'c> {
    /// Knows no log yet.
    pub fn new(catalog: &'c Catalog, runs: &'c Runs) -> Self {
        let (clues, traces, exposures, uncompared) = Default::default();
        Self { catalog, clues, traces, exposures, runs, uncompared }
    }

    /// Keeps what one source says.
    pub fn add(&mut self, facts: Facts) {
        let source = facts.source.name;
        let ranks = (1..).map(|rank| (source.clone(), rank));
        self.clues.extend(ranks.zip(facts.clues));
        let Some(run) = self.runs.at(&source) else { return };
        if let Some(trace) = facts.steps {
            self.traces.entry(run).or_insert(trace);
        }
        let mut exposure = facts.environment;
        exposure.tests = facts.tests.ran;
        match self.exposures.remove(&run) {
            Some(held) => self.exposures.insert(run, held.with(exposure)),
            None => self.exposures.insert(run, exposure),
        };
    }

    /// Leaves those clusters uncompared that come least often, as far as there are too many; returns how many are
    /// compared and how many are not.
    pub fn choose(&mut self, clusters: &[Cluster], best: &BestOccurrences) -> (u64, u64) {
        let mut order: Vec<&Cluster> = clusters.iter().collect();
        order.sort_by_key(|cluster| (Reverse(cluster.occurrences.len()), &cluster.id));
        let costs: Vec<usize> = order.par_iter().map(|cluster| self.cost(cluster, best)).collect();
        let compared = affordable(&costs, MOST_LOOKED_AT);
        self.uncompared = order.iter().skip(compared).map(|cluster| cluster.id.clone()).collect();
        (compared as u64, self.uncompared.len() as u64)
    }

    /// Returns how many tests are looked at to compare a cluster's runs with others.
    fn cost(&self, cluster: &Cluster, best: &BestOccurrences) -> usize {
        let failed = self.runs.failed(cluster, best);
        let (passed, others) = self.runs.comparable(&failed);
        let runs = failed.iter().chain(&passed).chain(&others);
        runs.filter_map(|run| self.exposures.get(run)).map(|run| 1 + run.tests.len()).sum()
    }

    /// Returns why a cluster failed.
    pub fn of(&self, cluster: &Cluster, best: &BestOccurrences) -> ClusterWhy {
        let failure_clues = |occurrence: &Occurrence| self.failure_clues(occurrence);
        let comparison = self.compare(cluster, best);
        let causes = causes::rank(cluster, failure_clues, self.catalog, &comparison).into_iter();
        let causes = causes
            .filter(|cause| cause.score >= LEAST || cause.cause == Cause::Unknown)
            .map(cause_summary)
            .collect();
        let straggler =
            cluster.example().and_then(|one| Some((one, failure_clues(one)?.straggler.as_ref()?)));
        let timeline = straggler.and_then(|(one, straggler)| timeline(&one.source, straggler));
        let durations = comparison.allowance.as_ref().map(durations);
        let plots = timeline.into_iter().chain(durations).chain(window(comparison)).collect();
        let stacks = cluster.example().and_then(|one| Some((one, failure_clues(one)?.stacks.as_ref()?)));
        let stacks = stacks.map(|(one, folded)| stacks_of(&one.source, folded)).unwrap_or_default();
        ClusterWhy { causes, stacks, plots }
    }

    fn compare(&self, cluster: &Cluster, best: &BestOccurrences) -> Comparison {
        if self.uncompared.contains(&cluster.id) {
            return Comparison::default();
        }
        let failed = self.runs.failed(cluster, best);
        let (passed, others) = self.runs.comparable(&failed);
        let of = |runs: &BTreeSet<usize>| Group {
            runs: runs.iter().filter_map(|run| self.traces.get(run)).take(RUNS).collect(),
            exposures: runs.iter().filter_map(|run| self.exposures.get(run)).collect(),
        };
        let others = if failed.len() < 2 { Vec::new() } else { of(&others).exposures };
        causes::compare(&of(&failed), &of(&passed), &others, self.limit(cluster))
    }

    /// Returns the shortest limit that fired in the first failing log that names one.
    fn limit(&self, cluster: &Cluster) -> Option<f64> {
        let primary = cluster.occurrences.iter().filter(|occurrence| occurrence.rank == 1);
        primary.filter_map(|occurrence| self.failure_clues(occurrence)).find_map(FailureClues::limit)
    }

    fn failure_clues(&self, occurrence: &Occurrence) -> Option<&FailureClues> {
        self.clues.get(&(occurrence.source.clone(), occurrence.rank))
    }
}

/// Returns how many of these costs, from the first on, come to no more than `most`.
fn affordable(costs: &[usize], most: usize) -> usize {
    let sums = costs.iter().scan(0_usize, |sum, cost| {
        *sum = sum.saturating_add(*cost);
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= most).count()
}

/// Runs of one cluster that are compared, and passing runs beside them.
const RUNS: usize = 20;

/// Classes of stacks, and names of one class, that are shown.
const CLASSES: usize = 12;
const THREADS: usize = 8;

fn stacks_of(source: &str, folded: &Folded) -> Vec<StackClass> {
    let suspect = folded.suspect();
    let class = |class: &Class| StackClass {
        count: class.threads.len() as u64,
        threads: class.threads.iter().take(THREADS).cloned().collect(),
        state: class.state.clone(),
        frames: class.frames.clone(),
        source: source.to_owned(),
        line: class.line,
        suspect: suspect == Some(class),
    };
    let shown = |(at, class): &(usize, &Class)| *at < CLASSES || suspect == Some(*class);
    folded.classes.iter().enumerate().filter(shown).map(|(_, one)| class(one)).collect()
}

fn durations(allowance: &Allowance) -> Plot {
    let Allowance { what, failing, passing, limit } = allowance.clone();
    Plot::Durations(Durations { what, failing, passing, limit })
}

fn window(comparison: Comparison) -> Option<Plot> {
    let race = comparison.race.filter(|race| !race.slack.is_empty() && !race.lateness.is_empty())?;
    let (first, second) = (race.first, race.second);
    Some(Plot::Window(Window { first, second, slack: race.slack, lateness: race.lateness }))
}

/// Returns when the actors spoke of which one fell behind; `None` if their lines bear no times.
fn timeline(source: &str, straggler: &Straggler) -> Option<Plot> {
    let times = || straggler.lanes.iter().flat_map(|(_, times)| times.iter().copied());
    let limit = straggler.limit.iter().map(|(_, time)| *time);
    let (first, last) = (times().min()?, times().chain(limit).max()?);
    let since = |time: &i64| (time - first) as f64 / 1e9;
    let lanes = straggler.lanes.iter().map(|(name, times)| Lane {
        name: name.clone(),
        spoke: times.iter().map(since).collect(),
        last_step: (*name == straggler.name).then(|| straggler.step.to_string()),
    });
    Some(Plot::Timeline(Timeline {
        source: source.to_owned(),
        seconds: since(&last),
        lanes: lanes.collect(),
        straggler: straggler.lanes.iter().position(|(name, _)| *name == straggler.name),
        marks: straggler
            .limit
            .iter()
            .map(|(name, time)| Mark { second: since(time), name: name.clone() })
            .collect(),
    }))
}

fn cause_summary(cause: Candidate) -> CauseSummary {
    CauseSummary {
        cause: cause.cause,
        score: rounded(cause.score),
        grade: cause.grade,
        prior: rounded(cause.prior),
        evidence: cause.evidence.into_iter().map(evidence_summary).collect(),
        against: cause.against.into_iter().map(evidence_summary).collect(),
    }
}

/// Letters of a piece of evidence that are kept.
const LONGEST_TEXT: usize = 1000;

fn evidence_summary(evidence: Evidence) -> EvidenceSummary {
    let (source, line) = evidence.place.unzip();
    EvidenceSummary {
        text: evidence.text.chars().take(LONGEST_TEXT).collect(),
        family: evidence.family,
        weight: rounded(evidence.weight),
        source,
        line,
    }
}

/// Four digits: more would say that the weights are known better than they are.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::affordable;

    #[test]
    fn what_is_compared_costs_no_more_than_is_allowed_however_many_clusters_there_are() {
        for (costs, expected, why) in [
            (vec![], 0, "nothing to compare"),
            (vec![10; 3], 3, "all of few"),
            (vec![1000; 50_000], 20, "as many of very many as come to the bound"),
            (vec![20_001, 1], 0, "none behind one that costs too much: those before it matter more"),
            (vec![usize::MAX, usize::MAX], 0, "sums do not wrap"),
        ] {
            assert_eq!(affordable(&costs, 20_000), expected, "{why}");
        }
    }
}
