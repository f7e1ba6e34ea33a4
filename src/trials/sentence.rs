//! An outcome as one honest sentence.

use super::outcome::{Outcome, Status, alike, decides};
use super::tally::{ALPHA, Tally};
use crate::durations;
use crate::stats::never_seen;

/// Returns what `outcome` shows as one sentence.
pub fn sentence(outcome: &Outcome) -> String {
    if outcome.status == Status::CouldNotRun {
        return could_not_run(outcome);
    }
    let Some(best) = &outcome.best else { return no_hit(outcome) };
    let mut parts = if best.arm.is_plain() { plain(outcome, best) } else { amplified(outcome, best) };
    parts.extend(outcome.finding.clone());
    parts.join(", ")
}

/// Nothing but repetition is needed.
fn plain(outcome: &Outcome, best: &Tally) -> Vec<String> {
    if outcome.fails_every_time() {
        return vec![every_time(outcome, best), "no amplifier needed".to_owned()];
    }
    let mut parts = vec![format!("reproduced {}/{}", best.hits, best.runs), interval(best)];
    parts.extend(best.median_to_hit.map(|seconds| format!("median {} to a hit", duration(seconds))));
    let tried = outcome.arms.iter().any(|tally| tally.runs > 0 && !tally.arm.is_plain());
    parts.push(repeat(outcome));
    if tried {
        parts.push("no amplifier was shown to do better".to_owned());
    }
    parts
}

/// Returns what it means that all plain runs fail. A failure that CI did not always have, or that something hides, is no
/// defect for that.
fn every_time(outcome: &Outcome, best: &Tally) -> String {
    let count = format!("({} of {})", best.hits, best.runs);
    match outcome.hidden_by() {
        Some(hiding) => format!(
            "fails every time as it is here {count}, but only {} of {} times with {}: not deterministic",
            hiding.hits, hiding.runs, hiding.arm
        ),
        None if outcome.passes_in_ci => {
            format!("fails every time here: deterministic on this machine {count}, though it passed in CI")
        }
        None => format!("fails every time here: deterministic {count}"),
    }
}

fn amplified(outcome: &Outcome, best: &Tally) -> Vec<String> {
    let verb = match outcome.status {
        Status::Manufactured => "made by the amplifiers, not reproduced:",
        Status::Unguarded => "not reproduced: fails only under a tightened limit,",
        Status::Overloaded => "not reproduced: at work at a limit that only load lets it reach,",
        _ => "reproduced",
    };
    let mut parts = vec![format!("{verb} {}/{}", best.hits, best.runs), interval(best)];
    parts.extend(best.median_to_hit.map(|seconds| format!("median {} to a hit", duration(seconds))));
    parts.push(format!("control {}/{}", outcome.control.hits, outcome.control.runs));
    parts.extend(outcome.e_value.map(evidence));
    if !outcome.fresh {
        parts.push("not counted afresh, so the rate flatters".to_owned());
    }
    if let (Status::Manufactured, Some(guard)) = (outcome.status, &outcome.guard) {
        parts.push(format!("another test fails the same way {}/{}", alike(guard), guard.runs));
    }
    parts.push(format!("with {}", outcome.recipe));
    parts.extend(decides(best, &outcome.control).then(|| "every run with it fails".to_owned()));
    if !outcome.recommended && outcome.reproduced() {
        parts.push("not shown to hit more often a minute than repeating it".to_owned());
        parts.extend((outcome.control.hits > 0).then(|| repeat(outcome)));
    }
    if matches!(outcome.status, Status::Unguarded | Status::Overloaded) {
        parts.push("name a test that should stand it with --guard".to_owned());
    }
    parts
}

/// Returns how often plain runs hit, for whoever repeats them as they were repeated here.
fn repeat(outcome: &Outcome) -> String {
    let at_once = match outcome.at_once {
        0 | 1 => String::new(),
        copies => format!(", {copies} at a time"),
    };
    format!("just repeat it: {} a minute{at_once}", rate(outcome.control.hits_per_minute))
}

fn could_not_run(outcome: &Outcome) -> String {
    let first = outcome.others.first().map_or("nothing was printed", |other| other.headline.as_str());
    let runs = outcome.arms.iter().map(|tally| tally.runs).sum::<u64>();
    match &outcome.next {
        Some(next) => format!("could not be run here: {first}; {next}"),
        None if outcome.control.harness_errors > 0 || runs == 0 => {
            format!(
                "could not be run here: {first}; start it in the folder that CI ran it in (--cwd DIR), or give a command after `--`"
            )
        }
        None if outcome.near() > 0 => too_strict(outcome),
        None => format!(
            "every run failed in another way here ({runs} of {runs}): {first}; mend that first, or choose this failure with --oracle"
        ),
    }
}

fn too_strict(outcome: &Outcome) -> String {
    let near = outcome.others.iter().find(|other| other.near);
    let shown = near
        .map_or_else(String::new, |near| near.difference.clone().unwrap_or_else(|| near.headline.clone()));
    format!(
        "the oracle may be too strict: {} runs failed like this: {shown}; --accept takes them",
        outcome.near()
    )
}

fn no_hit(outcome: &Outcome) -> String {
    let runs: u64 = outcome.arms.iter().map(|tally| tally.runs).sum();
    if runs == 0 {
        return "did not reproduce: no run told anything".to_owned();
    }
    let sum = |of: fn(&Tally) -> u64| outcome.arms.iter().map(of).sum::<u64>();
    let part = |count: u64, how: &str| match count {
        0 => String::new(),
        _ => format!("; {count} {how}"),
    };
    let different = sum(|tally| tally.different);
    let first = outcome.others.iter().find(|other| !other.near).filter(|other| !other.headline.is_empty());
    let first = first.map_or_else(String::new, |other| format!(", first: {}", other.headline));
    let also = part(different, "failed in another way") + if different > 0 { &first } else { "" };
    let starved = sum(|tally| tally.starved);
    let also = also + &part(starved, "reached the time limit while still at work, which load alone explains");
    if outcome.near() > 0 {
        return format!("did not reproduce in {runs} runs; {}{also}", too_strict(outcome));
    }
    // A run that failed in another way could not show this failure any more, and one that came near may have.
    let free = runs - different.min(runs);
    if starved > 0 || free == 0 {
        return format!("did not reproduce in {runs} runs{also}");
    }
    let bound = percent(never_seen(free, 1.0 - ALPHA) * 100.0);
    format!("did not reproduce in {runs} runs: rate below {bound} at 95%{also}")
}

fn rate(a_minute: f64) -> String {
    if a_minute >= 10.0 { format!("{a_minute:.0}") } else { format!("{a_minute:.1}") }
}

fn interval(tally: &Tally) -> String {
    let end = |value: f64| {
        let text = format!("{value:.2}");
        text.strip_prefix('0').map_or(text.clone(), str::to_owned)
    };
    format!("95% [{}, {}]", end(tally.interval.low), end(tally.interval.high))
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 9.95 => format!("{s:.1} s"),
        s if s < 120.0 => format!("{s:.0} s"),
        s => durations::short(s.round() as u64),
    }
}

fn evidence(e_value: f64) -> String {
    match e_value {
        e if e >= 1e6 => "e>1e6".to_owned(),
        e if e >= 10.0 => format!("e={e:.0}"),
        e => format!("e={e:.1}"),
    }
}

fn percent(value: f64) -> String {
    if value >= 10.0 { format!("{value:.0}%") } else { format!("{value:.2}%") }
}

#[cfg(test)]
mod tests {
    use super::super::oracle::Verdict::{Different, Exact, HarnessError, Passed, SameClass, Starved};
    use super::super::test_support::trials;
    use super::super::{Plan, Stage, Trial};
    use super::*;

    fn said(parts: &[Vec<Trial>]) -> String {
        let plan = Plan { budget: 180.0, seed: 1, ..Plan::default() };
        let mut past = parts.concat();
        past.iter_mut().zip(1..).for_each(|(trial, number)| trial.number = number);
        Outcome::of(&plan, &["t".to_owned()], &past, Vec::new()).sentence
    }

    fn saying(headline: &str, mut trials: Vec<Trial>) -> Vec<Trial> {
        trials.iter_mut().for_each(|trial| trial.headline = Some(headline.to_owned()));
        trials
    }

    fn at_once(copies: u32, mut trials: Vec<Trial>) -> Vec<Trial> {
        trials.iter_mut().for_each(|trial| trial.at_once = copies);
        trials
    }

    #[test]
    fn every_kind_of_outcome_has_its_sentence() {
        let plain = |verdicts: &[_]| trials(Stage::Plain, &[], verdicts);
        let counted = |verdicts: &[_]| trials(Stage::Count, &["delay"], verdicts);
        let looked = |verdicts: &[_]| trials(Stage::Ladder, &["delay"], verdicts);
        let cases: [(&str, Vec<Vec<Trial>>, &str); 13] = [
            (
                "deterministic",
                vec![plain(&[(Exact, 12)])],
                "fails every time here: deterministic (12 of 12), no amplifier needed",
            ),
            (
                "failing so far, but not often enough to call it deterministic",
                vec![plain(&[(Exact, 5)])],
                "reproduced 5/5, 95% [.41, 1.00], median 1.0 s to a hit, just repeat it: 60 a minute",
            ),
            (
                "nothing was amplified",
                vec![at_once(2, plain(&[(Exact, 11), (Passed, 19)]))],
                "reproduced 11/30, 95% [.14, .65], median 1.0 s to a hit, just repeat it: 22 a minute, 2 at a time",
            ),
            (
                "an amplifier was tried and did not do better",
                vec![plain(&[(Exact, 11), (Passed, 19)]), looked(&[(Passed, 8)])],
                "reproduced 11/30, 95% [.14, .65], median 1.0 s to a hit, just repeat it: 22 a minute, no amplifier was \
                 shown to do better",
            ),
            (
                "a recipe beats plain runs: its own figures, counted afresh",
                vec![
                    plain(&[(Exact, 1), (Passed, 59)]),
                    looked(&[(Exact, 4)]),
                    counted(&[(Exact, 18), (Passed, 2)]),
                ],
                "reproduced 18/20, 95% [.59, 1.00], median 1.0 s to a hit, control 1/60, e>1e6, with delay 1",
            ),
            (
                "its intervals overlap with those of plain runs",
                vec![
                    plain(&[(Exact, 3), (Passed, 27)]),
                    looked(&[(Exact, 3), (Passed, 1)]),
                    counted(&[(Exact, 2), (Passed, 6)]),
                ],
                "reproduced 3/30, 95% [.01, .35], median 1.0 s to a hit, just repeat it: 6.0 a minute, no amplifier was shown to \
                 do better",
            ),
            (
                "it is reliable, and plain runs are not, but not surely fewer a minute",
                vec![plain(&[(Exact, 1), (Passed, 6)]), looked(&[(Exact, 4)]), counted(&[(Exact, 8)])],
                "reproduced 8/8, 95% [.56, 1.00], median 1.0 s to a hit, control 1/7, e=5.5, with delay 1, not shown to hit \
                 more often a minute than repeating it, just repeat it: 8.6 a minute",
            ),
            (
                "there was no time to count afresh",
                vec![plain(&[(Passed, 60)]), looked(&[(Exact, 1), (Passed, 3)])],
                "reproduced 1/4, 95% [.00, .87], median 1.0 s to a hit, control 0/60, e=0.7, not counted afresh, so the rate flatters, with delay 1, \
                 not shown to hit more often a minute than repeating it",
            ),
            (
                "nothing failed",
                vec![plain(&[(Passed, 300)])],
                "did not reproduce in 300 runs: rate below 0.99% at 95%",
            ),
            (
                "something else failed: a run that failed otherwise shows nothing of the rate",
                vec![plain(&[(Passed, 200)]), saying("no route to host", looked(&[(Different, 100)]))],
                "did not reproduce in 300 runs: rate below 1.49% at 95%; 100 failed in another way, first: no route to host",
            ),
            (
                "something came near: no bound",
                vec![plain(&[(Passed, 200)]), saying("lost 3 frames of 9", looked(&[(SameClass, 7)]))],
                "did not reproduce in 207 runs; the oracle may be too strict: 7 runs failed like this: lost 3 frames of 9; \
                 --accept takes them",
            ),
            (
                "a limit came while it was at work: no bound",
                vec![plain(&[(Passed, 20)]), looked(&[(Starved, 2)])],
                "did not reproduce in 22 runs; 2 reached the time limit while still at work, which load alone explains",
            ),
            (
                "the command did not run",
                vec![saying("sh: frob: not found", trials(Stage::Smoke, &[], &[(HarnessError, 1)]))],
                "could not be run here: sh: frob: not found; start it in the folder that CI ran it in (--cwd DIR), or give a \
                 command after `--`",
            ),
        ];
        let wrong = cases.iter().filter(|(_, parts, expected)| said(parts) != *expected);
        let wrong: Vec<_> = wrong.map(|(name, parts, _)| (name, said(parts))).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn nothing_is_called_minimal_that_was_not_run_without_each_of_its_parts() {
        let plan = Plan { budget: 180.0, seed: 1, ..Plan::default() };
        let pair = ["delay", "cpu-hogs"];
        let base = [
            trials(Stage::Plain, &[], &[(Passed, 40)]),
            trials(Stage::KnockOut, &pair, &[(Exact, 8)]),
            trials(Stage::KnockOut, &["delay"], &[(Passed, 8)]),
        ]
        .concat();
        let minimal = |more: &[Trial]| {
            let past = [&base[..], more, &trials(Stage::Count, &pair, &[(Exact, 12)])].concat();
            let outcome = Outcome::of(&plan, &["t".to_owned()], &past, Vec::new());
            (outcome.recipe.0.len(), outcome.recipe_is_minimal)
        };
        assert_eq!(minimal(&[]), (2, false), "it was never run with cpu-hogs alone");
        assert_eq!(minimal(&trials(Stage::KnockOut, &["cpu-hogs"], &[(Passed, 8)])), (2, true));
    }
}
