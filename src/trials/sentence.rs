//! An outcome as one honest sentence.

use super::outcome::{Outcome, Status, alike};
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
        let count = format!("({} of {})", best.hits, best.runs);
        return vec![
            format!("fails every time here: deterministic {count}"),
            "no amplifier needed".to_owned(),
        ];
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
    let told = |count: u64, how: &str| match count {
        0 => String::new(),
        _ => format!("; {count} {how}"),
    };
    let different = sum(|tally| tally.different);
    let first = outcome.others.iter().find(|other| !other.near).filter(|other| !other.headline.is_empty());
    let first = first.map_or_else(String::new, |other| format!(", first: {}", other.headline));
    let also = told(different, "failed in another way") + if different > 0 { &first } else { "" };
    let starved = sum(|tally| tally.starved);
    let also = also + &told(starved, "reached the time limit while still at work, which load alone explains");
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
