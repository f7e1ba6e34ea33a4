//! From the choice of an arm to its count: which arm was chosen, what can be left out, and when the choice was luck.

use super::arm::Arm;
use super::choice;
use super::past::{self, EVERY_TIME, of_stage, own};
use super::tally::Tally;
use super::trial::{Stage, Trial};

/// Runs, with those of the control, that a fresh count needs until it can call an arm reliable.
const COUNTED: f64 = 20.0;

/// Returns the arm that was chosen, where leaving out or counting has begun.
pub fn chosen_arm(past: &[Trial]) -> Option<Arm> {
    let episode = episode(past);
    let counted = || episode.iter().find(|trial| trial.stage == Stage::Count && !trial.arm.is_plain());
    let first = episode.first().filter(|trial| trial.stage == Stage::KnockOut).or_else(counted)?;
    Some(first.arm.clone()).filter(|arm| !disappoints(arm, past))
}

/// Returns the next arm that leaves something out; those without which it works as well stay out. All of them
/// together are run first, afresh, so that luck at the choice is not held against what is left. `None` if nothing is
/// left to try, or if the time that is left is only enough to count.
pub fn knock_out(chosen: &Arm, past: &[Trial], left: f64) -> Option<Arm> {
    let counts = of_stage(episode(past), Stage::Count).any(|trial| !trial.arm.is_plain());
    if chosen.tightens() || counts || left < COUNTED * seconds(chosen, past) || !fails_mostly(chosen, past) {
        return None;
    }
    let (recipe, open) = choice::recipe(chosen, past);
    let open = open?;
    Some(if choice::is_known(chosen, past) { recipe.without(open) } else { chosen.clone() })
}

/// Returns the runs since an arm was chosen.
fn episode(past: &[Trial]) -> &[Trial] {
    let counts =
        |trial: &Trial| matches!(trial.stage, Stage::KnockOut | Stage::Count | Stage::Guard | Stage::Telling);
    let begin = past.iter().rposition(|trial| !counts(trial)).map_or(0, |before| before + 1);
    past.get(begin..).unwrap_or_default()
}

/// Returns true if luck had chosen the arm: afresh it, or what is left of it, fails in less than half of its runs
/// and no more often a minute than plain runs do. The search then goes on.
fn disappoints(arm: &Arm, past: &[Trial]) -> bool {
    let plain = Tally::of(&past::base(past), own(past));
    let bad = |tally: &Tally| tally.rate() < 0.5 && tally.hits_per_minute <= plain.hits_per_minute;
    let again = Tally::of(arm, of_stage(past, Stage::KnockOut));
    let recipe = choice::recipe(arm, past).0;
    let fresh = Tally::of(&recipe, of_stage(past, Stage::Count));
    (again.runs >= choice::KNOCK_OUT && bad(&again) && fails_mostly(arm, past))
        || (fresh.runs >= EVERY_TIME && bad(&fresh))
}

/// Returns true if the arm failed in at least half of the runs for which it was chosen: what fails less often needs
/// more runs than there are to tell what it needs.
fn fails_mostly(arm: &Arm, past: &[Trial]) -> bool {
    let looking = own(past).filter(|trial| !matches!(trial.stage, Stage::KnockOut | Stage::Count));
    Tally::of(arm, looking).rate() >= 0.5
}

/// Returns the seconds of one run of the arm, with all its copies.
fn seconds(arm: &Arm, past: &[Trial]) -> f64 {
    let own: Vec<f64> = own(past).filter(|trial| trial.arm == *arm).map(|trial| trial.seconds).collect();
    own.iter().sum::<f64>() / own.len().max(1) as f64
}
