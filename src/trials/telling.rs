//! Which runs tell causes apart where rounds of the test in one process fail nearly every time.
//!
//! With so many rounds that about half of the runs fail, an amplifier can be seen to help and to hide alike. Pairs of
//! runs with one seed each end alike if what the test draws at random decides.

use std::ops::RangeInclusive;

use super::arm::{Arm, Setting};
use super::choice;
use super::plan::Plan;
use super::rounds::{REPEAT, rounds};
use super::tally::Tally;
use super::trial::{Stage, Trial};

/// The amplifier that seeds generators.
const SEED: &str = "generator-seed";
/// The amplifiers that are tried upon the rounds.
const TRIED: [&str; 4] = ["clock-still", "one-cpu", "cpu-hogs", "delay"];
/// Runs of the rounds alone, of each seed, and of each amplifier; and the number of seeds.
const OWN: u64 = 12;
const PAIR: u64 = 2;
const EACH: u64 = 8;
const SEEDS: u32 = 6;
/// How often the number of rounds is chosen anew, by how many runs, outside of which rates, and how many times more there may be.
const MOST_MOVES: u32 = 3;
const ENOUGH: u64 = 6;
const BALANCED: RangeInclusive<f64> = 0.1..=0.9;
const MORE: f64 = 4.0;
/// The part of the budget that they may take.
const LONGEST: f64 = 0.25;

/// What was tried upon rounds: the runs with nothing else, those with one seed each, and those with an amplifier.
pub struct UponRounds<'o> {
    pub own: &'o Tally,
    pub pairs: Vec<&'o Tally>,
    pub others: Vec<(&'o str, &'o Tally)>,
}

impl<'o> UponRounds<'o> {
    /// Returns what the arms say that were run upon rounds; `None` where none was.
    pub fn of(arms: &'o [Tally]) -> Option<Self> {
        let upon = arms.iter().filter_map(|tally| match &tally.arm.0[..] {
            [first, second] if first.amplifier == REPEAT => Some((first, second, tally)),
            _ => None,
        });
        let upon: Vec<(&Setting, &Setting, &Tally)> = upon.collect();
        let base = upon.iter().find(|(_, second, _)| second.amplifier == SEED)?.0;
        let own = arms.iter().find(|tally| tally.arm.0[..] == [base.clone()])?;
        let same = || upon.iter().filter(|(first, ..)| *first == base);
        let is_seed = |second: &Setting| second.amplifier == SEED;
        Some(Self {
            own,
            pairs: same().filter(|(_, second, _)| is_seed(second)).map(|(.., tally)| *tally).collect(),
            others: same()
                .filter(|(_, second, _)| !is_seed(second))
                .map(|(_, second, tally)| (second.amplifier.as_str(), *tally))
                .collect(),
        })
    }

    /// Returns how much likelier it is that the seed decides than that it does not, in nats, and how many pairs of how many
    /// ended alike.
    pub fn of_seeds(&self) -> (f64, usize, usize) {
        let rate = (self.own.hits as f64 + 0.5) / (self.own.runs as f64 + 1.0);
        let chance = rate * rate + (1.0 - rate) * (1.0 - rate);
        let whole: Vec<&&Tally> = self.pairs.iter().filter(|tally| tally.runs >= PAIR).collect();
        let alike = whole.iter().filter(|tally| tally.hits == 0 || tally.hits == tally.runs).count();
        let unlike = whole.len() - alike;
        // A seed does not reach everything: a fraction of the pairs may differ all the same.
        let nats = alike as f64 * (0.95 / chance).ln() + unlike as f64 * (0.05 / (1.0 - chance)).ln();
        (nats, alike, whole.len())
    }
}

impl Plan {
    /// Returns the next arm that tells causes apart where `chosen` is rounds; `None` if all had their runs or their time.
    pub(super) fn telling(&self, past: &[Trial], chosen: &Arm, left: f64) -> Option<Arm> {
        rounds(chosen)?;
        let telling = || past.iter().filter(|trial| trial.stage == Stage::Telling);
        let base = of_rounds(level(past)?);
        let next = self.upon(&base).into_iter().find(|(arm, wanted)| {
            let tally = Tally::of(arm, telling());
            tally.runs + tally.harness_errors < *wanted
        });
        let (spent, longest) = telling()
            .fold((0.0, 0.0_f64), |(sum, longest), trial| (sum + trial.seconds, longest.max(trial.seconds)));
        next.map(|(arm, _)| arm).filter(|_| spent < LONGEST * self.budget && left > 2.0 * longest)
    }

    /// Returns the arms upon the rounds, each with the runs that it needs.
    fn upon(&self, base: &Setting) -> Vec<(Arm, u64)> {
        let arm = |other: Setting| Arm(vec![base.clone(), other]);
        let level = |name: &str| {
            let one = self.candidates.iter().find(|candidate| candidate.amplifier == name)?;
            Some(one.at(one.levels.len() / 2, 1.0)).map(|setting| Setting { site: None, ..setting })
        };
        let mut arms = vec![(Arm(vec![base.clone()]), OWN)];
        // 1 would draw one.
        let seeds = (2..2 + SEEDS).map(|seed| Setting { level: f64::from(seed), ..setting(SEED) });
        let seeds = seeds.filter(|_| level(SEED).is_some());
        arms.extend(seeds.map(|seed| (arm(seed), PAIR)));
        arms.extend(TRIED.iter().filter_map(|name| level(name)).map(|other| (arm(other), EACH)));
        arms
    }
}

fn setting(amplifier: &str) -> Setting {
    Setting { amplifier: amplifier.to_owned(), level: 1.0, site: None }
}

fn of_rounds(level: f64) -> Setting {
    Setting { level, ..setting(REPEAT) }
}

/// Returns the rounds upon which causes are told: those that should let half of the runs fail, or, where nearly all or none of
/// the first runs with them did, those that these say.
fn level(past: &[Trial]) -> Option<f64> {
    let mut level = half(past)?;
    for _ in 0..MOST_MOVES {
        let telling = past.iter().filter(|trial| trial.stage == Stage::Telling);
        let own = Tally::of(&Arm(vec![of_rounds(level)]), telling);
        if own.runs < ENOUGH || BALANCED.contains(&own.rate()) {
            break;
        }
        level = halved(level, &own).min(MORE * level);
    }
    (level >= 2.0).then_some(level)
}

/// Returns the rounds of which half of the runs should fail if so many do with `level`.
fn halved(level: f64, tally: &Tally) -> f64 {
    let rate = (tally.hits as f64 + 0.5) / (tally.runs as f64 + 1.0);
    (level * 0.5_f64.ln() / (1.0 - rate).ln()).round()
}

/// Returns with how many rounds about half of the runs fail, by what was run before anything told causes apart; `None` if
/// one is enough.
fn half(past: &[Trial]) -> Option<f64> {
    let before = past.iter().position(|trial| trial.stage == Stage::Telling).unwrap_or(past.len());
    let before = past.get(..before)?;
    let tallies = choice::tallies(before);
    let known = tallies.iter().filter(|tally| rounds(&tally.arm).is_some() && tally.hits > 0);
    let distance = |tally: &&Tally| (tally.rate() - 0.5).abs();
    let best = known.min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    Some(halved(rounds(&best.arm)?, best)).filter(|level| *level >= 2.0)
}

#[cfg(test)]
mod tests {
    use super::super::ladder::Candidate;
    use super::super::oracle::Verdict::{self, Exact, Passed};
    use super::super::test_support::trial;
    use super::*;

    fn of(settings: &[(&str, f64)]) -> Arm {
        Arm(settings.iter().map(|(name, level)| Setting { level: *level, ..setting(name) }).collect())
    }

    fn run(arm: Arm, stage: Stage, each: &[Verdict]) -> Trial {
        let best = each.iter().copied().max().unwrap_or(Passed);
        Trial { arm, each: each.to_vec(), ..trial(stage, &[], best, 1.0) }
    }

    fn plan() -> Plan {
        let candidate =
            |name: &&str| Candidate { amplifier: (*name).to_owned(), levels: vec![1.0], site: None };
        Plan {
            candidates: [SEED, "cpu-hogs", "one-cpu", REPEAT].iter().map(candidate).collect(),
            budget: 160.0,
            ..Plan::default()
        }
    }

    /// Two runs of 16 rounds, and what is told after them, two copies a go, until nothing more is to be told.
    fn runs_of(verdict: impl Fn(&Arm, usize) -> Verdict) -> Vec<Trial> {
        let rounds = of(&[(REPEAT, 16.0)]);
        let mut past =
            vec![run(rounds.clone(), Stage::Ladder, &[Exact, Exact, Passed, Exact, Passed, Exact])];
        while let Some(arm) = plan().telling(&past, &rounds, 100.0) {
            let each = [0, 1].map(|copy| verdict(&arm, past.len() + copy));
            past.push(run(arm, Stage::Telling, &each));
        }
        past
    }

    #[test]
    fn about_half_of_the_runs_fail_and_each_arm_has_as_many_as_it_needs() {
        let past = runs_of(|_, turn| if turn % 2 == 0 { Exact } else { Passed });
        let runs = |arm: &Arm| Tally::of(arm, past.iter().filter(|trial| trial.stage == Stage::Telling)).runs;
        assert_eq!(runs(&of(&[(REPEAT, 11.0)])), OWN);
        assert_eq!(runs(&of(&[(REPEAT, 11.0), (SEED, 2.0)])), PAIR);
        assert_eq!(runs(&of(&[(REPEAT, 11.0), ("cpu-hogs", 1.0)])), EACH);
        assert_eq!(past.len(), 1 + 6 + 6 + 4 + 4, "the delay cannot be tried here");
    }

    #[test]
    fn rounds_with_which_all_runs_fail_or_none_are_changed_before_anything_is_told() {
        for (threshold, told) in [(4.0, 2.0..=5.0), (30.0, 30.0..=60.0)] {
            let past = runs_of(|arm, turn| match arm.0[0].level {
                level if level < threshold => Passed,
                level if level > 2.0 * threshold || turn % 2 == 0 => Exact,
                _ => Passed,
            });
            let pairs = past.iter().filter(|trial| trial.arm.0.len() == 2);
            let levels: Vec<f64> = pairs.map(|trial| trial.arm.0[0].level).collect();
            assert!(levels.len() > 10 && levels.iter().all(|level| told.contains(level)), "{levels:?}");
        }
    }

    #[test]
    fn nothing_is_told_upon_another_recipe_or_beyond_its_part_of_the_budget() {
        let rounds = of(&[(REPEAT, 16.0)]);
        let past = vec![run(rounds.clone(), Stage::Ladder, &[Exact, Passed])];
        assert_eq!(plan().telling(&past, &of(&[("delay", 1.0)]), 100.0), None);
        let dear = Trial { seconds: 50.0, ..run(rounds.clone(), Stage::Telling, &[Passed, Exact]) };
        assert_eq!(plan().telling(&[past, vec![dear]].concat(), &rounds, 100.0), None);
    }

    #[test]
    fn a_seed_that_decides_is_told_from_one_that_does_not() {
        let seed = |arm: &Arm| arm.0.get(1).filter(|one| one.amplifier == SEED).map(|one| one.level as usize);
        let decides = runs_of(|arm, turn| if seed(arm).unwrap_or(turn) % 2 == 0 { Exact } else { Passed });
        let not = runs_of(|_, turn| if turn % 2 == 0 { Exact } else { Passed });
        for (past, likelier, expected) in [(decides, true, 6), (not, false, 0)] {
            let arms = choice::tallies(&past);
            let (nats, alike, pairs) = UponRounds::of(&arms).map(|upon| upon.of_seeds()).unwrap_or_default();
            assert_eq!((alike, pairs), (expected, 6));
            assert!((nats > 3.0) == likelier && (nats < -3.0) != likelier, "{nats}");
        }
    }
}
