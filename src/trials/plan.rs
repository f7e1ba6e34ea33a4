//! Which run comes next: the schedule of a budget.
//!
//! A pure function of what was run before and how much time is gone, so that a killed proof resumes
//! where it was. First the command as CI ran it, then the one test alone; then plain runs and amplified ones, which
//! share the time as `allocation` says; of the arm that was chosen what can be left out, and a fresh count of what is
//! left.

use super::allocation::{Spent, Turn};
use super::arm::{Arm, Setting};
use super::choice;
use super::episode;
use super::oracle::Verdict;
use super::outcome;
use super::raise;
use super::tally::Tally;
use super::trial::{Stage, Trial};
use crate::stats::{Random, fisher_less, quantile};

/// Parts of the budget: until when others are looked at beside the best arm, when random subsets replace a ladder without
/// a hit, and when the count must begin.
const EXPLORE_UNTIL: f64 = 0.5;
const SUBSETS_FROM: f64 = 0.70;
const COUNT_FROM: f64 = 0.75;
/// Part of the budget that one arm of the ladder may take in a row.
const SLICE: f64 = 0.04;

/// Runs that show whether the command works here where all of them fail alike.
const MORE_SMOKE: usize = 5;
/// Runs that show that it fails every time, and from how many on this is supposed.
pub const EVERY_TIME: u64 = 12;
const SUPPOSED: u64 = 2;
/// The chance below which it is no chance that the test alone never failed; it is looked at again and again.
const NO_CHANCE: f64 = 0.02;
/// The test alone is worth its time before it has failed if it takes no more than this part of the whole command's.
const MUCH_SHORTER: f64 = 0.5;
/// Seconds of one go of plain runs, about, and how often each copy is run in it. A go that is killed is lost, so that
/// runs that take longer than these seconds have only two rounds or one.
const GO: f64 = 6.0;
const FEWEST_ROUNDS: f64 = 4.0;
const MOST_ROUNDS: f64 = 16.0;
const LONG: f64 = 15.0;
const VERY_LONG: f64 = 60.0;
/// Amplifiers that run the test several times in one run.
pub const LOOPS: [&str; 2] = ["repeat", "no-reset"];
/// Part of the budget that one run with loops may take.
const LOOPED: f64 = 0.06;
/// Runs of one arm in a row, at most.
const BLOCK: u64 = 4;
/// Amplifiers that do again what a failing run printed.
const REPLAYS: [&str; 2] = ["seed-replay", "order-replay"];
/// Amplifiers that tell causes apart, those that tell most first, and the runs that show what one of them does; where it
/// seems to hide the failure, so many that this is no chance.
const TELLING: [&str; 8] = [
    "order-replay",
    "generator-seed",
    "clean-tree",
    "cpu-hogs",
    "one-cpu",
    "delay",
    "polluter-pair",
    "seed-replay",
];
const SHOWN: u64 = 8;
const HIDDEN: f64 = 0.05;
const MOST_HIDDEN: f64 = 40.0;
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

/// How many times the command is run in one go, and how many of these at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowd {
    pub at_once: u32,
    pub runs: u32,
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
        if let Some(arm) = self.smoke(past) {
            return Some((Stage::Smoke, arm));
        }
        if fails_otherwise(past) {
            return None;
        }
        let base = base(past);
        if let Some(plain) = always(past, &base) {
            return (plain.runs < EVERY_TIME).then_some((Stage::Plain, base));
        }
        let late = elapsed >= COUNT_FROM * self.budget;
        let plain = Tally::of(&base, own(past));
        let chosen = episode::chosen_arm(past).or_else(|| choice::chosen(past, &base, late));
        if let Some(chosen) = chosen {
            if let Some(next) = self.count(&chosen, past, self.budget - elapsed) {
                return Some(next);
            }
            if is_answered(&chosen, past, &plain) {
                return None;
            }
        }
        match self.spent(past, &plain, elapsed).turn() {
            Turn::Plain => Some((Stage::Plain, self.plain_next(past, &base))),
            Turn::Amplified => self.amplified(past, &base, elapsed / self.budget),
            Turn::Over => self.alone(past, &base),
        }
    }

    /// Returns how many times the command is run in one go, and how many of these runs at once: several where that
    /// disturbs none. While nothing but plain runs is wanted, each is followed by the next without a wait.
    pub fn crowd(&self, stage: Stage, arm: &Arm, past: &[Trial]) -> Crowd {
        let looking = matches!(stage, Stage::Plain | Stage::Ladder | Stage::Thompson | Stage::Subsets);
        let at_once = if looking && !disturbed(past) { self.copies.max(1) } else { 1 };
        if stage != Stage::Plain {
            return Crowd { at_once, runs: at_once };
        }
        let seconds = usual_seconds(arm, past);
        let rounds = match seconds {
            long if long > VERY_LONG => 1.0,
            long if long > LONG => 2.0,
            short => (GO / short.max(1e-3)).round().clamp(FEWEST_ROUNDS, MOST_ROUNDS),
        };
        let runs = at_once * rounds as u32;
        let missing = always(past, arm).map(|plain| (EVERY_TIME - plain.runs.min(EVERY_TIME - 1)) as u32);
        Crowd { at_once, runs: missing.map_or(runs, |missing| runs.min(missing)) }
    }

    /// Returns the arm whose first run shows whether the command works here: CI's own first.
    fn smoke(&self, past: &[Trial]) -> Option<Arm> {
        let smoke = || of_stage(past, Stage::Smoke);
        let ran = |arm: &Arm| smoke().any(|trial| trial.arm == *arm);
        if self.narrowed && !ran(&Arm::whole()) {
            return Some(Arm::whole());
        }
        if !ran(&Arm::CONTROL) {
            return Some(Arm::CONTROL);
        }
        (fails_otherwise(past) && smoke().count() < MORE_SMOKE).then(|| base(past))
    }

    fn spent<'a>(&self, past: &[Trial], plain: &'a Tally, elapsed: f64) -> Spent<'a> {
        let seconds = |plain: bool| {
            let of_kind = own(past).filter(|trial| trial.arm.is_plain() == plain);
            of_kind.map(|trial| trial.seconds).sum::<f64>()
        };
        let amplified: Vec<Tally> =
            choice::tallies(past).into_iter().filter(|tally| !tally.arm.is_plain()).collect();
        let helps = |tally: &&Tally| tally.hits > 0 && !tally.arm.tightens();
        Spent {
            plain,
            plain_runs: self.plain_tallies(past).iter().map(|tally| tally.runs).max().unwrap_or_default(),
            plain_seconds: seconds(true),
            amplified_seconds: seconds(false),
            next: usual_seconds(&plain.arm, past),
            amplified_hit: amplified.iter().any(|tally| helps(&tally)),
            amplified_ahead: amplified.iter().any(|tally| choice::is_ahead(tally, plain)),
            replays: self.replay(past, plain).is_some(),
            left: self.budget - elapsed,
            budget: self.budget,
            rate: self.rate,
        }
    }

    /// Returns what the whole command and the test alone showed.
    fn plain_tallies(&self, past: &[Trial]) -> Vec<Tally> {
        let arms = if self.narrowed { vec![Arm::whole(), Arm::CONTROL] } else { vec![Arm::CONTROL] };
        arms.iter().map(|arm| Tally::of(arm, own(past))).collect()
    }

    /// Returns the plain arm to run: the one that failed, or, as long as none has, the whole command in turns with the
    /// test alone, if that takes much less time. A fourth of the time shows whether what fails whole fails alone.
    fn plain_next(&self, past: &[Trial], base: &Arm) -> Arm {
        let [whole, alone] = [Arm::whole(), Arm::CONTROL].map(|arm| Tally::of(&arm, own(past)));
        let least = || if alone.seconds < whole.seconds { Arm::CONTROL } else { Arm::whole() };
        match () {
            () if !self.narrowed || alone.hits > 0 => base.clone(),
            () if is_undecided(&whole, &alone) && 3.0 * alone.seconds < whole.seconds => Arm::CONTROL,
            () if whole.hits == 0 && alone.runs > 0 && is_much_shorter(past) => least(),
            () => base.clone(),
        }
    }

    /// Returns the arm that comes next where plain runs are not enough; a plain one if there is none, unless plain
    /// runs have answered.
    fn amplified(&self, past: &[Trial], base: &Arm, spent: f64) -> Option<(Stage, Arm)> {
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
        let subset = self.subset(&mut self.random(past));
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
        if let Some(arm) = raise::seeded(past, SHOWN) {
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
            let wanted = if tally.hits == 0 { hidden.max(SHOWN) } else { SHOWN };
            tally.runs + tally.harness_errors < wanted && tally.seconds < SLICE * self.budget
        };
        let arms = candidates.into_iter().map(single).filter(|arm| !arm.tightens());
        let arm = arms.map(|arm| arm.upon(&plain.arm)).find(open)?;
        Some((Stage::Ladder, arm))
    }

    /// Returns the test alone where the whole command fails and it is not known whether the test does so alone.
    fn alone(&self, past: &[Trial], base: &Arm) -> Option<(Stage, Arm)> {
        let [plain, alone] = [base, &Arm::CONTROL].map(|arm| Tally::of(arm, own(past)));
        let open = self.narrowed && is_undecided(&plain, &alone) && alone.runs < MOST_CONTROLS;
        open.then_some((Stage::Plain, Arm::CONTROL))
    }

    /// Draws anew for each run, the same again when a proof is resumed.
    fn random(&self, past: &[Trial]) -> Random {
        Random::new(self.seed ^ (past.len() as u64) << 32)
    }

    /// Returns the arm that does again what failing runs printed, alone, until it had its runs.
    fn replay(&self, past: &[Trial], plain: &Tally) -> Option<Arm> {
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
        let better = tally.beats(&all_plain);
        let differs = better && outcome::against(&tally, &all_plain) >= outcome::EVIDENCE;
        let enough_controls = controls >= if differs { CONTROLS } else { MOST_CONTROLS };
        let most = if outcome::is_reliable(&tally) { MOST_COUNTED } else { MOST_UNSURE };
        let rate_known = (tally.interval.low >= 0.5 && better) || tally.runs >= most;
        if rate_known && enough_controls {
            return self.guard(&recipe, past);
        }
        let control_next = !enough_controls && (rate_known || controls < tally.runs / 2);
        Some((Stage::Count, if control_next { plain } else { recipe }))
    }

    fn guard(&self, recipe: &Arm, past: &[Trial]) -> Option<(Stage, Arm)> {
        let wanted = self.guard && (of_stage(past, Stage::Guard).count() as u64) < GUARD;
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
fn is_much_shorter(past: &[Trial]) -> bool {
    usual_seconds(&Arm::CONTROL, past) <= MUCH_SHORTER * usual_seconds(&Arm::whole(), past)
}

/// Returns true if the whole command fails and nobody knows yet whether the test fails alone.
fn is_undecided(whole: &Tally, alone: &Tally) -> bool {
    whole.hits > 0
        && !whole.arm.is_control()
        && alone.hits == 0
        && alone.runs > 0
        && !passes_alone(whole, alone)
}

/// Returns the seconds that a run of the arm takes here, in the median; of several copies the slowest counts.
fn usual_seconds(arm: &Arm, past: &[Trial]) -> f64 {
    let own = own(past).filter(|trial| trial.arm == *arm && trial.counts());
    let seconds: Vec<f64> = own.map(Trial::run_seconds).collect();
    quantile(&seconds, 0.5).unwrap_or_default()
}

/// Returns true if what was counted of the chosen arm is reliable and plain runs are not, or less so: then nothing is
/// left to find out.
fn is_answered(chosen: &Arm, past: &[Trial], plain: &Tally) -> bool {
    let recipe = choice::recipe(chosen, past).0;
    let tally = Tally::of(&recipe, of_stage(past, Stage::Count));
    outcome::is_reliable(&tally) && (tally.beats(plain) || !outcome::is_reliable(plain))
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
fn disturbed(past: &[Trial]) -> bool {
    let plain = || past.iter().filter(|trial| trial.arm.is_plain());
    let otherwise = |trial: &&Trial| {
        trial.verdicts().iter().any(|one| matches!(one, Verdict::Different | Verdict::HarnessError))
    };
    let together = plain().filter(|trial| !trial.each.is_empty()).any(|trial| otherwise(&trial));
    together && !plain().filter(|trial| trial.each.is_empty()).any(|trial| otherwise(&trial))
}
