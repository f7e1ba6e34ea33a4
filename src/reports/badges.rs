//! What a failure is called for short.

use super::{phrases, visible};
use crate::findings::ClusterSummary;
use crate::runs::Verdict;
use crate::store::State;

/// Returns the words for a failure: whether it is new, flaky, a suspect, known.
pub fn badges(cluster: &ClusterSummary) -> Vec<String> {
    let verdict = match cluster.verdict {
        Verdict::Flaky => Some("FLAKY"),
        Verdict::EveryTime => Some("EVERY TIME"),
        Verdict::Once | Verdict::Unknown => None,
    };
    let is_back = cluster.past.as_ref().is_some_and(|past| past.state == Some(State::Back));
    let new = if is_back { Some("BACK AGAIN") } else { phrases::is_new(cluster).then_some("NEW") };
    let suspect = (cluster.failures == 0).then_some("SUSPECT");
    let named = cluster.known.as_ref().filter(|known| !known.form);
    let known = named.map(|known| format!("KNOWN {}", visible(&known.id)));
    let issue =
        cluster.issue.as_ref().map(|issue| if issue.expired { "ISSUE EXPIRED" } else { "KNOWN ISSUE" });
    [new, verdict, suspect, issue].into_iter().flatten().map(str::to_owned).chain(known).collect()
}
