//! What earlier runs of a proof tell: which plain arm is the base, whether the command runs here, and whether plain runs
//! fail every time.

use super::arm::Arm;
use super::oracle::Verdict;
use super::tally::Tally;
use super::trial::{Stage, Trial};
use crate::stats::{fisher_less, quantile};

/// Runs that show that it fails every time, and from how many on this is supposed.
pub const EVERY_TIME: u64 = 12;
const SUPPOSED: u64 = 2;
/// The chance below which it is no chance that the test alone never failed; it is looked at again and again.
const NO_CHANCE: f64 = 0.02;
/// The test alone is worth its time before it has failed if it takes no more than this part of the whole command's.
const MUCH_SHORTER: f64 = 0.5;

/// Returns the plain arm that others are held against and built upon: the test alone where it has failed more often a
/// minute than the whole command, or where neither has failed and it takes much less time.
pub fn base(past: &[Trial]) -> Arm {
    let whole = Tally::of(&Arm::whole(), own(past));
    let alone = Tally::of(&Arm::CONTROL, own(past));
    let cannot = alone.runs == 0 && alone.harness_errors > 0;
    let seldom = alone.hits_per_minute < whole.hits_per_minute;
    let slow = whole.hits == 0 && alone.hits == 0 && alone.runs > 0 && !is_much_shorter(past);
    if whole.runs > 0 && (cannot || seldom || slow) { Arm::whole() } else { Arm::CONTROL }
}

/// Returns true if the test alone takes much less time than the whole command.
pub fn is_much_shorter(past: &[Trial]) -> bool {
    usual_seconds(&Arm::CONTROL, past) <= MUCH_SHORTER * usual_seconds(&Arm::whole(), past)
}

/// Returns true if the whole command fails and nobody knows yet whether the test fails alone.
pub fn is_undecided(whole: &Tally, alone: &Tally) -> bool {
    whole.hits > 0
        && !whole.arm.is_control()
        && alone.hits == 0
        && alone.runs > 0
        && !passes_alone(whole, alone)
}

/// Returns the seconds that a run of the arm takes here, in the median; of several copies the slowest counts.
pub fn usual_seconds(arm: &Arm, past: &[Trial]) -> f64 {
    let own = own(past).filter(|trial| trial.arm == *arm && trial.counts());
    let seconds: Vec<f64> = own.map(Trial::run_seconds).collect();
    quantile(&seconds, 0.5).unwrap_or_default()
}

/// Returns true if the whole command fails and the test alone never did, in so many runs that this is no
/// chance: what other tests leave behind is needed.
pub fn passes_alone(whole: &Tally, alone: &Tally) -> bool {
    let misses = |tally: &Tally| tally.runs - tally.hits;
    alone.hits == 0 && fisher_less(0, alone.runs, whole.hits, misses(whole)) <= NO_CHANCE
}

/// Returns the smoke run that shows that the command ran no test here, if there is one: CI's own, or the one
/// test where no other command is known.
pub fn not_started(past: &[Trial]) -> Option<&Trial> {
    let whole_ran =
        of_stage(past, Stage::Smoke).any(|trial| trial.arm == Arm::whole() && trial.verdict.counts());
    let broken = |trial: &&Trial| trial.verdict == Verdict::HarnessError;
    of_stage(past, Stage::Smoke).find(broken).filter(|trial| trial.arm == Arm::whole() || !whole_ran)
}

/// Returns true if the whole command has passed here or failed as looked for.
pub fn works_whole(past: &[Trial]) -> bool {
    let works = |trial: &Trial| matches!(trial.verdict, Verdict::Passed | Verdict::Exact);
    of_stage(past, Stage::Smoke).any(|trial| trial.arm == Arm::whole() && works(trial))
}

/// Returns what plain runs showed if all of them failed as looked for.
pub fn always(past: &[Trial], base: &Arm) -> Option<Tally> {
    let plain = Tally::of(base, own(past));
    (plain.runs >= SUPPOSED && plain.hits == plain.runs).then_some(plain)
}

pub fn of_stage(past: &[Trial], stage: Stage) -> impl Iterator<Item = &Trial> {
    past.iter().filter(move |trial| trial.stage == stage)
}

/// Returns the runs of the test itself.
pub fn own(past: &[Trial]) -> impl Iterator<Item = &Trial> {
    past.iter().filter(|trial| trial.stage != Stage::Guard)
}

/// Returns true if all smoke runs failed, and none of them as looked for: nothing that is then
/// amplified can tell anything.
pub fn fails_otherwise(past: &[Trial]) -> bool {
    let other = |trial: &Trial| {
        matches!(trial.verdict, Verdict::Different | Verdict::SameClass | Verdict::HarnessError)
            && !trial.exits.iter().any(|exit| exit == "wall limit")
    };
    of_stage(past, Stage::Smoke).next().is_some() && of_stage(past, Stage::Smoke).all(other)
}

/// Returns true if copies failed in ways in which no run alone has failed: they get in each other's way.
pub fn disturbed(past: &[Trial]) -> bool {
    let plain = || past.iter().filter(|trial| trial.arm.is_plain());
    let otherwise = |trial: &&Trial| {
        trial.verdicts().iter().any(|one| matches!(one, Verdict::Different | Verdict::HarnessError))
    };
    let together = plain().filter(|trial| !trial.each.is_empty()).any(|trial| otherwise(&trial));
    together && !plain().filter(|trial| trial.each.is_empty()).any(|trial| otherwise(&trial))
}
