//! How a failure came and went over the runs of its job, in the order of time.

use std::collections::BTreeSet;

use super::{ClusterSummary, Findings, RunSummary};

/// Parts into which the runs are cut.
pub const PARTS: usize = 10;

impl Findings {
    /// Returns for each tenth of the job's runs, in the order of time, which share of them failed so; `None` where the
    /// runs are fewer than tenths or the time of one is unknown.
    pub fn history(&self, cluster: &ClusterSummary) -> Option<[f64; PARTS]> {
        let failed: BTreeSet<&str> =
            cluster.occurrences.iter().filter_map(|occurrence| occurrence.run.as_deref()).collect();
        let job = cluster.rate.as_ref()?.job.as_deref();
        let of_job = |run: &&RunSummary| job.is_none() || run.job.as_deref() == job;
        let mut runs: Vec<(&str, bool)> = Vec::new();
        for run in self.runs.iter().filter(of_job) {
            runs.push((run.time.as_deref()?, failed.contains(run.id.as_str())));
        }
        if runs.len() < PARTS {
            return None;
        }
        runs.sort_unstable();
        let mut shares = [0.0; PARTS];
        for (part, share) in shares.iter_mut().enumerate() {
            let of_part =
                runs.get(part * runs.len() / PARTS..(part + 1) * runs.len() / PARTS).unwrap_or_default();
            let hits = of_part.iter().filter(|(_, failed)| *failed).count();
            *share = hits as f64 / of_part.len().max(1) as f64;
        }
        Some(shares)
    }
}
