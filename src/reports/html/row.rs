//! One failure in the list: what, how often, since when, why.

use serde::Serialize;

use super::chips::{Badge, Chips};
use super::clip::clip;
use super::when;
use crate::findings::{ClusterSummary, Findings, Spread};
use crate::reports::{cause_words, phrases, terminal};

/// Characters of a name and of a message.
const TEXT: usize = 300;

/// A row of the list.
#[derive(Serialize)]
pub struct Row<'a> {
    id: &'a str,
    name: String,
    message: Option<String>,
    share: String,
    spark: Option<String>,
    seen: Option<String>,
    why: Option<String>,
    host: Option<String>,
    badges: Vec<Badge>,
    /// The classes of the badges, to filter by.
    chips: String,
    /// What the list is sorted by.
    failed: u64,
    percent: f64,
    first: i64,
    last: i64,
}

impl<'a> Row<'a> {
    /// Lays out a failure.
    pub fn of(cluster: &'a ClusterSummary, chips: &Chips<'_>, findings: &'a Findings) -> Self {
        let message = phrases::message(cluster);
        let (name, message) = match phrases::tests(cluster) {
            Some(tests) => (tests, Some(clip(message, TEXT).into_owned())),
            None => (message.to_owned(), None),
        };
        let badges = chips.on(cluster);
        let share = cluster.rate.as_ref().map_or(0.0, |rate| rate.failed as f64 / rate.ran.max(1) as f64);
        Self {
            id: &cluster.id,
            name: clip(&name, TEXT).into_owned(),
            message,
            share: phrases::share(cluster),
            spark: findings.history(cluster).map(|shares| terminal::spark(&shares)),
            seen: when::seen(cluster),
            why: cause_words::why(cluster),
            host: hosts(cluster, findings),
            chips: badges.iter().map(Badge::class).collect::<Vec<_>>().join(" "),
            badges,
            failed: cluster.failures.max(cluster.suspects),
            percent: (share * 1000.0).round() / 10.0,
            first: when::seconds(cluster.first_seen.as_ref()),
            last: when::seconds(cluster.last_seen.as_ref()),
        }
    }
}

/// Returns the host with most occurrences, and how many others there are.
fn hosts(cluster: &ClusterSummary, findings: &Findings) -> Option<String> {
    let hosts = Spread::of(findings, cluster).hosts;
    let (first, _) = hosts.first()?;
    Some(match hosts.len() {
        1 => (*first).to_owned(),
        more => format!("{first} and {}", phrases::count(more as u64 - 1, "more host")),
    })
}
