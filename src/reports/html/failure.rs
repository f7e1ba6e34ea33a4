//! The page of one failure: figures, lines, causes, runs, and how to make it happen again.

use std::borrow::Cow;

use serde::Serialize;

use super::charts::Chart;
use super::chips::{Badge, Chips};
use super::clip::clip;
use super::excerpt::Excerpt;
use super::lookup::Lookup;
use super::reason::Reason;
use super::shares::{self, Shares};
use super::strip::{Cell, Strip};
use super::when;
use crate::findings::{CauseSummary, ClusterSummary, KnownFailure, OccurrenceSummary, Outcome, StackClass};
use crate::reports::{cause_words, phrases, visible};

/// Causes told, and the probability that makes one beside the first worth it.
const CAUSES: usize = 2;
const WORTH: f64 = 0.15;
/// Ranges shown of what passing runs do not say.
const NEWS: usize = 3;
/// Tests named.
const TESTS: usize = 30;
/// Classes of stacks shown.
const STACKS: usize = 20;
/// Latest runs drawn.
const COLUMNS: usize = 500;
/// Characters of a title, and of a message beside a place.
const TITLE: usize = 1000;
const MESSAGE: usize = 120;

/// A page of one failure.
#[derive(Serialize)]
pub struct Failure<'a> {
    id: &'a str,
    aliases: &'a [String],
    kind: &'a str,
    name: String,
    message: Option<String>,
    badges: Vec<Badge>,
    tests: &'a [String],
    more_tests: usize,
    recurrence: Option<String>,
    change: Option<String>,
    seen: Option<String>,
    why: Option<String>,
    known: Option<&'a KnownFailure>,
    /// What a store remembers.
    past: Option<String>,
    /// Where it is worked on, or who is asked.
    issue: Option<String>,
    /// The address of the issue, where it is one.
    tracker: Option<&'a str>,
    next: Option<&'a str>,
    shares: Vec<Shares>,
    strip: Option<Strip>,
    excerpt: Option<Excerpt<'a>>,
    /// What passing runs do not say, beside the failure itself.
    news: Vec<Excerpt<'a>>,
    stacks: &'a [StackClass],
    charts: Vec<Chart>,
    reasons: Vec<Reason<'a>>,
    places: Vec<Place<'a>>,
    more_places: usize,
    command: Option<String>,
    /// Where it says more than the title.
    signature: Option<String>,
}

/// Where it happened once.
#[derive(Serialize)]
struct Place<'a> {
    /// The position of its run.
    run: Option<usize>,
    source: &'a str,
    line: u64,
    link: Option<String>,
    when: Option<String>,
    commit: Option<String>,
    host: Option<&'a str>,
    /// Where it differs from the one above all.
    message: Option<String>,
}

impl<'a> Failure<'a> {
    pub fn id(&self) -> &'a str {
        self.id
    }

    /// Lays out one failure with at most `most` of its places.
    pub fn of(cluster: &'a ClusterSummary, chips: &Chips<'_>, most: usize, lookup: &Lookup<'a>) -> Self {
        let message = clip(phrases::message(cluster), TITLE).into_owned();
        let (name, message) = match phrases::tests(cluster) {
            Some(tests) => (tests, Some(message)),
            None => (message, None),
        };
        let example = cluster.example();
        let excerpt = example.map(|example| Excerpt::of(example, lookup));
        let tests = if cluster.tests.len() > 1 { cluster.tests.as_slice() } else { &[] };
        let more_tests = tests.len().saturating_sub(TESTS);
        Self {
            id: &cluster.id,
            aliases: &cluster.aliases,
            kind: cluster.kind.name(),
            name,
            message,
            badges: chips.on(cluster),
            tests: tests.get(..TESTS).unwrap_or(tests),
            more_tests,
            recurrence: phrases::counted(cluster),
            change: phrases::change(cluster),
            seen: when::seen(cluster),
            why: cause_words::why(cluster),
            known: cluster.known.as_ref().filter(|known| !known.form),
            past: phrases::past(cluster),
            issue: phrases::issue(cluster),
            tracker: cluster
                .issue
                .as_ref()
                .map(|issue| issue.issue.as_str())
                .filter(|issue| is_address(issue)),
            next: cluster.next.as_deref(),
            shares: shares::of(cluster, lookup),
            strip: strip(cluster, lookup),
            reasons: reasons(cluster, excerpt.as_ref().map(Excerpt::place), lookup),
            excerpt,
            news: cluster
                .contrast_beside()
                .take(NEWS)
                .map(|range| Excerpt::range(&range.source, range.line_start, range.line_end, lookup))
                .collect(),
            stacks: cluster.stacks.get(..STACKS).unwrap_or(&cluster.stacks),
            charts: cluster.plots.iter().filter_map(|plot| Chart::of(plot, lookup.room.dots)).collect(),
            places: cluster
                .occurrences
                .iter()
                .take(most)
                .map(|one| Place::of(one, example, lookup))
                .collect(),
            more_places: cluster.occurrences.len().saturating_sub(most),
            command: example.and_then(|example| command(cluster, example)),
            signature: (lookup.room.signature > 0 && !cluster.signature.ends_with(phrases::message(cluster)))
                .then(|| clip(&cluster.signature, lookup.room.signature).into_owned()),
        }
    }
}

impl<'a> Place<'a> {
    fn of(one: &'a OccurrenceSummary, example: Option<&OccurrenceSummary>, lookup: &Lookup<'a>) -> Self {
        let run = one.run.as_deref().and_then(|id| lookup.position(id));
        let of_run = run.and_then(|at| lookup.run(at));
        let stated = (one.line_start..=one.line_end).contains(&one.headline.line);
        let line = if stated { one.headline.line } else { one.line_start };
        let same = example.is_some_and(|example| example.message == one.message);
        let time = one.time.as_deref().or_else(|| of_run?.time.as_deref());
        Self {
            run,
            source: &one.source,
            line,
            link: lookup.link(&one.source, line),
            when: time.and_then(when::minute),
            commit: of_run.and_then(|run| run.commit.as_deref()).map(when::short),
            host: lookup.findings.host(one),
            message: (!same).then(|| clip(&one.message, MESSAGE).into_owned()),
        }
    }
}

/// Returns true for an address that a browser may open.
fn is_address(text: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme))
}

/// Returns the causes worth a look, with what speaks for and against each.
fn reasons<'a>(
    cluster: &'a ClusterSummary,
    shown: Option<(&str, u64)>,
    lookup: &Lookup<'a>,
) -> Vec<Reason<'a>> {
    let speaks = |cause: &&CauseSummary| !cause.evidence.is_empty() || !cause.against.is_empty();
    let worth = cluster.causes.iter().enumerate().filter(|(at, cause)| *at == 0 || cause.score >= WORTH);
    let worth = worth.map(|(_, cause)| cause).filter(speaks).take(CAUSES);
    worth.map(|cause| Reason::of(cause, phrases::message(cluster), shown, lookup)).collect()
}

/// Returns how the failure came and went over the runs in which it could come.
fn strip(cluster: &ClusterSummary, lookup: &Lookup<'_>) -> Option<Strip> {
    let rate = cluster.rate.as_ref().filter(|rate| rate.ran > 1)?;
    let mut runs: Vec<usize> = rate.ran_in.below(lookup.findings.runs.len()).collect();
    lookup.sort_by_time(&mut runs);
    let cell = |at: &usize| match lookup.run(*at).map(|run| run.outcome) {
        _ if rate.failed_in.contains(*at) => Cell::Failed,
        None | Some(Outcome::Unknown) => Cell::Unclear,
        _ => Cell::Passed,
    };
    let cells: Vec<Cell> = runs.iter().skip(runs.len().saturating_sub(COLUMNS)).map(cell).collect();
    (!cells.is_empty()).then(|| Strip::of(&cells))
}

/// Returns what to type to make it happen again; `None` where a name cannot be typed as it is shown.
fn command(cluster: &ClusterSummary, example: &OccurrenceSummary) -> Option<String> {
    let typed = |text: &str| {
        let Cow::Borrowed(plain) = visible(text) else { return None };
        shlex::try_quote(plain).ok().map(Cow::into_owned)
    };
    // Of an archive, the whole is opened.
    let file = example.source.split_once('!').map_or(example.source.as_str(), |(archive, _)| archive);
    let mut command = format!("ndlog reproduce {}", typed(file)?);
    if let Some(test) = example.test.as_deref().or(cluster.tests.first().map(String::as_str)).and_then(typed)
    {
        command += &format!(" --test {test}");
    }
    Some(command)
}
