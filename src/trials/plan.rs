//! Which run comes next: the schedule of a budget.
//!
//! A pure function of what was run before and how much time is gone, so that a killed proof resumes
//! where it was. First the command as CI ran it, then the one test alone; then plain runs and amplified ones, which
//! share the time as `allocation` says; of the arm that was chosen what can be left out, and a fresh count of what is
//! left.

use super::allocation::{Spent, Turn};
use super::arm::Arm;
use super::choice;
use super::episode;
use super::ladder::Candidate;
use super::outcome;
use super::past::{
    EVERY_TIME, always, base, disturbed, fails_otherwise, is_much_shorter, is_undecided, not_started,
    of_stage, own, usual_seconds, works_whole,
};
use super::rounds::rounds;
use super::tally::Tally;
use super::trial::{Stage, Trial};

/// Part of the budget after which the count must begin.
pub const COUNT_FROM: f64 = 0.75;

/// Runs that show whether the command works here where all of them fail alike.
const MORE_SMOKE: usize = 5;
/// Copies of the test alone that are run at first, where the whole command works here.
const SMOKE_COPIES: u32 = 2;
/// Seconds of one go of plain runs, about, and how often each copy is run in it. A go that is killed is lost, so that
/// runs that take longer than these seconds have only two rounds or one.
const GO: f64 = 6.0;
/// The same of the first go: what could hit sooner has its turn after it.
const FIRST_GO: f64 = 2.0;
const FEWEST_ROUNDS: f64 = 4.0;
const MOST_ROUNDS: f64 = 16.0;
const LONG: f64 = 15.0;
const VERY_LONG: f64 = 60.0;
/// Controls of a fresh count: at least, and at most where fewer do not show a difference.
const CONTROLS: u64 = 10;
const MOST_CONTROLS: u64 = 40;
/// Runs of a fresh count, at most; more while it is not known to be reliable.
const MOST_COUNTED: u64 = 24;
const MOST_UNSURE: u64 = 120;
/// Runs that all fail before no more are made, where they take no more than this part of the budget: twelve are also seen
/// of what fails in nine of ten.
const WITHOUT_EXCEPTION: u64 = 40;
const FOR_EVERY_TIME: f64 = 0.25;
/// Runs of the whole command that tell whether it still passes where the test alone always fails.
const WHOLE_AGAIN: u64 = 3;
/// Runs of the guard.
pub const GUARD: u64 = 10;

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
    /// True if CI's own command may run several tests at the same time.
    pub together: bool,
    /// Plain runs that are made at once.
    pub copies: u32,
    /// True if something is done before each run, so that none follows another at once.
    pub apart: bool,
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
            let cheap = plain.runs < WITHOUT_EXCEPTION && plain.seconds < FOR_EVERY_TIME * self.budget;
            let more = plain.runs < EVERY_TIME || cheap;
            let again = || self.whole_again(past).then(|| (Stage::Plain, Arm::whole()));
            return if more {
                Some((Stage::Plain, base))
            } else {
                again().or_else(|| self.hiding(past, &plain))
            };
        }
        let late = elapsed >= COUNT_FROM * self.budget;
        let plain = Tally::of(&base, own(past));
        let chosen = episode::chosen_arm(past).or_else(|| choice::chosen(past, &base, late));
        if let Some(chosen) = chosen {
            if let Some(next) = self.count(&chosen, past, self.budget - elapsed) {
                return Some(next);
            }
            if is_answered(&chosen, past, &plain) {
                let recipe = choice::recipe(&chosen, past).0;
                return Some((Stage::Telling, self.telling(past, &recipe, self.budget - elapsed)?));
            }
        }
        let turn = self.spent(past, &plain, elapsed).turn();
        if turn != Turn::Over
            && let Some(arm) = self.rounds(past, &plain, self.budget - elapsed)
        {
            return Some((Stage::Ladder, arm));
        }
        match turn {
            Turn::Plain => Some((Stage::Plain, self.plain_next(past, &base))),
            Turn::Amplified => self.amplified(past, &base, elapsed / self.budget),
            Turn::Over => self.alone(past, &base),
        }
    }

    /// Returns how many times the command is run in one go, and how many of these runs at once: several where that
    /// disturbs none. While nothing but plain runs is wanted, each is followed by the next without a wait.
    pub fn crowd(&self, stage: Stage, arm: &Arm, past: &[Trial]) -> Crowd {
        if self.apart {
            return Crowd { at_once: 1, runs: 1 };
        }
        let smoke = stage == Stage::Smoke;
        let alone = disturbed(past) || stage == Stage::Guard || (smoke && !works_whole(past));
        let most = if smoke { SMOKE_COPIES } else { u32::MAX };
        let at_once = if alone { 1 } else { self.copies.clamp(1, most) };
        if stage != Stage::Plain {
            return Crowd { at_once, runs: at_once };
        }
        let seconds = usual_seconds(arm, past);
        let go = if of_stage(past, Stage::Plain).next().is_some() { GO } else { FIRST_GO };
        let rounds = match seconds {
            long if long > VERY_LONG => 1.0,
            long if long > LONG => 2.0,
            short => (go / short.max(1e-3)).round().clamp(FEWEST_ROUNDS, MOST_ROUNDS),
        };
        let runs = at_once * rounds as u32;
        if arm == &Arm::whole() && always(past, &Arm::CONTROL).is_some() {
            return Crowd { at_once: 1, runs: 1 };
        }
        let wanted = |plain: &Tally| if plain.runs < EVERY_TIME { EVERY_TIME } else { WITHOUT_EXCEPTION };
        let missing = always(past, arm).map(|plain| wanted(&plain).saturating_sub(plain.runs).max(1) as u32);
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
        // Rounds in one process have a share of their own.
        let seconds = |plain: bool| {
            let of_kind = own(past).filter(|trial| trial.arm.is_plain() == plain);
            of_kind.filter(|trial| rounds(&trial.arm).is_none()).map(|trial| trial.seconds).sum::<f64>()
        };
        let amplified: Vec<Tally> =
            choice::tallies(past).into_iter().filter(|tally| !tally.arm.is_plain()).collect();
        let helps = |tally: &&Tally| tally.hits > 0 && tally.arm.may_reproduce() && !tally.arm.tightens();
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
    pub(super) fn plain_next(&self, past: &[Trial], base: &Arm) -> Arm {
        let [whole, alone] = [Arm::whole(), Arm::CONTROL].map(|arm| Tally::of(&arm, own(past)));
        let least = || if alone.seconds < whole.seconds { Arm::CONTROL } else { Arm::whole() };
        match () {
            () if !self.narrowed || alone.hits > 0 => base.clone(),
            () if is_undecided(&whole, &alone) && 3.0 * alone.seconds < whole.seconds => Arm::CONTROL,
            () if whole.hits == 0 && alone.runs > 0 && is_much_shorter(past) => least(),
            () => base.clone(),
        }
    }

    /// Returns true if runs of CI passed, and if so whatever fails every time here may not be a defect.
    pub(super) fn passes_in_ci(&self) -> bool {
        self.rate.is_some_and(|rate| rate < 1.0)
    }

    /// Returns true if the whole command passed before the test alone failed every time, and was not run again: it may
    /// fail as well by now.
    fn whole_again(&self, past: &[Trial]) -> bool {
        let whole = Tally::of(&Arm::whole(), own(past));
        self.narrowed && whole.runs > 0 && whole.hits == 0 && whole.runs < WHOLE_AGAIN
    }

    /// Returns the test alone where the whole command fails and it is not known whether the test does so alone.
    pub(super) fn alone(&self, past: &[Trial], base: &Arm) -> Option<(Stage, Arm)> {
        let [plain, alone] = [base, &Arm::CONTROL].map(|arm| Tally::of(arm, own(past)));
        let open = self.narrowed && is_undecided(&plain, &alone) && alone.runs < MOST_CONTROLS;
        open.then_some((Stage::Plain, Arm::CONTROL))
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
        let sure = tally.interval.low >= 0.5 && (better || !outcome::is_reliable(&all_plain));
        let rate_known = sure || tally.runs >= most;
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

/// Returns true if what was counted of the chosen arm is reliable and plain runs are not, or less so: then nothing is
/// left to find out.
fn is_answered(chosen: &Arm, past: &[Trial], plain: &Tally) -> bool {
    let recipe = choice::recipe(chosen, past).0;
    let tally = Tally::of(&recipe, of_stage(past, Stage::Count));
    outcome::is_reliable(&tally) && (tally.beats(plain) || !outcome::is_reliable(plain))
}
