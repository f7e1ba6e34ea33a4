//! What is read after a failure, as runs of its job print it whatever failed in them.

use super::{ClusterSummary, Findings};
use crate::background::SetBack;

impl Findings {
    /// Returns what was put behind a failure in the log of its example.
    pub fn behind(&self, cluster: &ClusterSummary) -> impl Iterator<Item = (&str, &SetBack)> {
        let example = cluster.example().map(|example| example.source.clone());
        let sources = self.sources.iter().filter(move |one| Some(&one.source) == example.as_ref());
        sources.flat_map(|one| one.set_back.iter().map(|behind| (one.source.as_str(), behind)))
    }
}
