//! Which run comes next: the schedule of a budget.
//!
//! A pure function of what was run before and how much time is gone, so that a killed proof resumes
//! where it was. Smoke runs, then the ranked ladder in blocks, after the first hit the arm that
//! promises most a second, a fresh count of the chosen arm, and a knock-out pass.

use super::arm::{Arm, Setting};
use super::choice;
use super::oracle::Verdict;
use super::outcome;
use super::raise;
use super::tally::Tally;
use super::trial::{Stage, Trial};
use crate::stats::Random;

/// Parts of the budget: when random subsets replace a ladder without a hit, when the count must
/// begin, and when it must make room for the knock-out pass.
const SUBSETS_FROM: f64 = 0.60;
const COUNT_FROM: f64 = 0.75;
const EXPLORE_UNTIL: f64 = 0.5;
const COUNT_UNTIL: f64 = 0.85;

/// Runs that show whether the command works here; more where all of them failed alike.
const SMOKE: usize = 2;
const MORE_SMOKE: usize = 5;
/// Amplifiers that run the test several times in one run.
const LOOPS: [&str; 2] = ["repeat", "no-reset"];
/// Runs of one arm in a row, at most; fewer where the budget fits only few runs.
const BLOCK: f64 = 5.0;
/// Every so many runs is a control.
const CONTROL_EVERY: usize = 6;
/// Controls of a fresh count: at least, and at most where fewer do not show a difference.
const CONTROLS: u64 = 10;
const MOST_CONTROLS: u64 = 40;
/// Runs of a fresh count, at least before anything else is tried, and at most.
const LEAST_COUNTED: u64 = 8;
const MOST_COUNTED: u64 = 40;
/// Runs that decide whether an amplifier can be left out, and runs of the guard.
pub const KNOCK_OUT: u64 = 8;
pub const GUARD: u64 = 10;

/// An amplifier to try.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub amplifier: String,
    /// Mildest first; never empty.
    pub levels: Vec<f64>,
    pub site: Option<String>,
}

/// What to try, in how much time.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Most promising first.
    pub candidates: Vec<Candidate>,
    /// In seconds.
    pub budget: f64,
    pub seed: u64,
    /// True if there is another test to try the chosen arm on.
    pub guard: bool,
    /// Seconds of the time limit that ended the failure, where passing runs in CI took less than half of it.
    pub generous_limit: Option<f64>,
}

impl Plan {
    /// Returns the arm to run next and why, or `None` if the proof is finished.
    pub fn next(&self, past: &[Trial], elapsed: f64) -> Option<(Stage, Arm)> {
        if elapsed >= self.budget {
            return None;
        }
        let spent = elapsed / self.budget;
        let smoke = of_stage(past, Stage::Smoke).count();
        let always_hits = of_stage(past, Stage::Smoke).all(Trial::hit);
        if smoke < SMOKE || (smoke < MORE_SMOKE && (always_hits || fails_otherwise(past))) {
            return Some((Stage::Smoke, Arm::CONTROL));
        }
        if fails_otherwise(past) {
            return None;
        }
        if let Some(chosen) = counted_arm(past).or_else(|| choice::chosen(past, spent >= COUNT_FROM)) {
            return self.count(&chosen, past, spent);
        }
        if is_due(past) {
            return Some((Stage::Ladder, Arm::CONTROL));
        }
        let helps = |trial: &Trial| trial.hit() && !trial.arm.is_control() && !trial.arm.tightens();
        if past.iter().any(helps) && !self.explores(past, spent) {
            if let Some(arm) = raise::raised(&self.candidates, past).filter(|_| spent < EXPLORE_UNTIL) {
                return Some((Stage::Thompson, arm));
            }
            return Some((Stage::Thompson, choice::thompson(past, &mut self.random(past))));
        }
        if spent >= SUBSETS_FROM || self.candidates.is_empty() {
            return Some((Stage::Subsets, self.subset(&mut self.random(past))));
        }
        Some((Stage::Ladder, self.rung(past)))
    }

    /// A hit of the control says only that it can fail here, and an early hit of one arm not that no
    /// other is better: in the first half of the budget every third run goes on with the ladder.
    fn explores(&self, past: &[Trial], spent: f64) -> bool {
        spent < EXPLORE_UNTIL && !self.candidates.is_empty() && past.len().is_multiple_of(3)
    }

    /// Draws anew for each run, the same again when a proof is resumed.
    fn random(&self, past: &[Trial]) -> Random {
        Random::new(self.seed ^ (past.len() as u64) << 32)
    }

    /// Returns the arm of the ladder whose turn it is. Each round is one level higher: the best three
    /// together, each one alone, all together; then, alone, those that tighten a limit.
    fn rung(&self, past: &[Trial]) -> Arm {
        let done = of_stage(past, Stage::Ladder).filter(|trial| !trial.arm.is_control()).count();
        let block = done / self.block(past);
        let loops = self.loops(past);
        let rungs = self.round(0, loops).len().max(1);
        let round = self.round(block / rungs, loops);
        round.get(block % rungs).cloned().unwrap_or_default()
    }

    fn round(&self, level: usize, loops: f64) -> Vec<Arm> {
        let at = |candidate: &Candidate| candidate.at(level, loops);
        let single: Vec<Setting> = self.candidates.iter().map(at).collect();
        let together = |most: usize| Arm(combinable(&single).take(most).collect());
        let alone = |tightens: bool| {
            single.iter().filter(move |one| one.tightens() == tightens).map(|one| Arm(vec![one.clone()]))
        };
        let mut arms: Vec<Arm> = vec![together(3)];
        arms.extend(alone(false));
        arms.push(together(usize::MAX));
        arms.extend(alone(true));
        let mut distinct: Vec<Arm> = Vec::new();
        arms.retain(|arm| {
            let new = !arm.is_control() && !distinct.contains(arm);
            distinct.extend(new.then(|| arm.clone()));
            new
        });
        arms
    }

    fn block(&self, past: &[Trial]) -> usize {
        (self.fitting(past) / 40.0).clamp(1.0, BLOCK) as usize
    }

    /// Returns how often a test may be looped in one run, so that a block of them leaves time for others.
    fn loops(&self, past: &[Trial]) -> f64 {
        (self.fitting(past) / 40.0 / self.block(past) as f64).round().max(2.0)
    }

    /// Returns how many smoke runs would fit into the budget.
    fn fitting(&self, past: &[Trial]) -> f64 {
        let smoke = Tally::of(&Arm::CONTROL, of_stage(past, Stage::Smoke));
        self.budget / smoke.seconds_a_run().unwrap_or(1.0).max(0.01)
    }

    /// Each amplifier is on with one half, at a level drawn at random: what helps need not help more
    /// together. Tzoref, Ur and Yom-Tov, "Instrumenting where it hurts", 2007.
    fn subset(&self, random: &mut Random) -> Arm {
        let drawn = self.candidates.iter().filter(|_| random.coin()).collect::<Vec<_>>();
        let level = |candidate: &Candidate, bits: u64| bits as usize % candidate.levels.len().max(1);
        let settings: Vec<Setting> =
            drawn.into_iter().map(|candidate| candidate.at(level(candidate, random.bits()), 1.0)).collect();
        Arm(combinable(&settings).collect())
    }

    /// Two runs of the chosen arm, then a control, until the rate is known or the time is short.
    fn count(&self, chosen: &Arm, past: &[Trial], spent: f64) -> Option<(Stage, Arm)> {
        let fresh = || of_stage(past, Stage::Count);
        let tally = Tally::of(chosen, fresh());
        let controls = Tally::of(&Arm::CONTROL, fresh()).runs;
        let all_controls = Tally::of(&Arm::CONTROL, past.iter().filter(|trial| trial.stage != Stage::Guard));
        let differs = outcome::against(&tally, &all_controls) >= outcome::EVIDENCE;
        let wanted = if differs { CONTROLS } else { MOST_CONTROLS };
        let enough_controls = chosen.is_control() || controls >= wanted;
        let rate_known = tally.interval.low >= 0.5 || tally.runs >= MOST_COUNTED;
        let enough = (rate_known && enough_controls) || (spent >= COUNT_UNTIL && tally.runs >= LEAST_COUNTED);
        if enough && chosen.tightens() {
            return self.guard(chosen, past);
        }
        if enough {
            return self.knock_out(chosen, past).or_else(|| self.guard(chosen, past));
        }
        let control_next = !enough_controls && (rate_known || controls < tally.runs / 2);
        Some((Stage::Count, if control_next { Arm::CONTROL } else { chosen.clone() }))
    }

    /// Leaves out one amplifier after another; those without which it works as well stay out.
    fn knock_out(&self, chosen: &Arm, past: &[Trial]) -> Option<(Stage, Arm)> {
        let (recipe, open) = choice::recipe(chosen, past, KNOCK_OUT);
        let reduced = recipe.without(open?);
        Some((Stage::KnockOut, reduced))
    }

    fn guard(&self, chosen: &Arm, past: &[Trial]) -> Option<(Stage, Arm)> {
        let wanted =
            self.guard && !chosen.is_control() && (of_stage(past, Stage::Guard).count() as u64) < GUARD;
        wanted.then(|| (Stage::Guard, choice::recipe(chosen, past, KNOCK_OUT).0))
    }
}

impl Candidate {
    /// Returns it at one of its levels, a loop at no more than `loops`.
    fn at(&self, level: usize, loops: f64) -> Setting {
        let level = self.levels.get(level).or(self.levels.last()).copied().unwrap_or(1.0);
        let level = if LOOPS.contains(&self.amplifier.as_str()) { level.min(loops) } else { level };
        Setting { amplifier: self.amplifier.clone(), level, site: self.site.clone() }
    }
}

/// Returns the settings that can be used together: each amplifier once, no loops, which only make a
/// run with several amplifiers longer, and no tightened limit, which would put the others in doubt.
fn combinable(settings: &[Setting]) -> impl Iterator<Item = Setting> {
    let mut seen: Vec<&str> = LOOPS.to_vec();
    settings
        .iter()
        .filter(move |setting| {
            let new = !seen.contains(&setting.amplifier.as_str()) && !setting.tightens();
            seen.push(&setting.amplifier);
            new
        })
        .cloned()
}

/// Returns the arm whose fresh count has begun.
pub fn counted_arm(past: &[Trial]) -> Option<Arm> {
    let mut counted = of_stage(past, Stage::Count).map(|trial| &trial.arm);
    let first = counted.next()?;
    Some(counted.find(|arm| !arm.is_control()).unwrap_or(first).clone())
}

fn of_stage(past: &[Trial], stage: Stage) -> impl Iterator<Item = &Trial> {
    past.iter().filter(move |trial| trial.stage == stage)
}

/// Returns true if all smoke runs failed, and none of them as looked for: nothing that is then
/// amplified can tell anything.
pub fn fails_otherwise(past: &[Trial]) -> bool {
    let other = |trial: &Trial| matches!(trial.verdict, Verdict::Different | Verdict::HarnessError);
    of_stage(past, Stage::Smoke).next().is_some() && of_stage(past, Stage::Smoke).all(other)
}

/// Returns true if it is time for a control.
fn is_due(past: &[Trial]) -> bool {
    let since = past.iter().rev().take_while(|trial| !trial.arm.is_control()).count();
    since + 1 >= CONTROL_EVERY
}
