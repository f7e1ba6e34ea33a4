//! Which arm to prefer: by promise while looking, by result when counting, by necessity at the end.

use super::arm::{Arm, Setting};
use super::outcome::is_reliable;
use super::tally::Tally;
use super::trial::{Stage, Trial};
use crate::stats::Random;

/// The prior of an arm without a run: Beta(.05 w, 1).
const PRIOR_HITS: f64 = 0.05;
/// An arm that hit so often, and in such a share of its runs, needs no further search.
const SURE_HITS: u64 = 3;
const SURE_RATE: f64 = 0.5;
/// Runs with a hit that an arm needs for it: copies of one run meet the same luck.
const SURE_RUNS: usize = 2;
/// Runs that decide whether an amplifier can be left out, and as many in at least two goes where all say the same.
pub const KNOCK_OUT: u64 = 8;
const EARLY: u64 = 4;
/// The rate from which a few runs without a hit say that an amplifier is needed.
const HIGH_RATE: f64 = 0.75;
/// The rate from which more tries a minute count for nothing.
const NEARLY_ALWAYS: f64 = 0.9;
/// Hits that plain runs would have had in the seconds of an arm that had none.
const FOREGONE: f64 = 1.5;
/// Hits from which an arm may be held to be better than plain runs.
const TWICE: u64 = 2;

/// Returns the amplified arm to count: one that hits often enough, or, if `late` is set because the time runs
/// short, the best of those that hit at all and, where plain runs hit, more often than they do.
pub fn chosen(past: &[Trial], base: &Arm, late: bool) -> Option<Arm> {
    let tallies = tallies(past);
    let plain = Tally::of(base, past.iter().filter(|trial| trial.counts()));
    let goes =
        |arm: &Arm| past.iter().filter(|trial| trial.arm == *arm && trial.hit() && trial.counts()).count();
    // Where plain runs are reliable, only what is better beyond luck is worth a count.
    let better = |tally: &Tally| match () {
        () if is_reliable(&plain) => tally.interval.low > plain.rate(),
        () => plain.hits == 0 || is_ahead(tally, &plain),
    };
    let sure = |tally: &Tally| {
        let often = tally.hits >= SURE_HITS && tally.rate() >= SURE_RATE;
        often && goes(&tally.arm) >= SURE_RUNS && !tally.arm.tightens() && better(tally)
    };
    let may = |tally: &&Tally| {
        let hit = tally.hits > 0 && tally.arm.may_reproduce();
        hit && (sure(tally) || (late && (plain.hits == 0 || is_ahead(tally, &plain))))
    };
    let worth = |tally: &Tally| worth(tally, plain.hits > 0);
    let best = tallies.iter().filter(may).max_by(|a, b| worth(a).total_cmp(&worth(b)));
    best.map(|tally| tally.arm.clone())
}

/// Returns true if the arm seems to hit more often a minute than plain runs, and not by one hit alone.
pub fn is_ahead(tally: &Tally, plain: &Tally) -> bool {
    let a_second = |tally: &Tally| tally.hits as f64 / tally.seconds.max(1e-3);
    let counts = tally.hits >= TWICE && tally.arm.may_reproduce() && !tally.arm.tightens();
    counts && a_second(tally) > a_second(plain)
}

/// What fails by itself needs an arm that fails more often a minute. Otherwise arms that fail more often than
/// not come first: what a person wants is a test that fails when it is run. A tightened limit comes last: it
/// may be the failure itself.
fn worth(tally: &Tally, plain_hits: bool) -> f64 {
    let shrunk = (tally.hits as f64 + 0.5) / (tally.runs as f64 + 1.0);
    let a_second = shrunk / tally.seconds_a_run().unwrap_or(1.0).max(1e-3);
    match () {
        () if tally.arm.tightens() => 1e-6 * a_second,
        () if shrunk > SURE_RATE && !plain_hits => 1e6 + a_second,
        () => a_second,
    }
}

/// Returns true if plain runs would by now have hit several times in the seconds that the arm took in vain, or
/// hit more often a minute beyond doubt: it is not worth another run.
pub fn is_lost(tally: &Tally, plain: &Tally) -> bool {
    let a_second = plain.hits_per_minute / 60.0;
    let in_vain = tally.hits == 0 && a_second * tally.seconds >= FOREGONE;
    !tally.arm.is_plain() && (in_vain || plain.beats(tally))
}

/// Draws a rate for every amplified arm that has hit from what is known about it and returns the arm whose draw promises
/// most hits a second; `None` where none has hit that is worth another run. W. R. Thompson, "On the likelihood that one
/// unknown probability exceeds another", 1933.
pub fn thompson(past: &[Trial], plain: &Tally, random: &mut Random) -> Option<Arm> {
    let open = |tally: &Tally| {
        tally.hits > 0 && tally.arm.may_reproduce() && !tally.arm.tightens() && !is_lost(tally, plain)
    };
    let drawn = tallies(past).into_iter().filter(open).map(|tally| {
        let (hits, misses) = (tally.hits as f64, (tally.runs - tally.hits) as f64);
        let rate = random.beta(PRIOR_HITS + hits, 1.0 + misses);
        (rate / tally.seconds_a_run().unwrap_or(1.0).max(1e-3), tally.arm)
    });
    drawn.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, arm)| arm)
}

/// Returns `chosen` without the amplifiers that were found to be unnecessary, and the index of the next one to try
/// without, if any is left.
pub fn recipe(chosen: &Arm, past: &[Trial]) -> (Arm, Option<usize>) {
    let knocked = |arm: &Arm| Tally::of(arm, past.iter().filter(|trial| trial.stage == Stage::KnockOut));
    let full = knocked(chosen);
    let mut recipe = chosen.clone();
    let mut index = 0;
    let amplifiers = |arm: &Arm| arm.0.iter().filter(|setting| !setting.is_whole()).count();
    while amplifiers(&recipe) > 1 && index < recipe.0.len() {
        if recipe.0.get(index).is_some_and(Setting::is_whole) {
            index += 1;
            continue;
        }
        let reduced = recipe.without(index);
        let tally = knocked(&reduced);
        let misses = tally.hits == 0 && tally.runs >= EARLY && full.rate() >= HIGH_RATE;
        if !(is_known(&reduced, past) || misses) {
            return (recipe, Some(index));
        }
        if is_unnecessary(&full, &tally) {
            // What is left must be missed in what is left, so that each is asked again.
            (recipe, index) = (reduced, 0);
        } else {
            index += 1;
        }
    }
    (recipe, None)
}

/// Returns true if the arm was run often enough, since it was chosen, to say how often it fails.
pub fn is_known(arm: &Arm, past: &[Trial]) -> bool {
    let own = || past.iter().filter(|trial| trial.stage == Stage::KnockOut && trial.arm == *arm);
    let tally = Tally::of(arm, own());
    let always = tally.runs >= EARLY && tally.hits == tally.runs && own().count() >= SURE_RUNS;
    always || tally.runs + tally.harness_errors >= KNOCK_OUT
}

/// A few runs leave wide intervals, so that an overlap alone would drop nearly everything: the rate must also have stayed
/// above half of what it was, and so must the hits a minute, unless it fails nearly every time: copies are tries.
fn is_unnecessary(full: &Tally, reduced: &Tally) -> bool {
    let as_often = reduced.hits_per_minute >= full.hits_per_minute / 2.0 || reduced.rate() >= NEARLY_ALWAYS;
    reduced.interval.overlaps(&full.interval)
        && reduced.rate() >= full.rate() / 2.0
        && reduced.hits > 0
        && as_often
}

/// Returns what each arm showed so far, in the order in which they were first tried.
pub fn tallies(past: &[Trial]) -> Vec<Tally> {
    let mut arms: Vec<&Arm> = Vec::new();
    for trial in past.iter().filter(|trial| trial.stage != Stage::Guard) {
        if !arms.contains(&&trial.arm) {
            arms.push(&trial.arm);
        }
    }
    let own = || past.iter().filter(|trial| trial.stage != Stage::Guard);
    arms.into_iter().map(|arm| Tally::of(arm, own())).collect()
}
