//! Whether a failure comes now and then or every time.

use super::rate::Case;

words! {
    /// Whether a failure comes now and then or every time.
    #[derive(Default)]
    Verdict {
        /// Runs of the job failed so and runs of it passed, and no change of the code explains it.
        Flaky = "flaky",
        /// Every run failed so, or every run since the first that did.
        EveryTime = "every-time",
        /// One run failed so, and nothing tells whether the next one would.
        Once = "once",
        /// The job is unknown, or the runs do not tell.
        #[default]
        Unknown = "unknown",
    }
}

/// Judges the runs of one job in which a failure could come, in the order of time where that is known.
pub fn verdict(cases: &[Case<'_>], in_order: bool) -> Verdict {
    let failed: Vec<&Case<'_>> = cases.iter().filter(|case| case.failed).collect();
    // A run that failed in another way says nothing: it may be the same fault in other words.
    let passed: Vec<&Case<'_>> = cases.iter().filter(|case| case.passed).collect();
    let both = failed
        .iter()
        .any(|one| one.commit.is_some_and(|commit| passed.iter().any(|other| other.commit == Some(commit))));
    let every_commit_known = cases.iter().all(|case| case.commit.is_some());
    let first = cases.iter().position(|case| case.failed).unwrap_or(0);
    let since = cases.iter().skip(first);
    match (failed.len(), passed.len()) {
        (0, _) => Verdict::Unknown,
        (_, 0) if failed.len() == 1 => Verdict::Once,
        (_, 0) if failed.len() < cases.len() => Verdict::Unknown,
        (_, 0) => Verdict::EveryTime,
        _ if both => Verdict::Flaky,
        (1, _) if in_order || every_commit_known => Verdict::Once,
        _ if in_order && since.clone().all(|case| case.failed) => Verdict::EveryTime,
        _ if in_order => Verdict::Flaky,
        // Each commit did one thing only, and nothing tells their order: it may be a change.
        _ if every_commit_known => Verdict::Unknown,
        _ => Verdict::Flaky,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_says_no_more_than_its_runs() {
        use Verdict::{EveryTime, Flaky, Once, Unknown};
        // A letter a run: F failed so, x failed in another way, p passed; the digit behind it is its commit.
        for (runs, in_order, expected, why) in [
            ("F", true, Once, "one run"),
            ("F F", true, EveryTime, "all of them"),
            ("p p", true, Unknown, "none failed"),
            ("F x F", true, Unknown, "it never passed"),
            ("F x", true, Once, "one failure, and no pass"),
            ("F x p F", true, Flaky, "a pass between two failures"),
            ("p F p F p", true, Flaky, "now and then"),
            ("p p p F F F", true, EveryTime, "every time since the first"),
            ("p p p F F F", false, Flaky, "the order is unknown"),
            ("p1 F2 p3 F4", true, Flaky, "a pass after a failure, whatever the commits"),
            ("p1 F2 p3 F4", false, Unknown, "a change, perhaps"),
            ("p1 F1", false, Flaky, "one commit did both"),
            ("p1 F1 p2", true, Flaky, "one commit did both, though only one run failed"),
            ("p p F p", true, Once, "one failure may be anything"),
            ("p p F", false, Flaky, "nothing speaks for a change"),
        ] {
            let cases: Vec<Case<'_>> = runs
                .split(' ')
                .map(|run| Case {
                    run: 0,
                    failed: run.starts_with('F'),
                    passed: run.starts_with('p'),
                    commit: run.get(1..).filter(|commit| !commit.is_empty()),
                })
                .collect();
            assert_eq!(verdict(&cases, in_order), expected, "{runs} {in_order}: {why}");
        }
    }
}
