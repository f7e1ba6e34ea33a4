//! Where a failure comes: its share of the runs on each host, in each job and at each commit.

use std::collections::BTreeMap;

use serde::Serialize;

use super::lookup::Lookup;
use super::when;
use crate::findings::{ClusterSummary, RunSummary};

/// Names shown of each kind.
const MOST: usize = 5;

const HOSTS: &str = "hosts";

/// The shares of one kind.
#[derive(Serialize)]
pub struct Shares {
    of: &'static str,
    names: Vec<Share>,
    more: usize,
}

#[derive(Serialize)]
struct Share {
    name: String,
    failed: usize,
    /// Runs there in which it could come; `None` where no rate is known.
    ran: Option<usize>,
}

/// What a run is counted under.
type NameOf = dyn Fn(&RunSummary) -> Option<String>;

/// Returns the shares by host, job and commit, each where the runs name one.
pub fn of(cluster: &ClusterSummary, lookup: &Lookup<'_>) -> Vec<Shares> {
    let kinds: [(&'static str, &NameOf); 3] = [
        (HOSTS, &|run| run.host.clone()),
        ("jobs", &|run| run.job.clone()),
        ("commits", &|run| run.commit.as_deref().map(when::short)),
    ];
    kinds.into_iter().filter_map(|(of, name)| shares(of, name, cluster, lookup)).collect()
}

fn shares(of: &'static str, name: &NameOf, cluster: &ClusterSummary, lookup: &Lookup<'_>) -> Option<Shares> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let rate = cluster.rate.as_ref().filter(|rate| rate.ran > 1);
    let (failed, ran) = runs(cluster, lookup);
    for run in failed.iter().filter_map(|at| lookup.run(*at)).filter_map(name) {
        counts.entry(run).or_default().0 += 1;
    }
    for run in ran.iter().filter_map(|at| lookup.run(*at)).filter_map(name) {
        if let Some(count) = counts.get_mut(&run) {
            count.1 += 1;
        }
    }
    let mut names: Vec<Share> = counts
        .into_iter()
        .map(|(name, (failed, ran))| Share { name, failed, ran: rate.map(|_| ran.max(failed)) })
        .collect();
    names.sort_by(|a, b| b.failed.cmp(&a.failed).then_with(|| a.name.cmp(&b.name)));
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    // One name of a job or commit that all runs share says nothing.
    let tells = of == HOSTS
        || names.len() > 1
        || names.iter().any(|one| one.ran.is_some_and(|some| some < ran.len()));
    (!names.is_empty() && tells).then_some(Shares { of, names, more })
}

/// Returns the runs that failed so, and those in which it could come.
fn runs(cluster: &ClusterSummary, lookup: &Lookup<'_>) -> (Vec<usize>, Vec<usize>) {
    let all = lookup.findings.runs.len();
    if let Some(rate) = &cluster.rate {
        return (rate.failed_in.below(all).collect(), rate.ran_in.below(all).collect());
    }
    let own = cluster.occurrences.iter().filter_map(|one| lookup.position(one.run.as_deref()?));
    let mut failed: Vec<usize> = own.collect();
    failed.sort_unstable();
    failed.dedup();
    (failed, Vec::new())
}
