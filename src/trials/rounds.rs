//! Many rounds of the test in one process: repetition that pays once for the start of a program.
//!
//! Most flaky failures are drawn anew each time the body of a test runs, and starting an interpreter takes longer than
//! most bodies. So rounds are tried beside plain runs before any amplifier. What is drawn once a process (the seed of a
//! hash, what an import does) they never show: while nothing hits they have a part of the time.

use super::allocation::LEAST_LEFT;
use super::arm::{Arm, Setting};
use super::choice::{self, tallies};
use super::oracle::Verdict;
use super::outcome;
use super::past::{of_stage, own, passes_alone, usual_seconds};
use super::plan::Plan;
use super::tally::Tally;
use super::trial::{Stage, Trial};

/// The amplifier.
pub const REPEAT: &str = "repeat";
/// Rounds of the first run, and how many times more the next one has.
const FIRST: f64 = 16.0;
const MORE: f64 = 8.0;
const MORE_AT_ALL: f64 = 1.5;
/// The part of the budget that one run of them may take: eight runs must fit into what a count has.
const LONGEST: f64 = 0.06;
/// The share of failing runs that is wanted, and the one from which no more rounds are asked for.
const WANTED: f64 = 0.95;
const ENOUGH: f64 = 0.85;
/// The part of a plain run that a round may take.
const SAVING: f64 = 0.5;
/// The least part of a run that its rounds are held to take; a busy machine hides them behind the start.
const LEAST_PART: f64 = 0.05;
/// Rounds without a hit after which a rate of 0.6% a round is out of question (95%).
const MANY: f64 = 500.0;
/// The share of the time before and after so many rounds without a hit, where plain runs hit and rounds did not yet, and
/// where rounds hit.
const WHILE_NEW: f64 = 1.0 / 3.0;
const WHEN_MANY: f64 = 1.0 / 12.0;
const WHEN_PLAIN_HITS: f64 = 0.5;
const WHEN_THEY_HIT: f64 = 5.0 / 6.0;
/// Hits that plain runs would have had in the seconds of rounds in vain.
const FOREGONE: f64 = 3.0;
/// The part of the budget that they may take whatever their share: the first of them cost less than a few plain runs.
const AT_FIRST: f64 = 0.02;
/// Hits that so many rounds would have had at the rate of plain runs, from which on they are known not to show it.
const NEVER: f64 = 5.0;
/// Runs that failed in another way, from which on rounds must have more hits.
const MOST_OTHERWISE: u64 = 6;
/// The rate of plain runs from which rounds could not do much better.
const HIGH_RATE: f64 = 0.5;

/// What rounds have shown, whatever their number.
struct Rounds {
    arms: Vec<Tally>,
    hits: u64,
    seconds: f64,
    /// Runs that failed in another way, which ends their rounds.
    otherwise: u64,
    /// Rounds of runs that passed.
    passed: f64,
}

impl Rounds {
    fn of(past: &[Trial]) -> Self {
        let arms: Vec<Tally> =
            tallies(past).into_iter().filter(|tally| rounds(&tally.arm).is_some()).collect();
        let otherwise = |tally: &Tally| tally.same_class + tally.different + tally.starved;
        let passed = |tally: &Tally| {
            let runs = tally.runs.saturating_sub(tally.hits + otherwise(tally));
            runs as f64 * rounds(&tally.arm).unwrap_or_default()
        };
        Self {
            hits: arms.iter().map(|tally| tally.hits).sum(),
            seconds: arms.iter().map(|tally| tally.seconds).sum(),
            otherwise: arms.iter().map(otherwise).sum(),
            passed: arms.iter().map(passed).sum(),
            arms,
        }
    }

    /// Returns the share of the time that they may take beside `plain` runs.
    fn share(&self, plain: &Tally) -> f64 {
        match () {
            () if self.otherwise > MOST_OTHERWISE.max(self.hits) => 0.0,
            () if self.hits > 0 => WHEN_THEY_HIT,
            () if self.passed * plain.rate() >= NEVER => 0.0,
            () if plain.hits > 0 && plain.hits_per_minute / 60.0 * self.seconds >= FOREGONE => 0.0,
            () if plain.hits > 0 => WHEN_PLAIN_HITS,
            () if self.passed < MANY => WHILE_NEW,
            () => WHEN_MANY,
        }
    }
}

/// Returns how many rounds the arm has, if it is the test alone and nothing but rounds.
pub fn rounds(arm: &Arm) -> Option<f64> {
    match &arm.0[..] {
        [one] if one.amplifier == REPEAT => Some(one.level.max(1.0)),
        _ => None,
    }
}

impl Plan {
    /// Returns the test alone with the rounds that are worth a run, if it is their turn.
    pub(super) fn rounds(&self, past: &[Trial], plain: &Tally, left: f64) -> Option<Arm> {
        let [whole, alone] = [Arm::whole(), Arm::CONTROL].map(|arm| Tally::of(&arm, own(past)));
        let answered = outcome::is_reliable(plain)
            || plain.rate() >= HIGH_RATE
            || (plain.hits > 0 && self.replay(past, plain).is_some());
        let begun = of_stage(past, Stage::Plain).next().is_some() && alone.runs > 0;
        if answered || !begun || passes_alone(&whole, &alone) {
            return None;
        }
        let shown = Rounds::of(past);
        let (arm, seconds) = self.next_rounds(past, &shown)?;
        let lost = shown.arms.iter().any(|tally| tally.arm == arm && choice::is_lost(tally, plain));
        let after = shown.seconds + seconds;
        let plain_seconds: f64 =
            own(past).filter(|trial| trial.arm.is_plain()).map(|trial| trial.seconds).sum();
        let share = shown.share(plain);
        let due =
            after <= share * (after + plain_seconds) || (share > 0.0 && after <= AT_FIRST * self.budget);
        let fits = left >= LEAST_LEFT * seconds && due;
        (fits && !lost).then_some(arm)
    }

    /// Returns the next number of rounds, and about how many seconds they take: more as long as too few runs fail.
    fn next_rounds(&self, past: &[Trial], shown: &Rounds) -> Option<(Arm, f64)> {
        if !self.candidates.iter().any(|candidate| candidate.amplifier == REPEAT) {
            return None;
        }
        let start = usual_seconds(&Arm::CONTROL, past);
        let measured = round_seconds(past, start);
        // Where a round takes as long as a run, nothing is saved by it.
        if measured.is_some_and(|round| round > SAVING * start) {
            return None;
        }
        let round = measured.unwrap_or(start).max(1e-4);
        let most = |part: f64| (part * self.budget / round).floor();
        // Until it is known what a round takes, it is held to take as long as a run.
        let at_first = most(AT_FIRST);
        let most = if measured.is_none() && at_first >= 2.0 { at_first } else { most(LONGEST) };
        let last = shown.arms.last();
        let level = two_digits(last.map_or(FIRST, after).min(most));
        // A few rounds more are the same arm, so that its runs are counted together.
        let level = last
            .and_then(|last| rounds(&last.arm))
            .filter(|last| level < MORE_AT_ALL * last)
            .unwrap_or(level);
        let setting = Setting { amplifier: REPEAT.to_owned(), level, site: None };
        (level >= 2.0).then(|| (Arm(vec![setting]), start + (level - 1.0) * round))
    }
}

/// Returns the rounds that would make nearly every run fail, from what the last number of them showed.
fn after(last: &Tally) -> f64 {
    let level = rounds(&last.arm).unwrap_or(FIRST);
    match () {
        () if last.runs == 0 || last.rate() >= ENOUGH => level,
        () if last.hits == 0 => level * MORE,
        () => {
            let rate = (last.hits as f64 + 0.5) / (last.runs as f64 + 1.0);
            level * ((1.0 - WANTED).ln() / (1.0 - rate).ln()).clamp(1.0, MORE)
        }
    }
}

/// Returns the seconds that one more round takes, from the runs in which all of them passed.
fn round_seconds(past: &[Trial], start: f64) -> Option<f64> {
    let passed = past.iter().filter(|trial| trial.verdicts().iter().all(|one| *one == Verdict::Passed));
    let mut each = passed.filter_map(|trial| {
        let seconds = trial.run_seconds();
        let more = (rounds(&trial.arm)? - 1.0).max(1.0);
        Some((seconds - start).max(LEAST_PART * seconds) / more)
    });
    each.next_back()
}

/// Returns the whole number with two digits that count, as a person would type it.
fn two_digits(number: f64) -> f64 {
    let unit = 10_f64.powf((number.max(1.0).log10().floor() - 1.0).max(0.0));
    (number / unit).floor() * unit
}

#[cfg(test)]
mod tests {
    use super::super::ladder::Candidate;
    use super::super::oracle::Verdict::{Exact, Passed};
    use super::super::test_support::trial;
    use super::super::{Outcome, Status};
    use super::*;
    use crate::stats::Random;

    const BUDGET: f64 = 160.0;

    /// A test whose program takes so long to start, and its body so long.
    #[derive(Clone, Copy)]
    struct Test {
        start: f64,
        body: f64,
        /// The rate of a round, and that of a process, whatever its rounds.
        round: f64,
        process: f64,
    }

    /// Two copies at once; a run ends with the round that fails.
    fn proof(test: Test, seed: u64) -> (Outcome, Vec<Trial>) {
        let candidate =
            |name: &str| Candidate { amplifier: name.to_owned(), levels: vec![1.0, 2.0], site: None };
        let candidates = ["delay", "cpu-hogs", REPEAT].map(candidate).to_vec();
        let plan = Plan { candidates, budget: BUDGET, seed, copies: 2, ..Plan::default() };
        let mut random = Random::new(seed + 9);
        let (mut past, mut elapsed): (Vec<Trial>, f64) = (Vec::new(), 0.0);
        while let Some((stage, arm)) = plan.next(&past, elapsed) {
            let crowd = plan.crowd(stage, &arm, &past);
            let wanted = rounds(&arm).unwrap_or(1.0) as u64;
            let mut copy = || {
                let failed = random.unit() < test.process;
                let at = (1..=wanted).find(|_| random.unit() < test.round).filter(|_| !failed);
                let seconds = test.start + test.body * at.unwrap_or(if failed { 1 } else { wanted }) as f64;
                (seconds, if failed || at.is_some() { Exact } else { Passed })
            };
            let copies: Vec<(f64, Verdict)> = (0..crowd.runs).map(|_| copy()).collect();
            let longest = copies.iter().map(|(seconds, _)| *seconds).fold(0.0, f64::max);
            let took = longest
                .max(copies.iter().map(|(seconds, _)| seconds).sum::<f64>() / f64::from(crowd.at_once));
            elapsed += took;
            past.push(Trial {
                arm,
                elapsed,
                number: past.len() as u64 + 1,
                each: copies.iter().map(|(_, verdict)| *verdict).collect(),
                longest: Some(longest),
                ..trial(stage, &[], copies.iter().map(|(_, verdict)| *verdict).max().unwrap_or(Passed), took)
            });
        }
        (Outcome::of(&plan, &["t".to_owned()], &past, Vec::new()), past)
    }

    /// Returns how many of twelve proofs `holds` is true of.
    fn count(test: Test, holds: impl Fn(&Outcome) -> bool) -> usize {
        (0..12).filter(|&seed| holds(&proof(test, seed).0)).count()
    }

    #[test]
    fn what_each_round_draws_anew_is_reliable_in_one_process_where_plain_runs_are_not() {
        for (start, body, round) in [(0.7, 0.05, 0.03), (0.5, 0.01, 0.003), (2.0, 0.2, 0.05)] {
            let test = Test { start, body, round, process: 0.0 };
            let reliable = |outcome: &Outcome| outcome.status == Status::Reliable && outcome.fresh;
            assert!(count(test, reliable) >= 11, "{start} s and {body} s a round, {round}");
        }
    }

    #[test]
    fn what_is_drawn_once_a_process_is_found_by_plain_runs_all_the_same() {
        let test = Test { start: 0.7, body: 0.05, round: 0.0, process: 0.03 };
        assert!(count(test, Outcome::reproduced) >= 11);
    }

    #[test]
    fn the_first_rounds_come_after_one_short_go_of_plain_runs() {
        let test = Test { start: 0.4, body: 0.01, round: 0.05, process: 0.0 };
        let late = |seed: &u64| {
            let (_, past) = proof(test, *seed);
            let first = past.iter().position(|trial| rounds(&trial.arm).is_some()).unwrap();
            let plain = past.iter().take(first).filter(|trial| trial.stage == Stage::Plain).count();
            let hit = past.iter().find(|trial| trial.hit()).map_or(BUDGET, |trial| trial.elapsed);
            plain != 1 || hit > 8.0
        };
        assert_eq!((0..12).filter(late).collect::<Vec<u64>>(), [0_u64; 0]);
    }

    #[test]
    fn rounds_end_when_so_many_would_have_hit_at_the_rate_of_plain_runs() {
        let plain = |hits| Tally { hits, runs: 40, ..Tally::of(&Arm::whole(), std::iter::empty()) };
        let rounds = |passed| Rounds { arms: Vec::new(), hits: 0, seconds: 1.0, otherwise: 0, passed };
        assert_eq!(rounds(99.0).share(&plain(2)), WHEN_PLAIN_HITS);
        assert_eq!(rounds(101.0).share(&plain(2)), 0.0);
        assert_eq!(rounds(101.0).share(&plain(0)), WHILE_NEW, "nothing is known of its rate");
    }

    #[test]
    fn no_run_of_rounds_takes_more_than_its_part_and_none_is_made_of_long_tests() {
        for (start, body) in [(0.5, 0.05), (0.5, 3.0), (1.0, 30.0)] {
            let test = Test { start, body, round: 0.0, process: 0.0 };
            let (_, past) = proof(test, 1);
            let of_rounds = past.iter().filter(|trial| rounds(&trial.arm).is_some());
            let longest = of_rounds.map(|trial| trial.seconds).fold(0.0, f64::max);
            assert!(longest <= 1.5 * LONGEST * BUDGET, "{body} s: {longest} s");
        }
    }
}
