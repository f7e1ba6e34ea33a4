//! From a failure's folder to its experiment: its logs are read once, for what failed and for what an experiment
//! must know.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

#[cfg(feature = "mcp")]
use super::Clustered;
use super::{Logs, Read};
use crate::error::Problem;
use crate::experiment::{Case, FailingRun, Pattern, derive};
use crate::facts::Facts;
use crate::findings::{Chosen, ClusterSummary, Excerpt, Findings, OccurrenceSummary};
use crate::folder::Failure;
use crate::input::{self, Limits, Request, Source};
use crate::signatures::Catalog;

/// Logs of each kind that an experiment is made from; more of the same tell no more.
const MOST_LOGS: usize = 100;
/// Lines kept before and after a place.
const AROUND: u64 = 12;

/// The folder inside a failure's folder whose logs are of passing runs.
const PASSING: &str = "logs/passing/";

/// The logs of a failure's folder, read once. Sources are named relative to it, so that it can be moved.
pub struct Collected {
    /// What failed, compared with the passing logs.
    pub findings: Findings,
    /// What could not be read.
    pub problems: Vec<Problem>,
    facts: Vec<Facts>,
}

/// Reads the failure's logs.
///
/// # Errors
/// If its logs cannot be read.
pub fn read(failure: &Failure) -> Result<Collected> {
    let Read { findings, facts, problems } =
        super::read(&logs_of(failure), |source| inside(failure, source))?;
    Ok(Collected { findings, facts, problems })
}

/// Returns what failed, with the lines that a pack may choose.
///
/// # Errors
/// If its logs cannot be read.
#[cfg(feature = "mcp")]
pub fn findings_to_pack(failure: &Failure) -> Result<Findings> {
    let Clustered { mut findings, shown, .. } = super::cluster(&logs_of(failure))?;
    super::excerpts::add_for_pack(&mut findings, &shown);
    for excerpt in &mut findings.excerpts {
        excerpt.source = inside(failure, &excerpt.source);
    }
    Ok(relative(failure, findings))
}

fn logs_of(failure: &Failure) -> Logs<'static> {
    let request = |path| Request { paths: vec![path], files_from: None };
    Logs {
        request: request(failure.logs()),
        passing: request(failure.passing()),
        catalog: Catalog::embedded(),
        threads: None,
        jobs: None,
        memory: None,
    }
}

impl Collected {
    /// Takes what `ndlog cluster` found in the same logs instead of what was found here.
    pub fn with(self, failure: &Failure, findings: Findings) -> Self {
        Self { findings: relative(failure, findings), ..self }
    }

    /// Returns the experiment for one of the clusters, or for the one to be read first in most logs.
    ///
    /// # Errors
    /// If there is no such cluster, or none at all.
    pub fn pattern(&self, failure: &Failure, cluster: Option<&str>, budget: u64) -> Result<Pattern> {
        let cluster = chosen(&self.findings, cluster)?;
        let occurrences = cluster.occurrences.iter().rev();
        let first: BTreeMap<&str, &OccurrenceSummary> =
            occurrences.map(|occurrence| (occurrence.source.as_str(), occurrence)).collect();
        let (passing, others): (Vec<&Facts>, Vec<&Facts>) =
            self.facts.iter().partition(|facts| facts.source.name.starts_with(PASSING));
        let failing = others.into_iter().filter_map(|facts| {
            let occurrence = first.get(facts.source.name.as_str())?;
            Some(FailingRun::new(facts, occurrence))
        });
        Ok(derive(&Case {
            name: failure.name(),
            findings: &self.findings,
            cluster,
            failing: failing.take(MOST_LOGS).collect(),
            passing: passing.into_iter().take(MOST_LOGS).collect(),
            budget,
        }))
    }
}

/// Returns the findings with their sources named relative to the failure's folder, so that the
/// folder can be moved.
fn relative(failure: &Failure, mut findings: Findings) -> Findings {
    for source in &mut findings.sources {
        source.source = inside(failure, &source.source);
    }
    for cluster in &mut findings.clusters {
        for occurrence in &mut cluster.occurrences {
            occurrence.source = inside(failure, &occurrence.source);
        }
        for class in &mut cluster.stacks {
            class.source = inside(failure, &class.source);
        }
        for range in &mut cluster.contrast {
            range.source = inside(failure, &range.source);
        }
        for cause in &mut cluster.causes {
            for evidence in cause.evidence.iter_mut().chain(&mut cause.against) {
                evidence.source = evidence.source.as_deref().map(|source| inside(failure, source));
            }
        }
    }
    findings
}

/// Returns the lines round the places that matter to the experiment: the failure in each of its
/// logs, its command, its limits; at most `most` excerpts.
pub fn excerpts(failure: &Failure, pattern: &Pattern, most: usize) -> Vec<Excerpt> {
    let mut wanted: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let oracle = std::iter::once(&pattern.oracle.at);
    let command = pattern.command.iter().map(|command| &command.at);
    let limits = pattern.limits.iter().filter(|limit| limit.fired || limit.hugged).map(|limit| &limit.at);
    let phases = pattern.oracle.phase.iter().map(|phase| &phase.at);
    for place in oracle.chain(command).chain(limits).chain(phases) {
        wanted.entry(place.source.clone()).or_default().push(place.line);
    }
    let mut excerpts = Vec::new();
    each_log(failure, &mut |source| {
        if let Some(lines) = wanted.get(&inside(failure, &source.name)) {
            excerpts.extend(super::excerpts::around(&source, lines, AROUND));
        }
    });
    for excerpt in &mut excerpts {
        excerpt.source = inside(failure, &excerpt.source);
    }
    let shows = |excerpt: &Excerpt| excerpt.shows(&pattern.oracle.at.source, pattern.oracle.at.line);
    excerpts.sort_by_key(|excerpt| (!shows(excerpt), excerpt.source.clone(), excerpt.line_start));
    excerpts.truncate(most);
    excerpts
}

fn each_log(failure: &Failure, visit: &mut dyn FnMut(Source)) -> Vec<Problem> {
    let found = input::find(&Request { paths: vec![failure.logs()], files_from: None });
    let mut problems = found.problems;
    for input in &found.inputs {
        problems.extend(input::open(input, &Limits::default(), visit));
    }
    problems
}

/// Returns a source's name without the failure's folder in front.
fn inside(failure: &Failure, source: &str) -> String {
    let folder = failure.folder().to_string_lossy();
    let inside = source.strip_prefix(folder.trim_end_matches('/')).map(|rest| rest.trim_start_matches('/'));
    inside.unwrap_or(source).to_owned()
}

/// Returns the cluster with this id or alias, or the one that is to be read first in most logs; what else
/// failed in as many logs may be its heading.
fn chosen<'a>(findings: &'a Findings, id: Option<&str>) -> Result<&'a ClusterSummary> {
    let clusters = || findings.clusters.iter();
    let Some(id) = id else {
        let first = |cluster: &ClusterSummary| cluster.occurrences.iter().filter(|one| one.rank == 1).count();
        let key = |cluster: &ClusterSummary| (first(cluster), cluster.failures);
        let best = clusters()
            .filter(|cluster| cluster.failures > 0)
            .reduce(|best, next| if key(next) > key(best) { next } else { best });
        return best.or_else(|| clusters().next()).context(
            "no failure was found in `logs/`; collect the log of a failing run, or look at `ndlog cluster`",
        );
    };
    let ids = |clusters: &[&ClusterSummary]| {
        clusters.iter().map(|cluster| cluster.id.as_str()).collect::<Vec<_>>().join(", ")
    };
    match findings.choose(id) {
        Chosen::One(cluster) => Ok(cluster),
        Chosen::Several(fits) => bail!("{id} fits several failures, write more digits: {}", ids(&fits)),
        Chosen::None => {
            let first: Vec<&ClusterSummary> = clusters().take(8).collect();
            bail!("no failure has the id {id:?}; the first ones are: {}", ids(&first))
        }
    }
}
