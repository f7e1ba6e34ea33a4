//! The causes of every cluster, from what the logs said when they were read.

use std::collections::BTreeMap;

use crate::causes::{self, Cause, Comparison, Evidence, Run, Straggler, Testimony};
use crate::clusters::{Cluster, Occurrence};
use crate::findings::{CauseSummary, EvidenceSummary, Lane, Plot, Timeline, Window};

/// Causes less probable than this are not told, `unknown` excepted.
const LEAST: f64 = 0.01;
const UNKNOWN: &str = "unknown";

/// What each log says about each of its failures.
#[derive(Default)]
pub struct Why<'c> {
    /// By log and by the failure's rank in it.
    testimonies: BTreeMap<(String, u64), Testimony<'c>>,
    /// By log; only where there are passing runs to compare with.
    runs: BTreeMap<String, Run>,
}

/// What is told of one cluster.
pub struct Told {
    /// Most probable first.
    pub causes: Vec<CauseSummary>,
    pub plots: Vec<Plot>,
    /// Whether it fails now and then, and what says so.
    pub verdict: Option<String>,
}

impl<'c> Why<'c> {
    /// Keeps what one log says.
    pub fn hear(&mut self, source: &str, ranks: Vec<u64>, testimonies: Vec<Testimony<'c>>, run: Option<Run>) {
        let keys = ranks.into_iter().map(|rank| (source.to_owned(), rank));
        self.testimonies.extend(keys.zip(testimonies));
        self.runs.extend(run.map(|run| (source.to_owned(), run)));
    }

    /// Returns why a cluster failed.
    pub fn tell(&self, cluster: &Cluster) -> Told {
        let testimony =
            |occurrence: &Occurrence| self.testimonies.get(&(occurrence.source.clone(), occurrence.rank));
        let comparison = self.compare(cluster);
        let causes = causes::rank(cluster, testimony, &comparison).into_iter();
        let causes =
            causes.filter(|cause| cause.score >= LEAST || cause.cause == UNKNOWN).map(tell).collect();
        let straggler = cluster.example().and_then(|one| Some((one, testimony(one)?.straggler.as_ref()?)));
        let timeline = straggler.and_then(|(one, straggler)| timeline(&one.source, straggler));
        let verdict = self.verdict(cluster);
        Told { causes, verdict, plots: window(comparison).into_iter().chain(timeline).collect() }
    }

    /// Returns that the failure is not deterministic, if runs passed beside those that failed so.
    fn verdict(&self, cluster: &Cluster) -> Option<String> {
        let failed = cluster.occurrences.iter().filter(|occurrence| occurrence.rank == 1).count() as u64;
        let passed = self.runs.values().filter(|run| run.anchor.is_none()).count() as u64;
        let rests = format!("{failed} runs failed so, {passed} of those compared passed");
        (failed > 0 && passed > 0).then(|| format!("not deterministic if the code was the same: {rests}"))
    }

    fn compare(&self, cluster: &Cluster) -> Comparison {
        let primary = cluster.occurrences.iter().filter(|occurrence| occurrence.rank == 1);
        let failing: Vec<&Run> =
            primary.filter_map(|occurrence| self.runs.get(&occurrence.source)).take(RUNS).collect();
        if failing.is_empty() {
            return Comparison::default();
        }
        let passing = self.runs.values().filter(|run| run.anchor.is_none());
        causes::compare(&failing, &passing.take(RUNS).collect::<Vec<_>>())
    }
}

/// Runs of one cluster that are compared, and passing runs beside them.
const RUNS: usize = 20;

fn window(comparison: Comparison) -> Option<Plot> {
    let race = comparison.race.filter(|race| !race.slack.is_empty() && !race.lateness.is_empty())?;
    let (first, second) = (race.first, race.second);
    Some(Plot::Window(Window { first, second, slack: race.slack, lateness: race.lateness }))
}

/// Returns when the actors spoke of which one fell behind; `None` if their lines bear no times.
fn timeline(source: &str, straggler: &Straggler) -> Option<Plot> {
    let times = || straggler.lanes.iter().flat_map(|(_, times)| times.iter().copied());
    let (first, last) = (times().min()?, times().max()?);
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
        marks: Vec::new(),
    }))
}

fn tell(cause: Cause) -> CauseSummary {
    CauseSummary {
        cause: cause.cause.to_owned(),
        score: rounded(cause.score),
        grade: cause.grade.name().to_owned(),
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
