//! An outcome as one honest sentence.

use super::outcome::{Outcome, Status, alike};
use super::tally::{ALPHA, Tally};
use crate::stats::never_seen;

/// Returns what `outcome` shows as one sentence.
pub fn sentence(outcome: &Outcome) -> String {
    let Some(best) = &outcome.best else { return no_hit(outcome) };
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
    if !best.arm.is_control() {
        parts.push(format!("with {}", outcome.recipe));
    }
    if matches!(outcome.status, Status::Unguarded | Status::Overloaded) {
        parts.push("name a test that should stand it with --guard".to_owned());
    }
    parts.join(", ")
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
    let near = told(sum(|tally| tally.same_class), "nearly matched");
    let also = near + &told(sum(|tally| tally.different), "failed in another way");
    let starved = sum(|tally| tally.starved);
    let also = also + &told(starved, "reached the time limit while still at work, which load alone explains");
    let bound = never_seen(runs, 1.0 - ALPHA) * 100.0;
    format!("did not reproduce in {runs} runs: rate below {} at 95%{also}", percent(bound))
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
        s => format!("{:.0} min", s / 60.0),
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
