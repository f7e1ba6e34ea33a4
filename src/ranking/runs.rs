//! Runs of a CI system that stand in one log: each is ranked as if it were the whole log, and what failed comes before
//! what passed.

use std::ops::Range;

use super::order::{REPORT, Standing};
use crate::facts::failures::{Event, StepEnd};

/// What it weighs against an event that its run passed while another failed, in the logarithm of odds: more than anything
/// that speaks for an event of a run.
const PASSED: f32 = 5.0 * REPORT;

/// What it weighs that nothing says how its run ended while another failed.
const UNKNOWN: f32 = REPORT / 2.0;

/// Returns the positions of the events of each run, in order.
pub fn runs(events: &[Event]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    events.chunk_by(|one, next| one.look.run == next.look.run).map(move |run| {
        start += run.len();
        start - run.len()..start
    })
}

/// Puts what stands in a run that passed, or of which nothing is known, behind what stands in one that failed.
pub fn failed_first(events: &[Event], standings: &mut [Standing]) {
    let behind = behind(events);
    for standing in standings {
        standing.score -= behind(&events[standing.event]);
    }
}

/// Returns what tells of an event of the log how far it stands behind those of a run that failed, in the logarithm of odds.
pub fn behind(events: &[Event]) -> impl Fn(&Event) -> f32 + use<> {
    let failed = events.iter().any(|event| event.look.run_end == StepEnd::Failed);
    move |event| match event.look.run_end {
        _ if !failed => 0.0,
        StepEnd::Failed => 0.0,
        StepEnd::Unknown => UNKNOWN,
        StepEnd::Passed => PASSED,
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::failures::events_in;
    use crate::ranking::order;

    /// The messages of a log in the order in which they are to be read.
    fn ordered(log: &str) -> Vec<String> {
        let events = events_in(log);
        let standings = order(&events, |_| false);
        standings.iter().map(|standing| events[standing.event].message.clone()).collect()
    }

    #[test]
    fn a_failed_run_among_passed_ones_is_ranked_as_if_it_stood_alone() {
        let noise =
            "Traceback (most recent call last):\n  File \"ring.py\", line 3, in push\nValueError: full\n\n";
        let passed = format!(
            "{noise}ring: pushed\n\n\n\n\n\n\n\n\nThe command \"./ring\" exited with 0.\nDone. Your build exited with 0.\n"
        );
        let failed = "travis_fold:start:worker_info\nring.c:3:5: error: 'rign' undeclared\n\n\n\n\n\n\n\n\nwarning: torn\n\n\nThe command \"make\" exited with 2.\nDone. Your build exited with 1.\n\n";
        let alone = ordered(failed);
        for log in [
            format!("{passed}{failed}{passed}"),
            format!("{failed}{passed}"),
            format!("{passed}{passed}{noise}{failed}"),
        ] {
            assert_eq!(ordered(&log)[..alone.len()], alone, "{log}");
        }
    }

    #[test]
    fn where_no_run_failed_the_runs_weigh_alike() {
        let log = "error: ring 3 is torn\nFinished: SUCCESS\n\n\n\n\n\n\n\n\n\nerror: rope 3 is torn\nFinished: SUCCESS\n";
        assert!(ordered(log).iter().any(|message| message.contains("rope")));
        assert!(ordered(log).iter().any(|message| message.contains("ring")));
    }
}
