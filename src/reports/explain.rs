//! How ndlog came to what it says, in plain lines.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{phrases, visible};
use crate::findings::{ClusterSummary, Findings};

/// Returns a table of two columns: what was looked at, and what it showed.
pub fn steps<'a>(steps: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, said) in steps {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<11} {said}");
    }
    text
}

/// What is told of two failures.
pub struct Compared<'a> {
    /// Place and normal form of each.
    pub sides: [(String, &'a [String]); 2],
    /// What is measured: `text`, `stack` or `set` of places.
    pub measure: &'a str,
    pub distance: f64,
    pub threshold: f64,
    /// Whether they stand in one cluster of the logs given, where some were given.
    pub together: Option<bool>,
    /// True if both have the same id.
    pub same: bool,
    /// True if they are near enough to be one failure.
    pub near: bool,
    /// Parts that must be equal and are not.
    pub differ: &'a [String],
}

/// Returns why two failures were put together or were not.
pub fn compared(pair: &Compared<'_>) -> String {
    let mut text = String::new();
    let [(first, parts), (second, others)] = &pair.sides;
    let _ = writeln!(text, "A  {first}\nB  {second}\n");
    for part in *parts {
        let _ = writeln!(text, "{}  {part}", if others.contains(part) { "=" } else { "A" });
    }
    for part in others.iter().filter(|part| !parts.contains(part)) {
        let _ = writeln!(text, "B  {part}");
    }
    let _ = writeln!(text, "\n{}", verdict(pair));
    text
}

/// Runs of one failure whose joining is told.
const RUNS: usize = 10;

/// Returns what the runs that failed so rest on: where each part of their identity was read, and why each further
/// source belongs to them.
pub fn joined(findings: &Findings, cluster: &ClusterSummary) -> String {
    let own: BTreeSet<&str> = cluster.occurrences.iter().filter_map(|one| one.run.as_deref()).collect();
    let mut text = String::new();
    for run in findings.runs.iter().filter(|run| own.contains(run.id.as_str())).take(RUNS) {
        let _ = writeln!(text, "\nrun {}", visible(&run.id));
        for one in &run.identified_by {
            let place = match (&one.source, one.line) {
                (Some(source), Some(line)) => format!(" ({}:{line})", visible(source)),
                (Some(source), None) => format!(" ({})", visible(source)),
                (None, _) => String::new(),
            };
            let _ = writeln!(text, "  {}: {}{place}", visible(&one.what), visible(&one.by));
        }
    }
    let more = own.len().saturating_sub(RUNS);
    if more > 0 {
        let _ = writeln!(text, "\n… and {}", phrases::count(more as u64, "more run"));
    }
    text
}

/// Returns what is read after the failure in the log of its example, and why; nothing where nothing is.
pub fn behind(findings: &Findings, cluster: &ClusterSummary) -> String {
    let mut text = String::new();
    for (source, behind) in findings.behind(cluster) {
        if text.is_empty() {
            text.push_str("\nread after it\n");
        }
        let _ = writeln!(text, "  {}: {}", visible(source), visible(&phrases::behind(behind)));
    }
    text
}

/// Returns every weight behind the causes of a cluster, with the line that it rests on.
pub fn weighed(cluster: &ClusterSummary) -> String {
    let mut text = format!("{}  {}\n", cluster.id, visible(&cluster.title));
    if let Some(runs) = phrases::recurrence(cluster) {
        let _ = writeln!(text, "{}", visible(&runs));
    }
    for cause in &cluster.causes {
        let (name, score, grade) = (cause.cause, phrases::probability(cause.score), cause.grade);
        let _ = writeln!(text, "\n{name} {score} ({grade})");
        let _ = writeln!(text, "  {:+.2}  before any evidence", cause.prior);
        for one in cause.evidence.iter().chain(&cause.against) {
            let _ = writeln!(text, "  {:+.2}  {}: {}", one.weight, one.family, visible(&one.text));
            if let (Some(source), Some(line)) = (&one.source, one.line) {
                let _ = writeln!(text, "         {}:{line}", visible(source));
            }
        }
        let sum: f64 = cause.evidence.iter().chain(&cause.against).map(|one| one.weight).sum();
        let _ = writeln!(text, "  {:+.2}  in all", cause.prior + sum);
    }
    text
}

fn verdict(pair: &Compared<'_>) -> String {
    let (measure, distance, threshold) = (pair.measure, pair.distance, pair.threshold);
    if pair.same {
        return "Together: the normal forms, and so the ids, are equal.".to_owned();
    }
    if !pair.differ.is_empty() {
        let parts = pair.differ.join(" | ");
        return format!(
            "Apart: these parts must be equal and are not: {parts}. The {measure} distance, {distance:.2}, no longer matters."
        );
    }
    if !pair.near {
        return format!("Apart: the {measure} distance {distance:.2} is above the threshold {threshold:.2}.");
    }
    let near = format!("the {measure} distance {distance:.2} is not above the threshold {threshold:.2}");
    match pair.together {
        Some(true) => format!("Together: {near}, and so it is to all others of their cluster."),
        Some(false) => {
            format!("Apart: {near}, but a third failure of one of their clusters is farther away.")
        }
        None => format!(
            "Near: {near}. They are together unless a third failure of their cluster is farther away; --logs tells."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    #[test]
    fn each_weight_of_a_cause_stands_with_its_line() {
        let mut findings = example::findings();
        findings.clusters[0].causes.truncate(1);
        findings.clusters[0].causes[0].prior = -0.5;
        insta::assert_snapshot!(weighed(&findings.clusters[0]), @r#"
        5b1c0e77a90412fd  TIMEOUT: device timeout, potential hang detected, the device is unrecoverable | worker 3
        2 of 12 runs (17 %, likely 5–45 %): flaky

        hang .61 (heuristic)
          -0.50  before any evidence
          +1.50  pace: no output from rank 3 for 1799 s before the limit of 1800 s
                 logs/a.log:4012
          +1.00  in all
        "#);
        let hostile = weighed(&example::hostile().clusters[0]);
        assert!(!hostile.contains(['\x1b', '\r', '\u{202e}', '\x07']), "{hostile}");
    }

    #[test]
    fn two_failures_are_told_part_by_part() {
        let parts = |place: &str| vec!["hang".to_owned(), "goroutines waiting".to_owned(), place.to_owned()];
        let (a, b) = (parts("ring.Push"), parts("ring.Pop"));
        let pair = Compared {
            sides: [("a.log:3".to_owned(), &a), ("b.log:9".to_owned(), &b)],
            measure: "set",
            distance: 1.0,
            threshold: 0.33,
            together: None,
            same: false,
            near: false,
            differ: &[],
        };
        let text = compared(&pair);
        assert!(text.contains("=  goroutines waiting\nA  ring.Push\nB  ring.Pop\n"), "{text}");
        assert!(text.ends_with("Apart: the set distance 1.00 is above the threshold 0.33.\n"), "{text}");
        let near = Compared { distance: 0.2, near: true, ..pair };
        assert!(verdict(&near).starts_with("Near: the set distance 0.20 is not above the threshold 0.33."));
        assert!(verdict(&Compared { together: Some(true), ..near }).starts_with("Together: "));
    }
}
