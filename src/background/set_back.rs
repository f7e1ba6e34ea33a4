//! Reads what is background after what is not.

use super::because::{SetBack, Whose};
use super::common::Background;
use crate::facts::failures::Event;
use crate::facts::{Bound, Candidate, Candidates, Facts};
use crate::ranking::{Standing, shown};

/// What it weighs that runs which passed print an event, in the logarithm of odds: whatever failed, it was something else.
const PASSING: f32 = 8.0;
/// What it weighs that nearly all runs print it that failed, each of something else. Any weight from 2 on does the same on the
/// logs of `common.rs`.
const FAILING: f32 = 3.0;

/// Letters of a failure that are told.
const TEXT: usize = 500;

/// Reads what is background after the other failures of its log, and returns it. Where no other says what went wrong
/// nothing changes.
pub fn set_back(facts: &mut Facts, background: &Background) -> Vec<SetBack> {
    let is_background = |one: &Candidate| background.because(one.form).is_some();
    let kept = || facts.candidates.all.iter().filter(|one| one.kept.is_some());
    if !kept().any(is_background) || !kept().any(|one| one.specific && !is_background(one)) {
        return Vec::new();
    }
    let standings = standings(&facts.candidates, background);
    let order = order(facts, background, &standings);
    let set_back = list(facts, background, &order);
    apply(facts, &order);
    set_back
}

/// Returns how the kept events stand when background weighs less, the first to read in front.
fn standings(candidates: &Candidates, background: &Background) -> Vec<Standing> {
    let weight = |form| match background.because(form).map(|because| because.runs) {
        Some(Whose::Passing) => PASSING,
        Some(Whose::Failing) => FAILING,
        None => 0.0,
    };
    let standing = |one: &Candidate| {
        Some(Standing { event: one.kept? as usize, score: one.score - weight(one.form), probability: 0.0 })
    };
    let mut standings: Vec<Standing> = candidates.all.iter().filter_map(standing).collect();
    standings.sort_by(|a, b| b.score.total_cmp(&a.score));
    standings
}

/// Returns the failures that are told from now on, by their positions among the failures and those in reserve. Only background
/// is let go, and never a test that failed.
fn order(facts: &Facts, background: &Background, standings: &[Standing]) -> Vec<usize> {
    let reserve = facts.candidates.reserve.iter().map(|one| &one.event);
    let events: Vec<Event> = facts.failures.iter().chain(reserve).cloned().collect();
    let mut order: Vec<usize> = shown(&events, standings).iter().map(|standing| standing.event).collect();
    let goes = |at: usize| {
        let of_event = |one: &&Candidate| one.kept == Some(at as u32);
        let form = facts.candidates.all.iter().find(of_event).map(|one| one.form);
        form.is_some_and(|form| background.because(form).is_some())
            && events.get(at).is_some_and(|event| event.test.is_none())
    };
    let rest: Vec<usize> = (0..facts.failures.len()).filter(|at| !order.contains(at) && !goes(*at)).collect();
    order.extend(rest);
    order
}

/// Returns which failures are told later than before, or no more.
fn list(facts: &Facts, background: &Background, order: &[usize]) -> Vec<SetBack> {
    let later = |at: usize| order.iter().position(|one| *one == at).is_none_or(|now| now > at);
    let later_ones = facts.candidates.all.iter().filter_map(|one| {
        let at = one.kept? as usize;
        let event = facts.failures.get(at).filter(|_| later(at))?;
        let text = event.message.chars().take(TEXT).collect();
        Some(SetBack { line: event.headline, text, because: background.because(one.form)? })
    });
    later_ones.collect()
}

fn apply(facts: &mut Facts, order: &[usize]) {
    let before = facts.failures.len();
    let Candidates { reserve, second, .. } = std::mem::take(&mut facts.candidates);
    let clues = std::mem::take(&mut facts.clues).into_iter().map(Some).chain(std::iter::repeat(None));
    let failures = std::mem::take(&mut facts.failures).into_iter().zip(clues);
    let reserve = reserve.into_iter().map(|one| (one.event, Some(one.clues)));
    let mut all: Vec<_> = failures.chain(reserve).map(Some).collect();
    let taken = order.iter().filter_map(|at| all.get_mut(*at)?.take());
    let (failures, mut clues): (Vec<_>, Vec<_>) = taken.unzip();
    let first = order.first().map(|first| *first as u32);
    if let (Some(second), Some(clues)) = (second.filter(|one| Some(one.kept) == first), clues.first_mut()) {
        *clues = Some(second.clues);
    }
    facts.failures = failures;
    let read = clues.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    facts.clues = clues.into_iter().take(read).map(Option::unwrap_or_default).collect();
    facts.coverage.recount(Bound::Failures, before, facts.failures.len());
}
