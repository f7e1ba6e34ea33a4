//! Which amplified arm is run next: one that replays a failing run, one that promises most, or the ladder's.

use super::arm::Arm;
use super::choice;
use super::ladder::{self, Candidate, LOOPS};
use super::outcome;
use super::past::{base, of_stage, own};
use super::plan::{COUNT_FROM, Plan};
use super::raise;
use super::rounds::REPEAT;
use super::tally::Tally;
use super::trial::{Stage, Trial};
use crate::stats::Random;

/// Parts of the budget: until when others are looked at beside the best arm, when random subsets replace a ladder without
/// a hit.
const EXPLORE_UNTIL: f64 = 0.5;
const SUBSETS_FROM: f64 = 0.70;
/// Part of the budget that one arm of the ladder may take in a row.
const SLICE: f64 = 0.04;
/// Part of the budget that one run with loops may take.
const LOOPED: f64 = 0.06;
/// Runs of one arm in a row, at most.
const BLOCK: u64 = 4;
/// Amplifiers that do again what a failing run printed.
const REPLAYS: [&str; 2] = ["seed-replay", "order-replay"];
/// Amplifiers that tell causes apart, those that tell most first, and the runs that show what one of them does; where it
/// seems to hide the failure, so many that this is no chance.
const TELLING: [&str; 10] = [
    "seed-replay",
    "order-replay",
    "generator-seed",
    "clean-tree",
    "cpu-hogs",
    "one-cpu",
    "clock-still",
    "own-network",
    "delay",
    "polluter-pair",
];
const SHOWN: u64 = 8;
/// The same of what does not hide a failure that comes every time.
const FAILING: u64 = 3;
/// The part of the budget that goes to what may hide such a failure.
const FOR_HIDING: f64 = 0.25;
const HIDDEN: f64 = 0.05;
const MOST_HIDDEN: f64 = 40.0;

impl Plan {
    /// Returns the arm that comes next where plain runs are not enough; a plain one if there is none, unless plain
    /// runs have answered.
    pub(super) fn amplified(&self, past: &[Trial], base: &Arm, spent: f64) -> Option<(Stage, Arm)> {
        let plain = Tally::of(base, own(past));
        if outcome::is_reliable(&plain) {
            return self.for_causes(past, &plain);
        }
        if let Some(arm) = raise::seeded(past, raise::TRIES) {
            return Some((Stage::Thompson, arm));
        }
        if !self.explores(past, spent) {
            let raised = raise::raised(&self.candidates, past).filter(|_| spent < COUNT_FROM);
            let promising = || choice::thompson(past, &plain, &mut self.random(past));
            if let Some(arm) = raised.or_else(promising) {
                return Some((Stage::Thompson, arm));
            }
        }
        if let Some(arm) = self.replay(past, &plain) {
            return Some((Stage::Ladder, arm));
        }
        if (spent < SUBSETS_FROM || plain.hits > 0)
            && let Some(arm) = self.rung(past, &plain)
        {
            return Some((Stage::Ladder, arm));
        }
        let subset = ladder::subset(&self.candidates, &mut self.random(past));
        if plain.hits > 0 || subset.is_control() {
            return Some((Stage::Plain, self.plain_next(past, base)));
        }
        Some((Stage::Subsets, subset.upon(base)))
    }

    /// An early hit of one arm does not say that no other is better: in the first half of the budget every third of
    /// the amplified runs goes on with the ladder.
    fn explores(&self, past: &[Trial], spent: f64) -> bool {
        let amplified = past.iter().filter(|trial| !trial.arm.is_plain()).count();
        spent < EXPLORE_UNTIL && !self.candidates.is_empty() && amplified.is_multiple_of(3)
    }

    /// Returns the next arm that says something of the causes where plain runs need no help: the test alone, then each
    /// amplifier alone, at its middle level, until it is known how often it fails.
    fn for_causes(&self, past: &[Trial], plain: &Tally) -> Option<(Stage, Arm)> {
        if let Some(next) = self.alone(past, &plain.arm) {
            return Some(next);
        }
        if let Some(arm) = raise::seeded(past, SHOWN).filter(|_| plain.hits < plain.runs) {
            return Some((Stage::Thompson, arm));
        }
        let loops = self.loops(past);
        let single = |candidate: &Candidate| Arm(vec![candidate.at(candidate.levels.len() / 2, loops)]);
        let mut candidates: Vec<&Candidate> = self.candidates.iter().collect();
        let tells = |one: &&Candidate| {
            TELLING.iter().position(|name| *name == one.amplifier).unwrap_or(TELLING.len())
        };
        candidates.sort_by_key(tells);
        let hidden = (HIDDEN.ln() / (1.0 - plain.rate()).max(1e-9).ln()).ceil().min(MOST_HIDDEN) as u64;
        let open = |arm: &Arm| {
            let tally = Tally::of(arm, own(past));
            let wanted = match () {
                () if plain.hits == plain.runs && tally.hits == tally.runs => FAILING,
                () if tally.hits == 0 => hidden.max(SHOWN),
                () => SHOWN,
            };
            tally.runs + tally.harness_errors < wanted && tally.seconds < SLICE * self.budget
        };
        let arms = candidates.into_iter().map(single).filter(|arm| !arm.tightens());
        let arm = arms.map(|arm| arm.upon(&plain.arm)).find(open)?;
        Some((Stage::Ladder, arm))
    }

    /// Returns the next arm that may hide a failure that comes every time here and does not in CI: a defect nothing hides.
    pub(super) fn hiding(&self, past: &[Trial], plain: &Tally) -> Option<(Stage, Arm)> {
        let amplified =
            own(past).filter(|trial| !trial.arm.is_plain()).map(|trial| trial.seconds).sum::<f64>();
        (self.passes_in_ci() && amplified < FOR_HIDING * self.budget).then(|| self.for_causes(past, plain))?
    }

    /// Draws anew for each run, the same again when a proof is resumed.
    fn random(&self, past: &[Trial]) -> Random {
        Random::new(self.seed ^ (past.len() as u64) << 32)
    }

    /// Returns the arm that does again what failing runs printed, alone, until it had its runs.
    pub(super) fn replay(&self, past: &[Trial], plain: &Tally) -> Option<Arm> {
        let replays = |one: &&Candidate| REPLAYS.contains(&one.amplifier.as_str()) || one.site.is_some();
        let alone = |one: &Candidate| Arm(vec![one.at(0, 1.0)]).upon(&plain.arm);
        let open = |arm: &Arm| {
            let tally = Tally::of(arm, own(past));
            tally.runs + tally.harness_errors < BLOCK && !choice::is_lost(&tally, plain)
        };
        self.candidates.iter().filter(replays).map(alone).filter(|arm| !arm.tightens()).find(open)
    }

    /// Returns the arm of the ladder whose turn it is: the first that had neither its runs nor its seconds.
    /// Each round is one level higher: the best three together, each one alone, all together; then, alone,
    /// those that tighten a limit. An arm that cost more than it can show has no turn.
    fn rung(&self, past: &[Trial], plain: &Tally) -> Option<Arm> {
        let most = self.candidates.iter().map(|candidate| candidate.levels.len()).max().unwrap_or_default();
        let loops = self.loops(past);
        // Rounds in one process were tried before.
        let climbs = |candidate: &&Candidate| candidate.amplifier != REPEAT && !candidate.hides();
        let candidates: Vec<Candidate> = self.candidates.iter().filter(climbs).cloned().collect();
        let rungs = (0..most)
            .flat_map(|level| ladder::round(&candidates, level, loops))
            .map(|arm| arm.upon(&plain.arm));
        let mut seen: Vec<Arm> = Vec::new();
        for arm in rungs {
            let tally = Tally::of(&arm, own(past));
            let tried = tally.runs + tally.harness_errors;
            let done =
                tried >= BLOCK || (tried > 0 && (tally.seconds >= SLICE * self.budget || tally.runs == 0));
            if !seen.contains(&arm) && !done && !choice::is_lost(&tally, plain) {
                return Some(arm);
            }
            seen.push(arm);
        }
        None
    }

    /// Returns how often a test may be looped in one run, so that a block of them leaves time for others.
    fn loops(&self, past: &[Trial]) -> f64 {
        // A round in one process costs less than a run; the first loops show how much.
        let looped = past.iter().filter(|trial| trial.counts()).flat_map(|trial| {
            let loops = trial.arm.0.iter().filter(|setting| LOOPS.contains(&setting.amplifier.as_str()));
            loops.map(|setting| trial.seconds / setting.level.max(1.0))
        });
        let round = looped.reduce(f64::max).unwrap_or(self.budget / self.fitting(past));
        (LOOPED * self.budget / round.max(1e-3)).floor().max(2.0)
    }

    /// Returns how many smoke runs would fit into the budget.
    fn fitting(&self, past: &[Trial]) -> f64 {
        let smoke = Tally::of(&base(past), of_stage(past, Stage::Smoke));
        self.budget / smoke.seconds_a_run().unwrap_or(1.0).max(0.01)
    }
}
