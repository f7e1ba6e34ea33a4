//! Which run comes next: the schedule of a budget.
//!
//! A pure function of what was run before and how much time is gone, so that a killed proof resumes
//! where it was. First the command as CI ran it, then the one test alone; plain runs until a miss would be
//! unlikely at the rate of CI; the ranked ladder, each arm charged for its seconds; after the first hit the arm
//! that promises most a second; what can be left out; a fresh count of what is left.

use super::arm::{Arm, Setting};
use super::choice;
use super::episode;
use super::oracle::Verdict;
use super::outcome;
use super::raise;
use super::tally::Tally;
use super::trial::{Stage, Trial};
use crate::stats::Random;

/// Parts of the budget: for plain runs before anything is amplified, when random subsets replace a ladder
/// without a hit, when the count must begin, and when it must end.
const PLAIN_UNTIL: f64 = 0.35;
const SUBSETS_FROM: f64 = 0.70;
const COUNT_FROM: f64 = 0.75;
const EXPLORE_UNTIL: f64 = 0.5;
/// Part of the budget that one arm of the ladder may take in a row.
const SLICE: f64 = 0.04;

/// Runs that show whether the command works here; more where all of them failed alike.
const SMOKE: usize = 2;
const MORE_SMOKE: usize = 5;
/// Runs that show that it fails every time.
pub const EVERY_TIME: u64 = 12;
/// The highest rate that is believed to be CI's, and the chance of a miss that is left.
const UNKNOWN_RATE: f64 = 0.1;
const MISS: f64 = 0.05;
/// Amplifiers that run the test several times in one run.
const LOOPS: [&str; 2] = ["repeat", "no-reset"];
/// Part of the budget that one run with loops may take.
const LOOPED: f64 = 0.06;
/// Runs of one arm in a row, at most.
const BLOCK: u64 = 5;
/// Every so many runs is a plain one: before the first hit, and after it.
const PLAIN_EVERY: usize = 3;
const CONTROL_EVERY: usize = 6;
/// Controls of a fresh count: at least, and at most where fewer do not show a difference.
const CONTROLS: u64 = 10;
const MOST_CONTROLS: u64 = 40;
/// Runs of a fresh count, at most; more while it is not known to be reliable.
const MOST_COUNTED: u64 = 40;
const MOST_UNSURE: u64 = 120;
/// Runs of the guard.
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
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Most promising first.
    pub candidates: Vec<Candidate>,
    /// In seconds.
    pub budget: f64,
    pub seed: u64,
    /// True if there is another test to try the chosen arm on.
    pub guard: bool,
    /// True if the command runs one test of several, so that CI's own is another one.
    pub narrowed: bool,
    /// Plain runs that are made at once.
    pub copies: u32,
    /// Share of runs that failed in CI, where passing ones were collected too.
    pub rate: Option<f64>,
    /// Seconds of the time limit that ended the failure, where passing runs in CI took less than half of it.
    pub generous_limit: Option<f64>,
}

impl Plan {
    /// Returns the arm to run next and why, or `None` if the proof is finished.
    pub fn next(&self, past: &[Trial], elapsed: f64) -> Option<(Stage, Arm)> {
        if elapsed >= self.budget || not_started(past).is_some() {
            return None;
        }
        let spent = elapsed / self.budget;
        if let Some(arm) = self.smoke(past) {
            return Some((Stage::Smoke, arm));
        }
        if fails_otherwise(past) {
            return None;
        }
        let base = base(past);
        if let Some(plain) = always(past, &base) {
            return (plain.runs < EVERY_TIME).then_some((Stage::Count, base));
        }
        let chosen = episode::chosen_arm(past);
        if let Some(chosen) = chosen.or_else(|| choice::chosen(past, spent >= COUNT_FROM)) {
            return self.count(&chosen, past, self.budget - elapsed);
        }
        if let Some(arm) = self.plain(past, &base) {
            return Some((Stage::Plain, arm));
        }
        Some(self.amplified(past, &base, spent))
    }

    /// Returns the arm whose runs show whether the command works here: CI's own first.
    fn smoke(&self, past: &[Trial]) -> Option<Arm> {
        let runs = |arm: &Arm| of_stage(past, Stage::Smoke).filter(|trial| trial.arm == *arm).count();
        if self.narrowed && runs(&Arm::whole()) == 0 {
            return Some(Arm::whole());
        }
        let base = base(past);
        let again = match fails_otherwise(past) {
            true => of_stage(past, Stage::Smoke).count() < MORE_SMOKE,
            false => runs(&base) < SMOKE,
        };
        again.then_some(base)
    }

    /// Returns the plain arm to run before anything is amplified; of the test alone and the whole command the
    /// one that had less time. `None` after a hit, or when a miss would be unlikely at the rate of CI.
    fn plain(&self, past: &[Trial], base: &Arm) -> Option<Arm> {
        let plain = self.plain_tallies(past, base);
        let seconds: f64 = plain.iter().map(|tally| tally.seconds).sum();
        // Logs are collected for their failures, so that their rate is too high rather than too low.
        let rate = self.rate.unwrap_or(UNKNOWN_RATE).clamp(0.001, UNKNOWN_RATE);
        let unlikely = |tally: &Tally| (1.0 - rate).powf(tally.runs as f64) <= MISS;
        let hit = plain.iter().any(|tally| tally.hits > 0);
        if hit || plain.iter().all(unlikely) || seconds >= PLAIN_UNTIL * self.budget {
            return None;
        }
        Some(self.plain_next(past, base))
    }

    /// Returns what the plain arms showed that are worth a run: the test alone and, until one of them hits,
    /// the whole command.
    fn plain_tallies(&self, past: &[Trial], base: &Arm) -> Vec<Tally> {
        let arms = if self.narrowed { vec![Arm::CONTROL, Arm::whole()] } else { vec![base.clone()] };
        let tallies = arms.iter().map(|arm| Tally::of(arm, own(past)));
        let open: Vec<Tally> = tallies.filter(|tally| tally.runs > 0 || tally.arm == *base).collect();
        let hit = open.iter().any(|tally| tally.hits > 0);
        open.into_iter().filter(|tally| !hit || tally.arm == *base).collect()
    }

    /// Returns the plain arm that had the least time.
    fn plain_next(&self, past: &[Trial], base: &Arm) -> Arm {
        let tallies = self.plain_tallies(past, base);
        let least = tallies.into_iter().min_by(|a, b| a.seconds.total_cmp(&b.seconds));
        least.map_or_else(|| base.clone(), |tally| tally.arm)
    }

    /// Returns the arm that comes next where plain runs were not enough.
    fn amplified(&self, past: &[Trial], base: &Arm, spent: f64) -> (Stage, Arm) {
        let hit = past.iter().any(|trial| trial.hit() && trial.counts());
        if is_due(past, if hit { CONTROL_EVERY } else { PLAIN_EVERY }) {
            return (Stage::Plain, self.plain_next(past, base));
        }
        let plain = Tally::of(base, own(past));
        let helps = |trial: &Trial| trial.hit() && trial.counts() && !trial.arm.tightens();
        if let Some(arm) = raise::seeded(past) {
            return (Stage::Thompson, arm);
        }
        if past.iter().any(helps) && !self.explores(past, spent) {
            if let Some(arm) = raise::raised(&self.candidates, past).filter(|_| spent < EXPLORE_UNTIL) {
                return (Stage::Thompson, arm);
            }
            return (Stage::Thompson, choice::thompson(past, &plain, &mut self.random(past)));
        }
        if spent < SUBSETS_FROM
            && let Some(arm) = self.rung(past, &plain)
        {
            return (Stage::Ladder, arm);
        }
        (Stage::Subsets, self.subset(&mut self.random(past)).upon(base))
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

    /// Returns the arm of the ladder whose turn it is: the first that had neither its runs nor its seconds.
    /// Each round is one level higher: the best three together, each one alone, all together; then, alone,
    /// those that tighten a limit. An arm that cost more than it can show has no turn.
    fn rung(&self, past: &[Trial], plain: &Tally) -> Option<Arm> {
        let most = self.candidates.iter().map(|candidate| candidate.levels.len()).max().unwrap_or_default();
        let loops = self.loops(past);
        let rungs = (0..most).flat_map(|level| self.round(level, loops)).map(|arm| arm.upon(&plain.arm));
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

    /// Each amplifier is on with one half, at a level drawn at random: what helps need not help more
    /// together. Tzoref, Ur and Yom-Tov, "Instrumenting where it hurts", 2007.
    fn subset(&self, random: &mut Random) -> Arm {
        let drawn = self.candidates.iter().filter(|_| random.coin()).collect::<Vec<_>>();
        let level = |candidate: &Candidate, bits: u64| bits as usize % candidate.levels.len().max(1);
        let settings: Vec<Setting> =
            drawn.into_iter().map(|candidate| candidate.at(level(candidate, random.bits()), 1.0)).collect();
        Arm(combinable(&settings).collect())
    }

    /// Leaves out what is not needed, then counts what is left afresh: two of its runs, then a control, until
    /// the rate is known.
    fn count(&self, chosen: &Arm, past: &[Trial], left: f64) -> Option<(Stage, Arm)> {
        if let Some(arm) = episode::knock_out(chosen, past, left) {
            return Some((Stage::KnockOut, arm));
        }
        let recipe = choice::recipe(chosen, past).0;
        let fresh = || of_stage(past, Stage::Count);
        let (tally, plain) = (Tally::of(&recipe, fresh()), base(past));
        let controls = Tally::of(&plain, fresh()).runs;
        let all_plain = Tally::of(&plain, own(past));
        let better = recipe.is_plain() || tally.beats(&all_plain);
        let differs = better && outcome::against(&tally, &all_plain) >= outcome::EVIDENCE;
        let wanted = if differs { CONTROLS } else { MOST_CONTROLS };
        let enough_controls = recipe.is_plain() || controls >= wanted;
        let most = if outcome::is_reliable(&tally) { MOST_COUNTED } else { MOST_UNSURE };
        let rate_known = (tally.interval.low >= 0.5 && better) || tally.runs >= most;
        if rate_known && enough_controls {
            return self.guard(&recipe, past);
        }
        let control_next = !enough_controls && (rate_known || controls < tally.runs / 2);
        Some((Stage::Count, if control_next { plain } else { recipe }))
    }

    fn guard(&self, recipe: &Arm, past: &[Trial]) -> Option<(Stage, Arm)> {
        let wanted =
            self.guard && !recipe.is_plain() && (of_stage(past, Stage::Guard).count() as u64) < GUARD;
        wanted.then(|| (Stage::Guard, recipe.clone()))
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

/// Returns the plain arm that others are held against and built upon: the test alone, unless it cannot be run
/// alone, or fails less often a minute than the whole command of CI does.
pub fn base(past: &[Trial]) -> Arm {
    let whole = Tally::of(&Arm::whole(), own(past));
    let alone = Tally::of(&Arm::CONTROL, own(past));
    let cannot = alone.runs == 0 && alone.harness_errors > 0 && whole.runs > 0;
    if cannot || passes_alone(&whole, &alone) || whole.beats(&alone) { Arm::whole() } else { Arm::CONTROL }
}

/// Returns true if the whole command fails and the test alone never did, in so many runs that this is no
/// chance at the whole one's rate: what other tests leave behind is needed.
pub fn passes_alone(whole: &Tally, alone: &Tally) -> bool {
    let rate = whole.rate().min(0.95);
    whole.hits > 0 && alone.hits == 0 && alone.runs > 0 && (1.0 - rate).powf(alone.runs as f64) <= MISS
}

/// Returns the smoke run that shows that the command ran no test here, if there is one: CI's own, or the one
/// test where no other command is known.
pub fn not_started(past: &[Trial]) -> Option<&Trial> {
    let whole_ran =
        of_stage(past, Stage::Smoke).any(|trial| trial.arm == Arm::whole() && trial.verdict.counts());
    let broken = |trial: &&Trial| trial.verdict == Verdict::HarnessError;
    of_stage(past, Stage::Smoke).find(broken).filter(|trial| trial.arm == Arm::whole() || !whole_ran)
}

/// Returns what plain runs showed if all of them failed as looked for.
pub fn always(past: &[Trial], base: &Arm) -> Option<Tally> {
    let plain = Tally::of(base, own(past));
    (plain.runs >= SMOKE as u64 && plain.hits == plain.runs).then_some(plain)
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

/// Returns true if it is time for a plain run.
fn is_due(past: &[Trial], every: usize) -> bool {
    let since = past.iter().rev().take_while(|trial| !trial.arm.is_plain()).count();
    since + 1 >= every
}
