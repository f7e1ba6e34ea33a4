//! From a failure's folder to its experiment: reads each of its logs once more, for what an
//! experiment must know.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use super::Logs;
use crate::causes;
use crate::error::Problem;
use crate::experiment::{Case, Log, Pattern, Testimony, derive};
use crate::facts::extract::SAMPLE;
use crate::facts::steps::Run;
use crate::findings::{ClusterSummary, Excerpt, Findings, OccurrenceSummary};
use crate::folder::Failure;
use crate::input::{self, Limits, Request, Source};
use crate::signatures::Catalog;
use crate::text::lines::Index;
use crate::text::records::Reader;

/// Logs of each kind that are read again; more of the same tells no more.
const MOST_LOGS: usize = 100;
/// Lines kept before and after a place.
const AROUND: u64 = 12;

/// The folder inside a failure's folder whose logs are of passing runs.
const PASSING: &str = "logs/passing/";

/// Returns what failed in the failure's logs, compared with its passing logs. Sources are named as
/// the folder was: see [`relative`].
///
/// # Errors
/// If its logs cannot be read.
pub fn findings(failure: &Failure) -> Result<Findings> {
    let request = |path| Request { paths: vec![path], files_from: None };
    let logs = Logs {
        request: request(failure.logs()),
        passing: request(failure.passing()),
        catalog: Catalog::embedded(),
        threads: None,
        jobs: None,
    };
    Ok(super::cluster(&logs)?.findings)
}

/// Returns the experiment for one of the findings' clusters, and what could not be read. The
/// findings' sources are named relative to the folder from here on: see [`relative`].
///
/// # Errors
/// If there is no such cluster, or none at all.
pub fn pattern(
    failure: &Failure,
    findings: &Findings,
    cluster: Option<&str>,
    budget: u64,
) -> Result<(Pattern, Vec<Problem>)> {
    let cluster = chosen(findings, cluster)?;
    let first: BTreeMap<&str, &OccurrenceSummary> =
        cluster.occurrences.iter().rev().map(|occurrence| (occurrence.source.as_str(), occurrence)).collect();
    let (mut failing, mut passing) = (Vec::new(), Vec::new());
    let (mut failed, mut passed) = (Vec::new(), Vec::new());
    let problems = each_log(failure, &mut |source| {
        let name = inside(failure, &source.name);
        let log = Log { source: &name, bytes: &source.bytes };
        if name.starts_with(PASSING) {
            if passing.len() < MOST_LOGS {
                passing.push(Testimony::passing(log));
                passed.push(run(&source, &name, None));
            }
        } else if let Some(occurrence) = first.get(name.as_str())
            && failing.len() < MOST_LOGS
        {
            failing.push(Testimony::failing(log, occurrence));
            failed.push(run(&source, &name, Some(occurrence.line_start)));
        }
    });
    let race = causes::race(&failed.iter().collect::<Vec<_>>(), &passed.iter().collect::<Vec<_>>());
    let name = failure.name();
    let case = Case { name, findings, cluster, failing, passing, race, budget };
    Ok((derive(&case), problems))
}

/// Returns the steps of one run, in the words by which causes compare runs.
fn run(source: &Source, name: &str, anchor: Option<u64>) -> Run {
    let reader = Reader::guess(source.bytes.get(..SAMPLE).unwrap_or(&source.bytes));
    Run::read(name, &Index::new(&source.bytes), &reader, anchor)
}

/// Returns the findings with their sources named relative to the failure's folder, so that the
/// folder can be moved.
pub fn relative(failure: &Failure, mut findings: Findings) -> Findings {
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
    let found =
        clusters().find(|cluster| cluster.id == id || cluster.aliases.iter().any(|alias| alias == id));
    let Some(cluster) = found else {
        let ids: Vec<&str> = clusters().take(8).map(|cluster| cluster.id.as_str()).collect();
        bail!("no cluster has the id {id:?}; the first ones are: {}", ids.join(", "));
    };
    Ok(cluster)
}
