//! What a failure is called for short.

use super::visible;
use crate::findings::ClusterSummary;
use crate::runs::Verdict;

/// Returns the words for a failure: whether it is new, flaky, a suspect, known.
pub fn badges(cluster: &ClusterSummary) -> Vec<String> {
    let verdict = match cluster.verdict {
        Verdict::Flaky => Some("FLAKY"),
        Verdict::EveryTime => Some("EVERY TIME"),
        Verdict::Once | Verdict::Unknown => None,
    };
    let new = cluster.new_since.as_ref().map(|_| "NEW");
    let suspect = (cluster.failures == 0).then_some("SUSPECT");
    let known = cluster.known.as_ref().map(|known| format!("KNOWN {}", visible(&known.id)));
    [new, verdict, suspect].into_iter().flatten().map(str::to_owned).chain(known).collect()
}
