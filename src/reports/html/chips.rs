//! Words that a failure can be filtered by, each with a mark of its own beside its colour.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::findings::ClusterSummary;
use crate::reports::phrases;
use crate::runs::Verdict;
use crate::signatures::Cause;
use crate::store::State;

/// The names of all chips, in their order; those of owners follow.
const NAMES: [&str; 10] = [
    "new",
    "back again",
    "flaky",
    "fails always",
    "once",
    "known issue",
    "issue expired",
    "known",
    "infrastructure",
    "unclear",
];
/// Owners that have a chip, those with most failures first.
const OWNERS: usize = 12;
/// Causes that are no fault of the code under test.
const OUTSIDE: [Cause; 3] = [Cause::Infrastructure, Cause::Network, Cause::Environment];
/// From which probability on such a cause names the failure.
const LIKELY: f64 = 0.5;

/// A chip with the number of failures that have it.
#[derive(Serialize)]
pub struct Chip {
    name: String,
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

/// The chips of a page: each failure has some of them.
pub struct Chips<'c> {
    /// Those who are asked about the failures of this page.
    owners: Vec<&'c str>,
}

impl<'c> Chips<'c> {
    /// Returns the chips for these failures.
    pub fn of(clusters: &[&'c ClusterSummary]) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for owner in clusters.iter().filter_map(|cluster| cluster.owner.as_deref()) {
            *counts.entry(owner).or_default() += 1;
        }
        let mut owners: Vec<(usize, &str)> =
            counts.into_iter().map(|(owner, count)| (count, owner)).collect();
        owners.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        Self { owners: owners.into_iter().take(OWNERS).map(|(_, owner)| owner).collect() }
    }

    /// Returns the chips of a failure.
    pub fn on(&self, cluster: &ClusterSummary) -> Vec<Badge> {
        let own = NAMES.into_iter().filter(|name| has(cluster, name)).map(|name| badge(name, cluster));
        let at = self.owners.iter().position(|owner| cluster.owner.as_deref() == Some(owner));
        let owner =
            at.and_then(|at| Some(Badge { class: owner(at), label: (*self.owners.get(at)?).to_owned() }));
        own.chain(owner).collect()
    }

    /// Returns the chips that some of the failures have.
    pub fn counted(&self, clusters: &[&ClusterSummary]) -> Vec<Chip> {
        let badges: Vec<Badge> = clusters.iter().flat_map(|cluster| self.on(cluster)).collect();
        let chip = |(name, class): (String, String)| {
            let count = badges.iter().filter(|badge| badge.class == class).count();
            Chip { name, class, count }
        };
        let named = NAMES.into_iter().map(|name| (name.to_owned(), class(name)));
        let owners = self.owners.iter().enumerate().map(|(at, name)| ((*name).to_owned(), owner(at)));
        named.chain(owners).map(chip).filter(|chip| chip.count > 0).collect()
    }
}

fn has(cluster: &ClusterSummary, name: &str) -> bool {
    let cause = cluster.causes.first().filter(|cause| cause.score >= LIKELY);
    let expired = cluster.issue.as_ref().map(|issue| issue.expired);
    match name {
        "new" => phrases::is_new(cluster),
        "back again" => cluster.past.as_ref().is_some_and(|past| past.state == Some(State::Back)),
        "flaky" => cluster.verdict == Verdict::Flaky,
        "fails always" => cluster.verdict == Verdict::EveryTime,
        "once" => cluster.verdict == Verdict::Once && cluster.failures > 0,
        "known issue" => expired == Some(false),
        "issue expired" => expired == Some(true),
        "known" => cluster.known.as_ref().is_some_and(|known| !known.form),
        "infrastructure" => cause.is_some_and(|cause| OUTSIDE.contains(&cause.cause)),
        _ => cluster.failures == 0,
    }
}

fn badge(name: &str, cluster: &ClusterSummary) -> Badge {
    let label = match (&cluster.known, name) {
        (Some(known), "known") => format!("known {}", known.id),
        _ => name.to_owned(),
    };
    Badge { class: class(name), label }
}

/// Returns the class of an owner's chip, whose name may be any text.
fn owner(at: usize) -> String {
    format!("owner-{at}")
}

fn class(name: &str) -> String {
    name.replace(' ', "-")
}

impl Badge {
    pub fn class(&self) -> &str {
        &self.class
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;
    use crate::store::Issue;

    #[test]
    fn issues_and_owners_of_the_project_are_chips_that_can_be_pressed() {
        let mut findings = example::findings();
        let [first, second, ..] = findings.clusters.as_mut_slice() else { panic!("two failures") };
        let issue = |expired| Some(Issue { issue: "#7".to_owned(), expired, ..Issue::default() });
        (first.issue, first.owner) = (issue(false), Some("@net \"<b>".to_owned()));
        (second.issue, second.owner) = (issue(true), Some("@io".to_owned()));
        let clusters: Vec<&ClusterSummary> = findings.clusters.iter().collect();
        let chips = Chips::of(&clusters);
        let classes = |cluster| chips.on(cluster).iter().map(|badge| badge.class.clone()).collect::<Vec<_>>();
        assert_eq!(classes(clusters[0]), ["flaky", "known-issue", "owner-1"]);
        assert!(classes(clusters[1]).ends_with(&["issue-expired".to_owned(), "owner-0".to_owned()]));
        let counted = chips.counted(&clusters);
        let owners: Vec<&str> = counted.iter().rev().take(2).map(|chip| chip.name.as_str()).collect();
        assert_eq!(owners, ["@net \"<b>", "@io"]);
        let plain = |chip: &Chip| chip.class.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        assert!(counted.iter().all(plain), "a class holds no text of others");
    }
}
