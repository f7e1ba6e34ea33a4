//! Words that a failure can be filtered by, each with a mark of its own beside its colour.

use serde::Serialize;

use crate::findings::ClusterSummary;
use crate::reports::phrases;
use crate::runs::Verdict;
use crate::signatures::Cause;

/// The names of all chips, in their order.
const NAMES: [&str; 7] = ["new", "flaky", "fails always", "once", "known", "infrastructure", "unclear"];
/// Causes that are no fault of the code under test.
const OUTSIDE: [Cause; 3] = [Cause::Infrastructure, Cause::Network, Cause::Environment];
/// From which probability on such a cause names the failure.
const LIKELY: f64 = 0.5;

/// A chip with the number of failures that have it.
#[derive(Serialize)]
pub struct Chip {
    name: &'static str,
    class: String,
    count: usize,
}

/// A chip on one failure.
#[derive(Clone, Serialize)]
pub struct Badge {
    class: String,
    /// The chip's name, with what is known where something is.
    label: String,
}

/// Returns the chips of a failure.
pub fn of(cluster: &ClusterSummary) -> Vec<Badge> {
    let cause = cluster.causes.first().filter(|cause| cause.score >= LIKELY);
    let has = |name: &&str| match *name {
        "new" => phrases::is_new(cluster),
        "flaky" => cluster.verdict == Verdict::Flaky,
        "fails always" => cluster.verdict == Verdict::EveryTime,
        "once" => cluster.verdict == Verdict::Once && cluster.failures > 0,
        "known" => cluster.known.is_some() || cluster.issue.as_ref().is_some_and(|issue| !issue.expired),
        "infrastructure" => cause.is_some_and(|cause| OUTSIDE.contains(&cause.cause)),
        _ => cluster.failures == 0,
    };
    NAMES.into_iter().filter(has).map(|name| badge(name, cluster)).collect()
}

/// Returns the chips that some failure has.
pub fn all<'c>(clusters: impl Iterator<Item = &'c ClusterSummary>) -> Vec<Chip> {
    let badges: Vec<Badge> = clusters.flat_map(of).collect();
    let chip = |name: &'static str| {
        let class = class(name);
        let count = badges.iter().filter(|badge| badge.class == class).count();
        Chip { name, class, count }
    };
    NAMES.into_iter().map(chip).filter(|chip| chip.count > 0).collect()
}

fn badge(name: &str, cluster: &ClusterSummary) -> Badge {
    let label = match (&cluster.known, name) {
        (Some(known), "known") => format!("known {}", known.id),
        _ => name.to_owned(),
    };
    Badge { class: class(name), label }
}

fn class(name: &str) -> String {
    name.replace(' ', "-")
}

impl Badge {
    pub fn class(&self) -> &str {
        &self.class
    }
}
