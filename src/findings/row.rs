//! One occurrence as a flat row, the same in CSV, JSON Lines and the occurrence table.

use serde::Serialize;

use super::{ClusterSummary, Findings, OccurrenceSummary, Outcome, SourceSummary};
use crate::facts::failures::Kind;
use crate::signatures::Cause;

/// One occurrence with what its cluster and its log say about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row<'a> {
    /// The id of the cluster.
    pub cluster: &'a str,
    /// The id of this occurrence's own exact signature.
    pub id: &'a str,
    pub title: &'a str,
    pub kind: Kind,
    pub source: &'a str,
    pub line_start: u64,
    pub line_end: u64,
    pub byte_start: u64,
    pub byte_end: u64,
    /// Within its source, 1 is what to read first.
    pub rank: u64,
    /// RFC 3339.
    pub time: Option<&'a str>,
    /// The host that the line names, or else the host of the log.
    pub host: Option<&'a str>,
    /// The MPI or collective rank.
    pub rank_no: Option<u64>,
    pub device: Option<u64>,
    pub worker: Option<u64>,
    pub test: Option<&'a str>,
    pub message: &'a str,
    /// The most probable cause of the cluster, and its probability.
    pub cause: Option<Cause>,
    pub score: Option<f64>,
    /// The outcome of the log.
    pub outcome: Outcome,
    /// True for logs given as passing runs to compare with.
    pub baseline: bool,
}

impl Row<'_> {
    /// The names of the fields, in their order.
    pub const COLUMNS: [&'static str; 21] = [
        "cluster",
        "id",
        "title",
        "kind",
        "source",
        "line_start",
        "line_end",
        "byte_start",
        "byte_end",
        "rank",
        "time",
        "host",
        "rank_no",
        "device",
        "worker",
        "test",
        "message",
        "cause",
        "score",
        "outcome",
        "baseline",
    ];
}

impl Findings {
    /// Returns all occurrences, cluster by cluster.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.clusters.iter().flat_map(move |cluster| {
            cluster.occurrences.iter().map(move |occurrence| self.row(cluster, occurrence))
        })
    }

    /// Returns the log of this name; `sources` is in the order of names.
    pub fn source(&self, name: &str) -> Option<&SourceSummary> {
        let position = self.sources.binary_search_by(|source| source.source.as_str().cmp(name)).ok()?;
        self.sources.get(position)
    }

    fn row<'a>(&'a self, cluster: &'a ClusterSummary, occurrence: &'a OccurrenceSummary) -> Row<'a> {
        let source = self.source(&occurrence.source);
        let actor = occurrence.actor.as_ref();
        let cause = cluster.causes.first();
        Row {
            cluster: &cluster.id,
            id: &occurrence.exact,
            title: &cluster.title,
            kind: cluster.kind,
            source: &occurrence.source,
            line_start: occurrence.line_start,
            line_end: occurrence.line_end,
            byte_start: occurrence.byte_start,
            byte_end: occurrence.byte_end,
            rank: occurrence.rank,
            time: occurrence.time.as_deref(),
            host: self.host(occurrence),
            rank_no: actor.and_then(|actor| actor.rank),
            device: actor.and_then(|actor| actor.device),
            worker: actor.and_then(|actor| actor.worker),
            test: occurrence.test.as_deref(),
            message: &occurrence.message,
            cause: cause.map(|cause| cause.cause),
            score: cause.map(|cause| cause.score),
            outcome: source.map_or(Outcome::Unknown, |source| source.outcome),
            baseline: source.is_some_and(|source| source.baseline),
        }
    }

    /// Returns the host that the occurrence's line names, or else the host of its log.
    pub fn host<'a>(&'a self, occurrence: &'a OccurrenceSummary) -> Option<&'a str> {
        let named = occurrence.actor.as_ref().and_then(|actor| actor.host.as_deref());
        named.or_else(|| self.source(&occurrence.source)?.host.as_deref())
    }
}
