//! The tables and their columns.

use polars::prelude::{DataFrame, PolarsResult};

use super::columns::Columns;
use crate::findings::{ClusterSummary, Findings, Row, RunSummary, SourceSummary};
use crate::runs::Rate;
use crate::signatures::Cause;

/// What was found, as frames. The table `occurrences` can be written in parts and put together
/// again; the others are only there when the whole findings are.
#[derive(Clone, Debug)]
pub struct Tables {
    pub occurrences: DataFrame,
    pub sources: Option<DataFrame>,
    pub clusters: Option<DataFrame>,
    pub runs: Option<DataFrame>,
}

impl Tables {
    /// Lays `findings` out as frames. Times are in UTC.
    ///
    /// # Errors
    /// None that findings can cause; the frame library checks lengths and names again.
    pub fn of(findings: &Findings) -> PolarsResult<Self> {
        Ok(Self {
            occurrences: occurrences(&findings.rows().collect::<Vec<_>>())?,
            sources: Some(sources(&findings.sources)?),
            clusters: Some(clusters(&findings.clusters)?),
            runs: Some(runs(&findings.runs)?),
        })
    }
}

/// Returns the share of runs that failed so.
fn share(rate: &Rate) -> f64 {
    rate.failed as f64 / rate.ran.max(1) as f64
}

/// Returns the occurrences; of no rows, an empty frame with all columns.
pub(super) fn occurrences(rows: &[Row<'_>]) -> PolarsResult<DataFrame> {
    let columns = Columns::of(rows);
    DataFrame::new(
        rows.len(),
        vec![
            columns.text("cluster", |row| Some(row.cluster)),
            columns.text("id", |row| Some(row.id)),
            columns.text("title", |row| Some(row.title)),
            columns.text("kind", |row| Some(row.kind.name())),
            columns.text("source", |row| Some(row.source)),
            columns.number("line_start", |row| Some(row.line_start)),
            columns.number("line_end", |row| Some(row.line_end)),
            columns.number("byte_start", |row| Some(row.byte_start)),
            columns.number("byte_end", |row| Some(row.byte_end)),
            columns.number("rank", |row| Some(row.rank)),
            columns.time("time", |row| row.time),
            columns.day("day", |row| row.time),
            columns.week("week", |row| row.time),
            columns.text("host", |row| row.host),
            columns.number("rank_no", |row| row.rank_no),
            columns.number("device", |row| row.device),
            columns.number("worker", |row| row.worker),
            columns.text("test", |row| row.test),
            columns.text("message", |row| Some(row.message)),
            columns.text("cause", |row| row.cause.map(Cause::name)),
            columns.real("score", |row| row.score),
            columns.text("outcome", |row| Some(row.outcome.name())),
            columns.truth("baseline", |row| row.baseline),
        ],
    )
}

fn sources(rows: &[SourceSummary]) -> PolarsResult<DataFrame> {
    let columns = Columns::of(rows);
    DataFrame::new(
        rows.len(),
        vec![
            columns.text("source", |row| Some(&row.source)),
            columns.number("bytes", |row| Some(row.bytes)),
            columns.number("lines", |row| Some(row.lines)),
            columns.text("outcome", |row| Some(row.outcome.name())),
            columns.text("outcome_because", |row| row.outcome_because.as_deref()),
            columns.text("primary_cluster", |row| row.primary.as_deref()),
            columns.truth("baseline", |row| row.baseline),
            columns.number("problems", |row| Some(row.problems.len() as u64)),
            columns.time("first_time", |row| row.first_time.as_deref()),
            columns.time("last_time", |row| row.last_time.as_deref()),
            columns.text("host", |row| row.host.as_deref()),
            columns.text("job", |row| row.job.as_deref()),
        ],
    )
}

fn clusters(rows: &[ClusterSummary]) -> PolarsResult<DataFrame> {
    let columns = Columns::of(rows);
    DataFrame::new(
        rows.len(),
        vec![
            columns.text("cluster", |row| Some(&row.id)),
            columns.text("title", |row| Some(&row.title)),
            columns.text("test", |row| row.tests.first().map(String::as_str)),
            columns.number("tests", |row| Some(row.tests.len() as u64)),
            columns.text("kind", |row| Some(row.kind.name())),
            columns.text("signature", |row| Some(&row.signature)),
            columns.text("known", |row| row.known.as_ref().map(|known| known.id.as_str())),
            columns.text("issue", |row| row.issue.as_ref().map(|issue| issue.issue.as_str())),
            columns.text("owner", |row| row.owner.as_deref()),
            columns.text("verdict", |row| Some(row.verdict.name())),
            columns.real("rate", |row| row.rate.as_ref().map(share)),
            columns.number("failed", |row| row.rate.as_ref().map(|rate| rate.failed)),
            columns.number("ran", |row| row.rate.as_ref().map(|rate| rate.ran)),
            columns.time("first", |row| row.first_seen.as_ref()?.time.as_deref()),
            columns.time("last", |row| row.last_seen.as_ref()?.time.as_deref()),
            columns.number("failures", |row| Some(row.failures)),
            columns.number("in_sources", |row| Some(row.in_sources)),
            columns.number("occurrences", |row| Some(row.occurrences.len() as u64)),
            columns.text("cause", |row| row.causes.first().map(|cause| cause.cause.name())),
            columns.real("score", |row| row.causes.first().map(|cause| cause.score)),
        ],
    )
}

fn runs(rows: &[RunSummary]) -> PolarsResult<DataFrame> {
    let columns = Columns::of(rows);
    DataFrame::new(
        rows.len(),
        vec![
            columns.text("run", |row| Some(&row.id)),
            columns.text("repository", |row| row.repository.as_deref()),
            columns.text("workflow", |row| row.workflow.as_deref()),
            columns.text("job", |row| row.job.as_deref()),
            columns.number("attempt", |row| row.attempt),
            columns.text("commit", |row| row.commit.as_deref()),
            columns.text("branch", |row| row.branch.as_deref()),
            columns.time("time", |row| row.time.as_deref()),
            columns.day("day", |row| row.time.as_deref()),
            columns.week("week", |row| row.time.as_deref()),
            columns.text("host", |row| row.host.as_deref()),
            columns.text("outcome", |row| Some(row.outcome.name())),
            columns.truth("baseline", |row| row.baseline),
            columns.text("source", |row| row.sources.first().map(String::as_str)),
        ],
    )
}
