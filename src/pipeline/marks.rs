//! What a project says of failures: who works on them and who is asked.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::findings::{ClusterSummary, Findings};
use crate::settings::Settings;
use crate::store::{self, Owners};

/// Marks the clusters that are known or have an owner. Returns what a person should be warned of: entries that fit
/// several failures.
///
/// # Errors
/// If a glob of the settings is none.
pub fn mark(findings: &mut Findings, settings: &Settings, today: Date) -> anyhow::Result<Vec<String>> {
    let owners = Owners::new(&settings.owners)?;
    let ids: Vec<Vec<&str>> = findings.clusters.iter().map(ids).collect();
    let (issues, ambiguous) = store::assign(&settings.known, today, &ids);
    let name = |at: &usize| findings.clusters.get(*at).map(|cluster| cluster.id.as_str());
    let warnings = ambiguous.iter().map(|one| {
        let fits: Vec<&str> = one.fits.iter().filter_map(name).collect();
        format!("known failure {}: its digits fit {}; write more of them", one.id, fits.join(" and "))
    });
    let warnings = warnings.collect();
    for (cluster, issue) in findings.clusters.iter_mut().zip(issues) {
        let job = cluster.rate.as_ref().and_then(|rate| rate.job.as_deref());
        let owner = issue.as_ref().and_then(|issue| issue.owner.clone());
        cluster.owner = owner.or_else(|| owners.of(&cluster.tests, job).map(str::to_owned));
        cluster.issue = issue;
    }
    Ok(warnings)
}

/// Returns all ids under which a failure goes.
pub fn ids(cluster: &ClusterSummary) -> Vec<&str> {
    let exact = cluster.occurrences.iter().map(|occurrence| occurrence.exact.as_str());
    let former = cluster.past.iter().flat_map(|past| &past.former_ids).map(String::as_str);
    let aliases = cluster.aliases.iter().map(String::as_str);
    let all: BTreeSet<&str> = aliases.chain(exact).chain(former).collect();
    std::iter::once(cluster.id.as_str()).chain(all.into_iter().filter(|id| *id != cluster.id)).collect()
}
