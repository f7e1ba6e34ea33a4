//! A failed test that a run's log and its report both tell is one failure.

use std::collections::{BTreeMap, BTreeSet};

use super::runs::Runs;
use crate::clusters::{Cluster, Occurrence};
use crate::facts::test_results::is_same;

/// Moves what reports tell of a test into the cluster of what the log of the same run tells of it. A cluster of which
/// all is moved to one other becomes another name of it.
pub fn one_failure_a_run(mut clusters: Vec<Cluster>, runs: &Runs) -> Vec<Cluster> {
    let of_logs = of_logs(&clusters, runs);
    let mut moved: Vec<(usize, Occurrence)> = Vec::new();
    for (at, cluster) in clusters.iter_mut().enumerate() {
        let targets: Vec<Option<usize>> = cluster
            .occurrences
            .iter()
            .map(|one| target(one, runs, &of_logs).filter(|to| *to != at))
            .collect();
        let all: BTreeSet<usize> = targets.iter().flatten().copied().collect();
        // Where everything that is tied goes to one cluster, reports without a log beside them go there, too.
        let whole = (all.len() == 1 && cluster.occurrences.iter().all(|one| runs.is_report(&one.source)))
            .then(|| all.first().copied())
            .flatten();
        let mut targets = targets.into_iter();
        cluster.occurrences.retain(|one| match targets.next().flatten().or(whole) {
            Some(to) => {
                moved.push((to, one.clone()));
                false
            }
            None => true,
        });
    }
    let names: Vec<(usize, String)> = moved.iter().map(|(to, one)| (*to, one.signature.id.clone())).collect();
    for (to, occurrence) in moved {
        if let Some(cluster) = clusters.get_mut(to) {
            cluster.occurrences.push(occurrence);
        }
    }
    let gone: BTreeSet<String> = clusters
        .iter()
        .filter(|cluster| cluster.occurrences.is_empty())
        .map(|cluster| cluster.id.clone())
        .collect();
    for (to, id) in names {
        if let Some(cluster) = clusters.get_mut(to).filter(|cluster| gone.contains(&id) && cluster.id != id) {
            cluster.aliases.push(id);
        }
    }
    for cluster in &mut clusters {
        cluster.aliases.sort();
        cluster.aliases.dedup();
        cluster
            .occurrences
            .sort_by(|a, b| (&a.source, a.event.first_line).cmp(&(&b.source, b.event.first_line)));
    }
    clusters.retain(|cluster| !cluster.occurrences.is_empty());
    clusters
}

/// The tests that logs tell of as failed, by run, each with the position of its cluster.
type OfLogs = BTreeMap<usize, Vec<(String, usize)>>;

fn of_logs(clusters: &[Cluster], runs: &Runs) -> OfLogs {
    let mut of_logs = OfLogs::new();
    for (at, cluster) in clusters.iter().enumerate() {
        for one in cluster.occurrences.iter().filter(|one| !runs.is_report(&one.source)) {
            if let (Some(run), Some(test)) = (runs.at(&one.source), &one.event.test) {
                of_logs.entry(run).or_default().push((test.clone(), at));
            }
        }
    }
    of_logs
}

/// Returns the cluster of what the log tells of the test that a report tells of.
fn target(one: &Occurrence, runs: &Runs, of_logs: &OfLogs) -> Option<usize> {
    let test = one.event.test.as_deref().filter(|_| runs.is_report(&one.source))?;
    let told = of_logs.get(&runs.at(&one.source)?)?;
    told.iter().find(|(name, _)| is_same(name, test)).map(|(_, at)| *at)
}
