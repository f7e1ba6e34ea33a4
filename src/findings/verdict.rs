//! What to tell the person at a red build: one failure, three lines, one step.

use super::{ClusterSummary, Findings, OccurrenceSummary, Outcome};
use crate::background::SetBack;

/// Lines that a person is asked to read.
const LINES: usize = 3;

/// The answer to "why is this red?".
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict<'a> {
    /// Fail if any run failed, else unknown if any is, else pass.
    pub outcome: Outcome,
    /// What says so, of the first run that decides.
    pub because: Option<&'a str>,
    /// The failure to look at; `None` unless something failed.
    pub cluster: Option<&'a ClusterSummary>,
    /// The lines to read, most telling first.
    pub lines: Vec<Pointer<'a>>,
    /// What would be read first if runs of the job did not print it whatever failed in them.
    pub behind: Option<&'a SetBack>,
}

/// A line worth reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer<'a> {
    pub source: &'a str,
    /// 1-based.
    pub line: u64,
    pub text: &'a str,
}

impl<'a> Verdict<'a> {
    /// Picks from the logs that were asked about; those of passing runs do not count.
    pub fn of(findings: &'a Findings) -> Self {
        let asked = || findings.runs.iter().filter(|run| !run.baseline);
        let is = |outcome: Outcome| asked().find(|run| run.outcome == outcome);
        let deciding = is(Outcome::Fail).or(is(Outcome::Unknown)).or(is(Outcome::Pass));
        let cluster = findings.primary().next();
        Self {
            outcome: deciding.map_or(Outcome::Unknown, |run| run.outcome),
            because: deciding.and_then(|run| run.outcome_because.as_deref()),
            lines: cluster.map(|cluster| lines(findings, cluster)).unwrap_or_default(),
            behind: cluster.and_then(|cluster| findings.behind(cluster).next()).map(|(_, behind)| behind),
            cluster,
        }
    }
}

/// Returns the failure itself, then what speaks for its first cause, then what passing runs do not say,
/// then what else failed in its log.
fn lines<'a>(findings: &'a Findings, cluster: &'a ClusterSummary) -> Vec<Pointer<'a>> {
    let Some(example) = cluster.example() else { return Vec::new() };
    let evidence = cluster.causes.first().into_iter().flat_map(|cause| &cause.evidence);
    let evidence = evidence.filter_map(|one| {
        let (source, line) = one.source.as_deref().zip(one.line)?;
        Some(Pointer { source, line, text: findings.line(source, line).unwrap_or(&one.text) })
    });
    let all = findings.clusters.iter().flat_map(|cluster| &cluster.occurrences);
    let mut others: Vec<_> = all.filter(|other| other.source == example.source && other.rank > 1).collect();
    others.sort_by_key(|other| other.rank);
    let mut lines: Vec<Pointer<'a>> = Vec::with_capacity(LINES);
    let news = cluster.contrast_beside().filter_map(|range| {
        let text = findings.line(&range.source, range.line_start)?;
        Some(Pointer { source: &range.source, line: range.line_start, text })
    });
    let candidates = [headline(findings, example)].into_iter().chain(evidence).chain(news);
    for pointer in candidates.chain(others.into_iter().map(|other| headline(findings, other))) {
        let known = lines.iter().any(|line| (line.source, line.line) == (pointer.source, pointer.line));
        if !known && lines.len() < LINES {
            lines.push(pointer);
        }
    }
    lines
}

fn headline<'a>(findings: &Findings, occurrence: &'a OccurrenceSummary) -> Pointer<'a> {
    Pointer { source: &occurrence.source, line: findings.telling_line(occurrence), text: &occurrence.message }
}

impl Findings {
    /// Returns the line of an occurrence that says its message, or else its first.
    pub fn telling_line(&self, occurrence: &OccurrenceSummary) -> u64 {
        let message = occurrence.message.as_str();
        let says = |line: &u64| {
            let text = self.line(&occurrence.source, *line);
            text.is_some_and(|text| !message.is_empty() && text.contains(message))
        };
        let shown = occurrence.line_start..=occurrence.line_end.min(occurrence.line_start + 200);
        shown.into_iter().find(says).unwrap_or(occurrence.line_start)
    }

    /// Returns the text of a line, where an excerpt shows it.
    pub fn line(&self, source: &str, line: u64) -> Option<&str> {
        let excerpt = self.excerpt(source, line)?;
        excerpt.lines.get((line - excerpt.line_start) as usize).map(String::as_str)
    }
}
