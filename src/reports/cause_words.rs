//! Causes in the words of an engineer.

use super::{phrases, visible};
use crate::causes::Grade;
use crate::findings::{CauseSummary, ClusterSummary};
use crate::signatures::Cause;

/// From which probability on a cause is called likely.
const LIKELY: f64 = 0.5;
/// From which probability on a cause is worth a word beside a likelier one.
const WORTH: f64 = 0.15;

/// Returns why a failure happened, probably, in one sentence; `None` where causes were not ranked.
///
/// A cause that a line states is told with its line. What is only a guess is called one.
pub fn why(cluster: &ClusterSummary) -> Option<String> {
    let first = cluster.causes.first()?;
    let others =
        cluster.causes.iter().skip(1).filter(|cause| cause.cause != Cause::Unknown && cause.score >= WORTH);
    let others: Vec<&str> = others.take(2).map(|cause| words(cause.cause)).collect();
    if first.cause == Cause::Unknown {
        return Some(match others.is_empty() {
            true => "the logs do not show the cause".to_owned(),
            false => format!("not clear from the logs ({} would fit)", either(&others)),
        });
    }
    let name = words(first.cause);
    if first.grade == Grade::Explicit {
        return Some(format!("{name}: the log says so{}", place(first)));
    }
    if first.score < LIKELY {
        let all: Vec<&str> = std::iter::once(name).chain(others).collect();
        return Some(format!("not clear from the logs ({} would fit)", either(&all)));
    }
    let less = if others.is_empty() { String::new() } else { format!(". Less likely: {}", either(&others)) };
    Some(format!("likely: {name}{}{less}", basis(first)))
}

/// Returns a list as a sentence has it: `a race, a deadlock or a defect`.
fn either(all: &[&str]) -> String {
    match all {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Returns the same with the names and figures of the causes, where they are asked for.
pub fn why_with(cluster: &ClusterSummary, figures: bool) -> Option<String> {
    let why = why(cluster)?;
    if !figures {
        return Some(why);
    }
    let figure = |cause: &CauseSummary| {
        format!("{} {}, {}", cause.cause, phrases::probability(cause.score), grade(cause.grade))
    };
    let figures: Vec<String> = cluster.causes.iter().take(FIGURES).map(figure).collect();
    Some(format!("{why} [{}]", figures.join("; ")))
}

/// Causes whose figures are shown.
const FIGURES: usize = 4;

/// Returns what a grade rests on, for one that was proved.
fn basis(cause: &CauseSummary) -> &'static str {
    if cause.grade == Grade::Statistical { " (holds against passing runs)" } else { "" }
}

fn place(cause: &CauseSummary) -> String {
    let stated = cause.evidence.iter().find_map(|one| one.source.as_deref().zip(one.line));
    stated.map(|(source, line)| format!(" ({}:{line})", visible(source))).unwrap_or_default()
}

/// Returns what a grade means.
pub fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Explicit => "stated in the log",
        Grade::Statistical => "holds against passing runs",
        Grade::Heuristic => "pattern",
        Grade::Hypothesis => "guess",
        Grade::Confirmed => "confirmed",
    }
}

/// Returns what a cause means.
pub fn words(cause: Cause) -> &'static str {
    match cause {
        Cause::Race => "a race",
        Cause::Deadlock => "a deadlock",
        Cause::Timeout => "a time limit that is too short for work that went on",
        Cause::Hang => "work that stopped without saying why",
        Cause::Contention => "too little CPU, disk or device",
        Cause::Link => "a link that was down or lost messages",
        Cause::Hardware => "a faulty device",
        Cause::Firmware => "firmware or a driver",
        Cause::OutOfMemory => "memory that ran out",
        Cause::Exhaustion => "disk, ports, threads or descriptors that ran out",
        Cause::MemoryCorruption => "memory corruption",
        Cause::OrderDependence => "state left by another test or run",
        Cause::TestDefect => "a test that asserts too much",
        Cause::Randomness => "a seed, the time or an order that differs",
        Cause::Network => "an outside service or a download",
        Cause::Infrastructure => "the machinery of the CI system",
        Cause::Environment => "a machine that differs from the others",
        Cause::Defect => "a plain defect",
        Cause::Unknown => "something that the logs do not show",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::clues::Family;
    use crate::findings::EvidenceSummary;
    use crate::reports::example;

    fn cause(cause: Cause, score: f64, grade: Grade) -> CauseSummary {
        let stated = EvidenceSummary {
            text: "the kernel killed it".to_owned(),
            family: Family::Resources,
            weight: 3.0,
            source: Some("logs/a.log".to_owned()),
            line: Some(212),
        };
        CauseSummary { cause, score, grade, prior: 0.0, evidence: vec![stated], against: Vec::new() }
    }

    #[test]
    fn a_guess_is_called_a_guess_and_a_statement_shows_its_line() {
        for (causes, said) in [
            (vec![cause(Cause::Unknown, 0.8, Grade::Hypothesis)], Some("the logs do not show the cause")),
            (
                vec![
                    cause(Cause::Unknown, 0.5, Grade::Hypothesis),
                    cause(Cause::Race, 0.3, Grade::Heuristic),
                ],
                Some("not clear from the logs (a race would fit)"),
            ),
            (
                vec![cause(Cause::Race, 0.4, Grade::Heuristic), cause(Cause::Hang, 0.2, Grade::Heuristic)],
                Some("not clear from the logs (a race or work that stopped without saying why would fit)"),
            ),
            (
                vec![cause(Cause::OutOfMemory, 0.99, Grade::Explicit)],
                Some("memory that ran out: the log says so (logs/a.log:212)"),
            ),
            (
                vec![
                    cause(Cause::Contention, 0.6, Grade::Heuristic),
                    cause(Cause::Race, 0.2, Grade::Heuristic),
                ],
                Some("likely: too little CPU, disk or device. Less likely: a race"),
            ),
            (
                vec![cause(Cause::Race, 0.9, Grade::Statistical), cause(Cause::Hang, 0.01, Grade::Heuristic)],
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
