//! Causes in the words of an engineer.

use super::visible;
use crate::findings::{CauseSummary, ClusterSummary};

/// From which probability on a cause is called likely.
const LIKELY: f64 = 0.5;
/// From which probability on a cause is worth a word beside a likelier one.
const WORTH: f64 = 0.15;

/// Returns why a failure happened, probably, in one sentence; `None` where causes were not ranked.
///
/// A cause that a line states is told with its line. What is only a guess is called one.
pub fn why(cluster: &ClusterSummary) -> Option<String> {
    let first = cluster.causes.first()?;
    let others = cluster.causes.iter().skip(1).filter(|cause| cause.cause != UNKNOWN && cause.score >= WORTH);
    let others: Vec<String> = others.take(2).map(|cause| words(&cause.cause)).collect();
    if first.cause == UNKNOWN {
        return Some(match others.is_empty() {
            true => "the logs do not show the cause".to_owned(),
            false => format!("not clear from the logs ({} would fit)", others.join(" or ")),
        });
    }
    let name = words(&first.cause);
    if first.grade == EXPLICIT {
        return Some(format!("{name}: the log says so{}", place(first)));
    }
    if first.score < LIKELY {
        let all: Vec<String> = std::iter::once(name).chain(others).collect();
        return Some(format!("not clear from the logs ({} would fit)", all.join(" or ")));
    }
    let less =
        if others.is_empty() { String::new() } else { format!(". Less likely: {}", others.join(" or ")) };
    Some(format!("likely: {name}{}{less}", basis(first)))
}

const UNKNOWN: &str = "unknown";
const EXPLICIT: &str = "explicit";

/// Returns what a grade rests on, for one that was proved.
fn basis(cause: &CauseSummary) -> &'static str {
    if cause.grade == "statistical" { " (holds against passing runs)" } else { "" }
}

fn place(cause: &CauseSummary) -> String {
    let stated = cause.evidence.iter().find_map(|one| one.source.as_deref().zip(one.line));
    stated.map(|(source, line)| format!(" ({}:{line})", visible(source))).unwrap_or_default()
}

/// Returns what a grade of the contract means.
pub fn grade(grade: &str) -> &str {
    match grade {
        "explicit" => "stated in the log",
        "statistical" => "holds against passing runs",
        "heuristic" => "pattern",
        "hypothesis" => "guess",
        other => other,
    }
}

/// Returns what a cause of the contract means; a name that is not of the contract stays as it is.
pub fn words(cause: &str) -> String {
    let words = match cause {
        "race" => "a race",
        "deadlock" => "a deadlock",
        "timeout" => "a time limit that is too short for work that went on",
        "hang" => "work that stopped without saying why",
        "contention" => "too little CPU, disk or device",
        "link" => "a link that was down or lost messages",
        "hardware" => "a faulty device",
        "firmware" => "firmware or a driver",
        "out-of-memory" => "memory that ran out",
        "exhaustion" => "disk, ports, threads or descriptors that ran out",
        "memory-corruption" => "memory corruption",
        "order-dependence" => "state left by another test or run",
        "test-defect" => "a test that asserts too much",
        "randomness" => "a seed, the time or an order that differs",
        "network" => "an outside service or a download",
        "infrastructure" => "the machinery of the CI system",
        "environment" => "a machine that differs from the others",
        "defect" => "a plain defect",
        other => return visible(other).into_owned(),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::EvidenceSummary;
    use crate::reports::example;

    fn cause(name: &str, score: f64, grade: &str) -> CauseSummary {
        let stated = EvidenceSummary {
            text: "the kernel killed it".to_owned(),
            family: "stated".to_owned(),
            weight: 3.0,
            source: Some("logs/a.log".to_owned()),
            line: Some(212),
        };
        CauseSummary {
            cause: name.to_owned(),
            score,
            grade: grade.to_owned(),
            prior: 0.0,
            evidence: vec![stated],
            against: Vec::new(),
        }
    }

    #[test]
    fn a_guess_is_called_a_guess_and_a_statement_shows_its_line() {
        for (causes, said) in [
            (vec![cause("unknown", 0.8, "hypothesis")], Some("the logs do not show the cause")),
            (
                vec![cause("unknown", 0.5, "hypothesis"), cause("race", 0.3, "heuristic")],
                Some("not clear from the logs (a race would fit)"),
            ),
            (
                vec![cause("race", 0.4, "heuristic"), cause("hang", 0.2, "heuristic")],
                Some("not clear from the logs (a race or work that stopped without saying why would fit)"),
            ),
            (
                vec![cause("out-of-memory", 0.99, "explicit")],
                Some("memory that ran out: the log says so (logs/a.log:212)"),
            ),
            (
                vec![cause("contention", 0.6, "heuristic"), cause("race", 0.2, "heuristic")],
                Some("likely: too little CPU, disk or device. Less likely: a race"),
            ),
            (
                vec![cause("race", 0.9, "statistical"), cause("hang", 0.01, "heuristic")],
                Some("likely: a race (holds against passing runs)"),
            ),
            (Vec::new(), None),
        ] {
            let mut cluster = example::findings().clusters[0].clone();
            cluster.causes = causes;
            assert_eq!(why(&cluster).as_deref(), said);
        }
    }
}
