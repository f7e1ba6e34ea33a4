//! The causes of every cluster, from what the logs said when they were read.

use std::collections::{BTreeMap, BTreeSet};

use crate::causes::{self, Allowance, Cause, Comparison, Constancy, Evidence, Group};
use crate::clusters::{Cluster, Occurrence};
use crate::facts::clues::{Class, Folded, Straggler, Testimony};
use crate::facts::environment::Exposure;
use crate::facts::steps::Run;
use crate::facts::{Facts, Outcome};
use crate::findings::{
    CauseSummary, Durations, EvidenceSummary, Lane, Mark, Plot, Recurrence, StackClass, Timeline, Window,
};
use crate::signatures::Catalog;
use crate::stats::Interval;

/// Causes less probable than this are not told, `unknown` excepted.
const LEAST: f64 = 0.01;
const UNKNOWN: &str = "unknown";

/// What each log says about each of its failures.
pub struct Why<'c> {
    catalog: &'c Catalog,
    /// By log and by the failure's rank in it.
    testimonies: BTreeMap<(String, u64), Testimony>,
    /// By log; only where there are passing runs to compare with.
    runs: BTreeMap<String, Run>,
    /// By log.
    exposures: BTreeMap<String, Exposure>,
    /// The logs of runs that passed.
    passed: BTreeSet<String>,
}

/// What is told of one cluster.
pub struct Told {
    /// Most probable first.
    pub causes: Vec<CauseSummary>,
    pub plots: Vec<Plot>,
    pub stacks: Vec<StackClass>,
    /// Whether it fails now and then, and what says so.
    pub recurrence: Option<Recurrence>,
}

impl<'c> Why<'c> {
    /// Knows no log yet.
    pub fn new(catalog: &'c Catalog) -> Self {
        let (testimonies, runs, exposures, passed) = Default::default();
        Self { catalog, testimonies, runs, exposures, passed }
    }

    /// Keeps what one log says.
    pub fn add(&mut self, facts: Facts) {
        let source = facts.source.name;
        let ranks = (1..).map(|rank| (source.clone(), rank));
        self.testimonies.extend(ranks.zip(facts.clues));
        self.runs.extend(facts.steps.map(|run| (source.clone(), run)));
        if facts.source.baseline || facts.outcome == Outcome::Pass {
            self.passed.insert(source.clone());
        }
        let mut exposure = facts.environment;
        exposure.tests = facts.tests;
        self.exposures.insert(source, exposure);
    }

    /// Returns why a cluster failed.
    pub fn tell(&self, cluster: &Cluster) -> Told {
        let testimony = |occurrence: &Occurrence| self.testimony(occurrence);
        let comparison = self.compare(cluster);
        let causes = causes::rank(cluster, testimony, self.catalog, &comparison).into_iter();
        let causes =
            causes.filter(|cause| cause.score >= LEAST || cause.cause == UNKNOWN).map(tell).collect();
        let straggler = cluster.example().and_then(|one| Some((one, testimony(one)?.straggler.as_ref()?)));
        let timeline = straggler.and_then(|(one, straggler)| timeline(&one.source, straggler));
        let recurrence = self.recurrence(cluster);
        let durations = comparison.allowance.as_ref().map(durations);
        let plots = timeline.into_iter().chain(durations).chain(window(comparison)).collect();
        let stacks = cluster.example().and_then(|one| Some((one, testimony(one)?.stacks.as_ref()?)));
        let stacks = stacks.map(|(one, folded)| stacks_of(&one.source, folded)).unwrap_or_default();
        Told { causes, recurrence, stacks, plots }
    }

    /// Returns how often the failure came among the runs that can be compared; `None` if no log fails
    /// with it first.
    fn recurrence(&self, cluster: &Cluster) -> Option<Recurrence> {
        let failing = self.failing(cluster);
        let found = (!failing.is_empty()).then(|| causes::recurrence(&failing, &self.passing()))?;
        Some(Recurrence {
            failed: found.failed,
            runs: found.runs,
            rate: Interval { low: rounded(found.rate.low), high: rounded(found.rate.high) },
            deterministic: match found.constancy {
                Constancy::NowAndThen => Some(false),
                Constancy::EveryRun => Some(true),
                Constancy::Unknown => None,
            },
            says: found.says,
        })
    }

    fn failing(&self, cluster: &Cluster) -> Vec<&Exposure> {
        let primary = cluster.occurrences.iter().filter(|occurrence| occurrence.rank == 1);
        primary.filter_map(|occurrence| self.exposures.get(&occurrence.source)).collect()
    }

    fn passing(&self) -> Vec<&Exposure> {
        self.passed.iter().filter_map(|source| self.exposures.get(source)).collect()
    }

    fn compare(&self, cluster: &Cluster) -> Comparison {
        let exposures = self.failing(cluster);
        let runs = exposures.iter().filter_map(|run| self.runs.get(&run.source)).take(RUNS).collect();
        let others = if exposures.len() < 2 { Vec::new() } else { self.others(&exposures) };
        let passed = self.runs.values().filter(|run| run.anchor.is_none()).take(RUNS).collect();
        let passing = Group { runs: passed, exposures: self.passing() };
        let limit = self.limit(cluster);
        causes::compare(&Group { runs, exposures }, &passing, &others, limit)
    }

    /// Returns the shortest limit that fired in the first failing log that names one.
    fn limit(&self, cluster: &Cluster) -> Option<f64> {
        let primary = cluster.occurrences.iter().filter(|occurrence| occurrence.rank == 1);
        primary.filter_map(|occurrence| self.testimony(occurrence)).find_map(Testimony::limit)
    }

    fn testimony(&self, occurrence: &Occurrence) -> Option<&Testimony> {
        self.testimonies.get(&(occurrence.source.clone(), occurrence.rank))
    }

    /// Returns the runs that failed in another way.
    fn others(&self, failed: &[&Exposure]) -> Vec<&Exposure> {
        let failed: BTreeSet<&str> = failed.iter().map(|run| run.source.as_str()).collect();
        let is_other = |source: &String| !failed.contains(source.as_str()) && !self.passed.contains(source);
        self.exposures.iter().filter(|(source, _)| is_other(source)).map(|(_, run)| run).collect()
    }
}

/// Runs of one cluster that are compared, and passing runs beside them.
const RUNS: usize = 20;

/// Classes of stacks, and names of one class, that are told.
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

fn tell(cause: Cause) -> CauseSummary {
    CauseSummary {
        cause: cause.cause.to_owned(),
        score: rounded(cause.score),
        grade: cause.grade.name().to_owned(),
        prior: rounded(cause.prior),
        evidence: cause.evidence.into_iter().map(tell_evidence).collect(),
        against: cause.against.into_iter().map(tell_evidence).collect(),
    }
}

fn tell_evidence(evidence: Evidence) -> EvidenceSummary {
    let (source, line) = evidence.place.unzip();
    EvidenceSummary {
        text: evidence.text,
        family: evidence.family.to_owned(),
        weight: rounded(evidence.weight),
        source,
        line,
    }
}

/// Four digits: more would say that the weights are known better than they are.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
