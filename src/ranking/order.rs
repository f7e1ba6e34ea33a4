//! Orders the events of one log.

use std::collections::HashMap;

use rustc_hash::FxHashSet;

use super::ends::{Part, part, specific_before_generic};
use super::features::features;
use super::runs::{failed_first, runs};
use super::shown::MOST;
use super::trees::score;
use super::verdicts::report_before_verdict;
use crate::facts::failures::{Event, Kind, Report, Role, Shape};

/// Where an event stands among those of its log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The position of the event in the slice given.
    pub event: usize,
    /// The sum over the trees.
    pub score: f32,
    /// The probability that this is the one to read, over the events of this log.
    pub probability: f32,
}

/// Returns the standing that scores highest, the first of equals.
pub(super) fn best<'s>(standings: impl Iterator<Item = &'s Standing>) -> Option<Standing> {
    let higher =
        |best: Standing, next: Standing| if next.score.total_cmp(&best.score).is_gt() { next } else { best };
    standings.copied().reduce(higher)
}

/// Returns the events of one log, the one to read first in front. Ties go to the earlier line.
///
/// `tolerated` tells of an event that nothing failed by it.
pub fn order(events: &[Event], tolerated: impl Fn(&Event) -> bool) -> Vec<Standing> {
    let mut standings: Vec<Standing> = Vec::with_capacity(events.len());
    for run in runs(events) {
        let of_run = of_run(&events[run.clone()], &tolerated).into_iter();
        standings.extend(of_run.map(|standing| Standing { event: standing.event + run.start, ..standing }));
    }
    failed_first(events, &mut standings);
    let highest = standings.iter().map(|standing| standing.score).fold(f32::MIN, f32::max);
    let total: f32 = standings.iter().map(|standing| (standing.score - highest).exp()).sum();
    for standing in &mut standings {
        standing.probability = (standing.score - highest).exp() / total;
    }
    standings.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.event.cmp(&b.event)));
    standings
}

/// Returns how the events of one run stand, as if it were the whole log.
fn of_run(events: &[Event], tolerated: &impl Fn(&Event) -> bool) -> Vec<Standing> {
    let mut standings: Vec<Standing> = features(events)
        .enumerate()
        .map(|(event, row)| Standing { event, score: score(&row), probability: 0.0 })
        .collect();
    lift_reports(events, &mut standings);
    set_back(events, &mut standings, tolerated);
    set_torn_back(events, &mut standings);
    report_before_verdict(events, &mut standings);
    specific_before_generic(events, &mut standings);
    if !reason_after_heading(events, &mut standings) {
        prefer_the_first(events, &mut standings);
    }
    standings
}

/// Events that are asked about at the most. Nobody asks on after as many that stand as are shown.
const ASKED: usize = 60;

/// What a test that passed weighs against whatever it printed.
pub(super) const TOLERATED: f32 = 2.0 * REPORT;

/// Puts what was tolerated behind all else, as far as it would be read at all.
fn set_back(events: &[Event], standings: &mut [Standing], tolerated: impl Fn(&Event) -> bool) {
    let mut best: Vec<&mut Standing> = standings.iter_mut().collect();
    best.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.event.cmp(&b.event)));
    let mut stand = 0;
    for standing in best.into_iter().take(ASKED) {
        if tolerated(&events[standing.event]) {
            standing.score -= TOLERATED;
        } else {
            stand += 1;
        }
        if stand == MOST {
            break;
        }
    }
}

/// The end of a message by which a torn line is known.
const TAIL: usize = 24;

fn tail(event: &Event) -> Option<&[u8]> {
    event.message.as_bytes().get(event.message.len().checked_sub(TAIL)?..)
}

/// What it weighs against an event that its beginning was lost.
const TORN: f32 = REPORT / 2.0;

/// Puts lines whose beginning was lost behind those that are whole.
fn set_torn_back(events: &[Event], standings: &mut [Standing]) {
    for at in torn(events) {
        standings[at].score -= TORN;
    }
}

/// Returns the positions of lines whose beginning was lost: among events with times they have none, and end as one of
/// them does.
pub fn torn(events: &[Event]) -> Vec<usize> {
    let timed: Vec<&Event> = events.iter().filter(|event| event.time.is_some()).collect();
    if timed.len() * 3 < events.len() * 2 {
        return Vec::new();
    }
    let whole: FxHashSet<&[u8]> = timed.into_iter().filter_map(tail).collect();
    let is_torn = |event: &Event| {
        event.time.is_none() && event.text.len() == 1 && tail(event).is_some_and(|end| whole.contains(end))
    };
    (0..events.len()).filter(|at| is_torn(&events[*at])).collect()
}

/// How much higher a later event has to score than an earlier one of its kind, in the logarithm of
/// odds. Where a test suite fails in many places, the first is marked by people. Measured
/// 2026-11-28 on 488 failed CI logs of 49 projects, cross-validated by project, three seeds: hit@1 .870 with .2, .873 with .35, .876
/// with .5, .874 with .7.
const NEARLY: f32 = 0.5;

/// Lets the first of those that are of the best one's kind and score nearly as high win.
fn prefer_the_first(events: &[Event], standings: &mut [Standing]) {
    let Some(best) = best(standings.iter()) else { return };
    let kind = events[best.event].kind;
    let first = standings
        .iter_mut()
        .find(|standing| events[standing.event].kind == kind && standing.score > best.score - NEARLY);
    if let Some(first) = first {
        first.score = best.score;
    }
}

/// Lets the event after the best one win where the CI system marks both as errors, the best one is of no kind, and the
/// next one, which is of a kind, scores nearly as high: an action says first what it could not do and then why.
///
/// Returns true if and only if it does.
fn reason_after_heading(events: &[Event], standings: &mut [Standing]) -> bool {
    let marked = |event: &Event| event.look.head_shape.contains(Shape::CiError as u32);
    let Some((best, [heading, reason])) =
        best(standings.iter()).and_then(|best| Some((best, events.get(best.event..best.event + 2)?)))
    else {
        return false;
    };
    let near = reason.first_line <= heading.last_line + REASON_WITHIN;
    let unnamed = heading.kind == Kind::Error && heading.role == Role::Root && marked(heading);
    let names_it = reason.kind != Kind::Error && part(reason) == Part::Specific && marked(reason);
    let next = standings.get_mut(best.event + 1).filter(|next| next.score > best.score - NEARLY);
    match next.filter(|_| near && unnamed && names_it) {
        Some(next) => next.score = best.score.next_up(),
        None => return false,
    }
    true
}

/// How many lines after a heading its reason may begin.
const REASON_WITHIN: u64 = 3;

/// What a report of a known form weighs over the words that other tools say of its consequences,
/// in the logarithm of odds.
pub(super) const REPORT: f32 = 8.0;

/// Weighs what the form of the reports says. All of one kind count as high as the highest, so that
/// the first of them wins: later ones may follow from it.
///
/// The trees were fitted on logs of builds, where reports of crashes are rare.
fn lift_reports(events: &[Event], standings: &mut [Standing]) {
    let mut highest: HashMap<Kind, f32> = HashMap::new();
    for standing in standings.iter().filter(|standing| form(&events[standing.event]) >= REPORT) {
        let score = highest.entry(events[standing.event].kind).or_insert(f32::MIN);
        *score = score.max(standing.score);
    }
    for standing in standings {
        let event = &events[standing.event];
        let weight = form(event);
        let score = if weight >= REPORT { highest[&event.kind] } else { standing.score };
        standing.score = score + weight;
    }
}

/// Returns what is added to the score that the trees give an event, in the logarithm of odds.
pub fn weight(event: &Event, tolerated: bool) -> f32 {
    form(event) - if tolerated { TOLERATED } else { 0.0 }
}

/// Returns true if and only if the event says that what programs stand on is broken or used up.
fn lacks(event: &Event) -> bool {
    event.report == Report::Fault && matches!(event.kind, Kind::Hardware | Kind::Exhaustion)
}

/// Returns what the form of an event adds to its score.
fn form(event: &Event) -> f32 {
    let classed = event.kind == Kind::Crash && event.class.is_some();
    let placed = (classed || matches!(event.kind, Kind::Sanitizer | Kind::Race)) && !event.frames.is_empty();
    let reported = event.report == Report::Fault && !event.frames.is_empty();
    let ended = event.look.head_shape.contains(Shape::CiError as u32);
    let hung = event.identity.is_some() && matches!(event.kind, Kind::Timeout | Kind::Deadlock);
    match event.role {
        // It ended the run, which a race that was caught on the way did not.
        Role::Root if hung => REPORT * 1.5,
        // It names the place of the fault, and outweighs the verdicts which follow from it.
        Role::Root if placed || event.identity.is_some() => REPORT,
        // The CI system says why it ended the job, whatever went wrong on the way.
        Role::Root if ended && matches!(event.kind, Kind::Timeout | Kind::Kill) => REPORT / 2.0,
        // A race or a wild pointer that was caught comes before the panic to which it led.
        Role::Root if reported => REPORT / 2.0,
        // What a bus could not correct comes before what then fails for want of the device, and so does want of memory.
        Role::Root if lacks(event) => REPORT / 2.0,
        // What only follows is never read before what it follows from.
        Role::Cascade if event.report == Report::Signal => -REPORT,
        _ if matches!(event.report, Report::Retried | Report::Aside) => -REPORT,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::events_in;
    use crate::ranking::verdicts::only_names_a_test;

    #[test]
    fn what_is_told_of_a_test_passes_for_the_line_that_says_it_failed() {
        let log = "running 2 tests\ntest ring::pops ... FAILED\ntest ring::pushes ... ok\n\nfailures:\n\n---- ring::pops stdout ----\n\
                   thread 'ring::pops' panicked at src/ring.rs:31:5:\nthe ring is torn\n\ntest result: FAILED. 1 passed; 1 failed\n";
        let events = events_in(log);
        let standings = order(&events, |_| false);
        let verdict = standings.iter().position(|standing| only_names_a_test(&events[standing.event]));
        assert_eq!(events[standings[0].event].first_line, 7, "its report");
        assert_eq!(verdict, Some(standings.len() - 1), "one failure, not two");
    }

    #[test]
    fn a_line_whose_beginning_was_lost_is_not_first() {
        let torn = "p.c:238 ERROR open(ring_7) failed: the ring of node 7 is torn\n";
        let whole = "[1725088413.916127] [node65:14977:0] pop.c:238 ERROR open(ring_7) failed: the ring of node 7 is torn\n[1725088413.916209] [node65:14977:0] rope.h:108 ERROR tag 34; errmsg rope not found\n[1725088413.916309] [node65:14977:0] rope.h:109 ERROR tag 35; errmsg cord not found\n";
        for log in [format!("{torn}{whole}"), format!("{whole}{torn}")] {
            let events = events_in(&log);
            let first =
                order(&events, |_| false).first().map(|standing| events[standing.event].time.is_some());
            assert_eq!(first, Some(true), "{log}");
        }
    }
}
