//! How a run ended, by what its sources state.

use super::part::{Answer, Conclusion, Part, PartKind};
use crate::facts::Outcome;

/// Returns how a run ended, and what says so. The CI system's own answer about the job is the widest statement; a
/// failure in any source is next; what a report of tests says of success does not outweigh a log that states
/// nothing, for a job may fail after its tests.
pub fn outcome(parts: &[&Part], answer: Option<&Answer>) -> (Outcome, Option<String>) {
    let stated = answer.and_then(|answer| match answer.conclusion {
        Conclusion::Failed => Some((Outcome::Fail, answer)),
        Conclusion::Passed => Some((Outcome::Pass, answer)),
        Conclusion::Other => None,
    });
    if let Some((outcome, answer)) = stated {
        let says = format!("{}: the CI system answers {:?}", answer.source, answer.says);
        return (outcome, Some(says));
    }
    let is = |outcome: Outcome| parts.iter().find(|part| part.outcome == outcome);
    let has_log = parts.iter().any(|part| part.kind == PartKind::Log);
    let passed = || {
        let counts = |part: &&&Part| !has_log || part.kind == PartKind::Log;
        parts.iter().filter(counts).find(|part| part.outcome == Outcome::Pass)
    };
    match is(Outcome::Fail).or_else(passed) {
        Some(part) => (part.outcome, Some(says(part))),
        None => (Outcome::Unknown, None),
    }
}

fn says(part: &Part) -> String {
    match &part.because {
        Some(because) => format!("{}: {because}", part.source),
        None => part.source.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_statement_counts() {
        use Outcome::{Fail, Pass, Unknown};
        use PartKind::{Annotations, Log, Report};
        let answer = |conclusion| Answer { conclusion, ..Answer::default() };
        /// Its name, the sources, what the CI system says, and what follows.
        type Case<'c> = (&'c str, &'c [(PartKind, Outcome)], Option<Conclusion>, Outcome);
        let cases: [Case<'_>; 9] = [
            ("a log alone", &[(Log, Pass)], None, Pass),
            ("nothing states it", &[(Log, Unknown)], None, Unknown),
            ("the CI system says more than the log", &[(Log, Pass)], Some(Conclusion::Failed), Fail),
            ("a step may fail in a job that passes", &[(Log, Fail)], Some(Conclusion::Passed), Pass),
            ("a cancelled job is told by its log", &[(Log, Fail)], Some(Conclusion::Other), Fail),
            ("a failed test beside a quiet log", &[(Log, Unknown), (Report, Fail)], None, Fail),
            ("an annotation of failure", &[(Log, Pass), (Annotations, Fail)], None, Fail),
            ("a job may fail after its tests", &[(Log, Unknown), (Report, Pass)], None, Unknown),
            ("a report alone", &[(Report, Pass)], None, Pass),
        ];
        for (why, sources, conclusion, expected) in cases {
            let parts: Vec<Part> = sources
                .iter()
                .map(|(kind, outcome)| Part { kind: *kind, outcome: *outcome, ..Part::of("a") })
                .collect();
            let parts: Vec<&Part> = parts.iter().collect();
            assert_eq!(outcome(&parts, conclusion.map(answer).as_ref()).0, expected, "{why}");
        }
    }
}
