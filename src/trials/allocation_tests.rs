//! Proofs against simulated failures, beside repetition of the same test with as many copies for as long.
//!
//! As long as nothing hits, what comes next does not depend on the rates. So one path without a hit gives the exact
//! chance of a hit, and of a hit by any time, for every rate: the product of the misses along it.

use super::choice::tallies;
use super::ladder::Candidate;
use super::oracle::Verdict::{self, Exact, Passed};
use super::outcome::is_reliable;
use super::past::base;
use super::plan::Plan;
use super::test_support::trial;
use super::{Arm, Outcome, Stage, Status, Tally, Trial};
use crate::stats::Random;

const BUDGET: f64 = 160.0;
/// By how much the chance of a reproduction may be lower than that of repetition.
const BEHIND: f64 = 1.0 / 23.0;

/// A failure: its rate, and how many times more often it comes with each amplifier.
#[derive(Clone, Copy)]
struct Failure {
    rate: f64,
    factors: [(&'static str, f64); 4],
}

impl Failure {
    /// What hides it wins; of what helps the best counts.
    fn rate(&self, arm: &Arm) -> f64 {
        let has = |name: &str| arm.0.iter().any(|setting| setting.amplifier == name);
        let factors: Vec<f64> =
            self.factors.iter().filter(|(name, _)| has(name)).map(|(_, factor)| *factor).collect();
        let least = factors.iter().copied().fold(1.0, f64::min);
        let most = factors.iter().copied().fold(1.0, f64::max);
        (self.rate * if least < 1.0 { least } else { most }).min(1.0)
    }
}

/// Which amplifiers a simulated failure answers to.
fn factors(name: &str) -> [(&'static str, f64); 4] {
    let all = |of: [f64; 4]| [("cpu-hogs", of[0]), ("delay", of[1]), ("parallel", of[2]), ("io-load", of[3])];
    all(match name {
        "hidden by all" => [0.0; 4],
        "no help" => [1.0; 4],
        "a third" => [0.3; 4],
        "first helps" => [5.0, 1.0, 1.0, 1.0],
        "last helps" => [1.0, 1.0, 1.0, 5.0],
        "much" => [1.0, 30.0, 1.0, 1.0],
        other => panic!("{other} is no arrangement"),
    })
}

fn plan(seed: u64, copies: u32, rate: Option<f64>) -> Plan {
    let candidate = |name: &str| Candidate { amplifier: name.into(), levels: vec![1.0, 2.0], site: None };
    let candidates = ["cpu-hogs", "delay", "parallel", "io-load"].map(candidate).to_vec();
    Plan { candidates, budget: BUDGET, seed, copies, rate, ..Plan::default() }
}

/// A run takes `seconds`, a little more or less, and longer with amplifiers.
fn lasting(seconds: f64, arm: &Arm, random: &mut Random) -> f64 {
    seconds * (1.0 + 0.3 * arm.0.len() as f64) * (0.8 + 0.4 * random.unit())
}

/// Runs `plan` until its end or that of its budget; `verdict` judges each copy. Copies begin one after another in their
/// places.
fn simulate(plan: &Plan, seconds: f64, verdict: &mut dyn FnMut(&Arm) -> Verdict) -> Vec<Trial> {
    let mut random = Random::new(plan.seed + 77);
    let mut past: Vec<Trial> = Vec::new();
    let mut elapsed = 0.0;
    while let Some((stage, arm)) = plan.next(&past, elapsed) {
        let crowd = plan.crowd(stage, &arm, &past);
        let mut places = vec![0.0_f64; crowd.at_once as usize];
        let mut ends: Vec<(f64, f64, Verdict)> = Vec::new();
        for _ in 0..crowd.runs {
            let place = places.iter_mut().min_by(|a, b| a.total_cmp(b)).unwrap();
            let took = lasting(seconds, &arm, &mut random);
            *place += took;
            if elapsed + *place <= plan.budget {
                ends.push((*place, took, verdict(&arm)));
            }
        }
        let took = places.iter().copied().fold(0.0, f64::max).min(plan.budget - elapsed);
        elapsed += took;
        let Some(best) = ends.iter().map(|(_, _, verdict)| *verdict).max() else { break };
        let mut hits_at: Vec<f64> =
            ends.iter().filter(|(.., verdict)| *verdict == Exact).map(|(end, ..)| *end).collect();
        hits_at.sort_by(f64::total_cmp);
        past.push(Trial {
            arm,
            number: past.len() as u64 + 1,
            elapsed,
            each: ends.iter().map(|(.., verdict)| *verdict).collect(),
            longest: ends.iter().map(|(_, took, _)| *took).reduce(f64::max),
            first_hit: hits_at.first().copied(),
            hits_at,
            ..trial(stage, &[], best, took)
        });
    }
    past
}

/// The chance of no hit after each run, with the time at its end.
struct Misses(Vec<(f64, f64)>);

impl Misses {
    fn of(runs: impl Iterator<Item = (f64, f64, u32)>) -> Self {
        let mut missed = 1.0;
        Self(
            runs.map(|(end, rate, copies)| {
                (end, {
                    missed *= (1.0 - rate).powf(copies.into());
                    missed
                })
            })
            .collect(),
        )
    }

    /// Along a path on which nothing hit; the copies of one go end one after another in it.
    fn along(path: &[Trial], failure: &Failure) -> Self {
        let each = |trial: &Trial| {
            let (began, count) = (trial.elapsed - trial.seconds, trial.each.len());
            let (seconds, rate) = (trial.seconds, failure.rate(&trial.arm));
            (1..=count).map(move |copy| (began + seconds * copy as f64 / count as f64, rate, 1))
        };
        Self::of(path.iter().flat_map(each))
    }

    /// By repetition: each copy begins again as soon as it has ended.
    fn repeating(seconds: f64, copies: u32, rate: f64, random: &mut Random) -> Self {
        let mut ends: Vec<f64> = Vec::new();
        for _ in 0..copies {
            let mut elapsed = 0.0;
            loop {
                elapsed += lasting(seconds, &Arm::CONTROL, random);
                if elapsed > BUDGET {
                    break;
                }
                ends.push(elapsed);
            }
        }
        ends.sort_by(f64::total_cmp);
        Self::of(ends.into_iter().map(|end| (end, rate, 1)))
    }

    fn chance(&self) -> f64 {
        1.0 - self.0.last().map_or(1.0, |(_, missed)| *missed)
    }

    /// The time by which a hit is as likely as none.
    fn median(&self) -> Option<f64> {
        self.0.iter().find(|(_, missed)| *missed <= 0.5).map(|(end, _)| *end)
    }
}

#[test]
fn no_proof_is_behind_repetition_whatever_the_rate_and_the_amplifiers() {
    let mut behind: Vec<String> = Vec::new();
    for seconds in [0.2, 0.5, 1.0, 3.0, 10.0] {
        for (seed, copies, ci) in [(1, 1, None), (2, 2, None), (3, 2, Some(0.3)), (4, 4, Some(0.03))] {
            let path = simulate(&plan(seed, copies, ci), seconds, &mut |_| Passed);
            for rate in [0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0] {
                for name in ["hidden by all", "no help", "a third", "first helps", "last helps", "much"] {
                    let failure = Failure { rate, factors: factors(name) };
                    let proof = Misses::along(&path, &failure);
                    let plain = Misses::repeating(seconds, copies, rate, &mut Random::new(seed));
                    let what = format!("{seconds} s, {copies} copies, CI {ci:?}, rate {rate}, {name}");
                    if proof.chance() < plain.chance() - BEHIND {
                        behind.push(format!("{what}: {:.3} < {:.3}", proof.chance(), plain.chance()));
                    }
                    // Repetition begins with all copies, a proof with one run.
                    let slack = 2.0 * seconds;
                    let later = |(proof, plain): (f64, f64)| proof > 1.05 * plain + slack;
                    if proof.median().zip(plain.median()).is_some_and(later) {
                        behind.push(format!("{what}: {:?} after {:?} s", proof.median(), plain.median()));
                    }
                }
            }
        }
    }
    assert!(behind.is_empty(), "{} behind: {:#?}", behind.len(), behind);
}

#[test]
fn where_an_amplifier_helps_five_times_the_proof_is_ahead() {
    // With fewer runs than these there is nothing to spare: then it is not behind. Where few fit, the one that helps must
    // be ranked among the first.
    let (first, all) = (&["first helps", "much"][..], &["first helps", "last helps", "much"][..]);
    let mut behind = Vec::new();
    for (seconds, copies, names) in
        [(0.5, 1, all), (0.5, 2, all), (1.0, 1, first), (1.0, 2, all), (2.0, 2, first)]
    {
        let path = simulate(&plan(1, copies, None), seconds, &mut |_| Passed);
        for name in names {
            for rate in [0.003, 0.005, 0.01, 0.02] {
                let plain = Misses::repeating(seconds, copies, rate, &mut Random::new(1));
                let proof = Misses::along(&path, &Failure { rate, factors: factors(name) });
                let (proof, plain) = (proof.chance(), plain.chance());
                let what =
                    format!("{seconds} s, {copies} copies, rate {rate}, {name}: {proof:.3}, {plain:.3}");
                if proof <= plain && plain < 0.95 {
                    behind.push(what);
                }
            }
        }
    }
    assert!(behind.is_empty(), "{behind:#?}");
}

/// Returns the shares of proofs that end reliable, with an amplifier and in all, of so many seeds.
fn reliable(failure: Failure, seconds: f64, copies: u32, seeds: u64) -> (f64, f64) {
    let (mut amplified, mut all) = (0, 0);
    for seed in 0..seeds {
        let plan = plan(seed, copies, None);
        let mut random = Random::new(seed + 5);
        let past = simulate(&plan, seconds, &mut |arm| {
            if random.unit() < failure.rate(arm) { Exact } else { Passed }
        });
        let outcome = Outcome::of(&plan, &["t".to_owned()], &past, Vec::new());
        let ends = outcome.status == Status::Reliable;
        all += u64::from(ends);
        amplified += u64::from(ends && !outcome.recipe.is_plain());
    }
    (amplified as f64 / seeds as f64, all as f64 / seeds as f64)
}

/// Returns the share of repetitions that are reliable at their end.
fn reliable_by_repeating(rate: f64, seconds: f64, copies: u32, seeds: u64) -> f64 {
    let alone = |seed| Plan { candidates: Vec::new(), ..plan(seed, copies, None) };
    let ends = |seed: &u64| {
        let mut random = Random::new(seed + 5);
        let past =
            simulate(&alone(*seed), seconds, &mut |_| if random.unit() < rate { Exact } else { Passed });
        is_reliable(&Tally::of(&Arm::CONTROL, past.iter()))
    };
    (0..seeds).filter(ends).count() as f64 / seeds as f64
}

#[test]
fn what_plain_runs_answer_is_answered_as_surely_and_what_they_cannot_by_what_helps() {
    for (rate, seconds, name) in [(0.3, 1.0, "hidden by all"), (0.1, 0.5, "no help"), (0.6, 3.0, "a third")] {
        let plain = reliable_by_repeating(rate, seconds, 2, 12);
        let (_, all) = reliable(Failure { rate, factors: factors(name) }, seconds, 2, 12);
        assert!(all >= plain - BEHIND, "{rate} {seconds} s {name}: {all:.2} after {plain:.2}");
    }
    for (rate, seconds, name) in [(0.02, 0.5, "much"), (0.03, 1.0, "much")] {
        let plain = reliable_by_repeating(rate, seconds, 2, 12);
        let (amplified, _) = reliable(Failure { rate, factors: factors(name) }, seconds, 2, 12);
        assert!(amplified >= plain + 0.5, "{rate} {seconds} s {name}: {amplified:.2} after {plain:.2}");
    }
}

#[test]
fn plain_runs_that_hit_often_are_not_given_up_for_any_other() {
    for seed in 0..10 {
        let plan = plan(seed, 2, None);
        let mut random = Random::new(seed);
        let past = simulate(&plan, 0.5, &mut |_| if random.unit() < 0.3 { Exact } else { Passed });
        let first = past.iter().position(|trial| !trial.arm.is_plain()).unwrap_or(past.len());
        let plain = Tally::of(&base(&past[..first]), past[..first].iter());
        assert!(
            is_reliable(&plain),
            "seed {seed}: {} of {} when an arm had its turn",
            plain.hits,
            plain.runs
        );
        let last = past.last().unwrap().elapsed;
        assert!(last < BUDGET / 2.0, "seed {seed}: it stops early, here after {last:.0} s");
    }
}

#[test]
fn no_arm_that_only_costs_takes_more_than_its_share() {
    let mut random = Random::new(3);
    let past = simulate(&plan(3, 2, None), 1.0, &mut |arm| {
        if arm.is_plain() && random.unit() < 0.02 { Exact } else { Passed }
    });
    let seconds = |plain: bool| {
        past.iter().filter(|trial| trial.arm.is_plain() == plain).map(|trial| trial.seconds).sum::<f64>()
    };
    assert!(seconds(false) <= 0.67 * BUDGET, "{} s of {BUDGET} s", seconds(false));
    let plain = Tally::of(&Arm::CONTROL, past.iter());
    let foregone = |tally: &Tally| plain.hits as f64 * tally.seconds / plain.seconds;
    let dear = tallies(&past).into_iter().filter(|tally| !tally.arm.is_plain() && foregone(tally) > 4.0);
    assert_eq!(dear.map(|tally| tally.arm.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
    assert!(past.iter().any(|trial| trial.stage == Stage::Ladder));
}
