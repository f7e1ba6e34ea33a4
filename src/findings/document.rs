//! The document `ndlog.clusters/2`: everything `ndlog cluster` found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DiffRange, Excerpt, Headline, KnownFailure, Outcome, Plot, RunSummary, StackClass, When};
use crate::background::SetBack;
use crate::causes::Grade;
use crate::error::Problem;
use crate::facts::clues::Family;
use crate::facts::failures::{CodePlace, Kind};
use crate::facts::{Coverage, Mention};
use crate::runs::{News, Rate, Seen, Verdict};
use crate::signatures::Cause;
use crate::store::{Gone, Issue, Past};
use crate::text::records::Actor;

/// The name and number of this document's form.
pub const SCHEMA: &str = "ndlog.clusters/2";

/// What `ndlog cluster` found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Findings {
    /// The name and version of the format, `ndlog.clusters/2`.
    pub schema: String,
    pub totals: Totals,
    /// One for each source read, in the order of their names.
    pub sources: Vec<SourceSummary>,
    /// One for each attempt of a job, in the order of their first source.
    #[serde(default)]
    pub runs: Vec<RunSummary>,
    /// Most frequent first.
    pub clusters: Vec<ClusterSummary>,
    /// Failures that a store remembers and that these runs lack, the last seen first; only with a store.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Gone>,
    /// Log lines round what the clusters name, in the order of source and line; only reports that
    /// show them ask for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excerpts: Vec<Excerpt>,
}

impl Findings {
    /// Returns the failures that some run failed with first.
    pub fn primary(&self) -> impl Iterator<Item = &ClusterSummary> + Clone {
        self.clusters.iter().filter(|cluster| cluster.is_primary())
    }
}

/// Sums over all sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    pub sources: u64,
    pub bytes: u64,
    /// Lines that the sources hold.
    pub lines: u64,
    /// What was looked at, and what was left out by which bound: the sum over the sources.
    #[serde(default)]
    pub coverage: Coverage,
    /// Equal to the sum of `occurrences` over the clusters.
    pub occurrences: u64,
    pub clusters: u64,
}

/// One log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SourceSummary {
    /// The path as given; archive members as `run.zip!job/3_test.txt`.
    pub source: String,
    pub bytes: u64,
    pub lines: u64,
    pub outcome: Outcome,
    /// What says so: a line of the log, a JUnit file, or the reason why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_because: Option<String>,
    /// The lines that state that something of it failed, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_ends: Vec<Headline>,
    /// What else went wrong in it, as a longer text shows it.
    #[serde(skip)]
    pub mentions: Vec<Mention>,
    /// What is read after other failures, or is left out for them, as runs of the job print it whatever failed in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_back: Vec<SetBack>,
    /// The cluster of the occurrence with rank 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
    /// True for logs given with `--pass`.
    pub baseline: bool,
    pub problems: Vec<Problem>,
    /// What was looked at, and what was left out by which bound.
    #[serde(default)]
    pub coverage: Coverage,
    /// First and last time in the log, RFC 3339, where it has times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_time: Option<String>,
    /// The names of the host or runner and of the job, where the log or its path says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
}

/// One failure, in all the places where it happened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterSummary {
    /// 16 hex digits, from the normal form and the version of the rules alone.
    pub id: String,
    /// Ids of near-duplicates that were put into this cluster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    pub title: String,
    /// What kind of event.
    pub kind: Kind,
    /// The normal form, parts joined by ` | `.
    pub signature: String,
    /// The catalog entry that matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownFailure>,
    /// The issue under which somebody works on it, as `.ndlog.toml` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<Issue>,
    /// Who is asked about it: the owner of the issue, or else of its tests or job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What to look at next, as the catalog entry advises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Runs that failed so: it is what to read first there, or one of the tests that failed.
    pub failures: u64,
    /// Sources in which a suspect of this cluster has rank 1: nothing states how they ended.
    #[serde(default, skip_serializing_if = "none")]
    pub suspects: u64,
    /// Sources with any occurrence.
    pub in_sources: u64,
    pub occurrences: Vec<OccurrenceSummary>,
    /// The tests that failed so, as their runner prints them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<String>,
    /// How often it comes; absent where the job is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Whether it comes now and then or every time.
    #[serde(default)]
    pub verdict: Verdict,
    /// The first and the last run that failed so, where their times are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<Seen>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Seen>,
    /// Since when it comes, where so many runs before lack it that chance is no explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_since: Option<News>,
    /// What a store remembers of it, these runs included; only with a store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<Past>,
    /// Most probable first.
    #[serde(default)]
    pub causes: Vec<CauseSummary>,
    /// What the example log says that passing runs do not, best first; empty without passing runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contrast: Vec<DiffRange>,
    /// The stack dump of the example log, folded: most threads first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stacks: Vec<StackClass>,
    /// What is better seen than read, where the logs give the figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plots: Vec<Plot>,
}

/// One place where a failure happened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OccurrenceSummary {
    pub source: String,
    /// The run that the source belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// 1-based, inclusive, in the bytes as stored.
    pub line_start: u64,
    pub line_end: u64,
    /// Half-open byte span.
    pub byte_start: u64,
    pub byte_end: u64,
    /// Within its source, 1 is what to read first.
    pub rank: u64,
    /// True if nothing states how the source ended: it may explain a failure, and makes none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
    /// The line that says it best.
    #[serde(default)]
    pub headline: Headline,
    /// The line of the sources that the log names for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodePlace>,
    /// RFC 3339, where the log has times with a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// When it happened as far as the log tells, whatever its times count from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// The test, with its parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// The id of this occurrence's own exact signature; differs from the cluster's in near-duplicates.
    pub exact: String,
    /// The cleaned line that says it best, cut to 500 characters.
    pub message: String,
}

/// One candidate for why a failure happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CauseSummary {
    pub cause: Cause,
    /// A probability.
    pub score: f64,
    pub grade: Grade,
    /// Natural-log odds before any evidence, up to a constant.
    #[serde(default)]
    pub prior: f64,
    pub evidence: Vec<EvidenceSummary>,
    pub against: Vec<EvidenceSummary>,
}

/// One line, or one count over lines, that speaks for or against a cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceSummary {
    pub text: String,
    /// The evidence family; each family counts once.
    pub family: Family,
    /// Natural-log odds that it adds; negative against.
    pub weight: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

fn none(count: &u64) -> bool {
    *count == 0
}
