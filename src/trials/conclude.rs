//! What the runs of a proof come to: the best recipe, how sure it is, and what else failed.

use super::arm::Arm;
use super::choice::{self, tallies};
use super::oracle::Verdict;
use super::outcome::{
    EVIDENCE, Other, Outcome, ROOM, SCHEMA, Skipped, Status, against, alike, decides, is_reliable,
};
use super::past;
use super::plan::{GUARD, Plan};
use super::sentence::sentence;
use super::tally::{ALPHA, Tally};
use super::trial::{Stage, Trial};
use crate::stats::{chance_of_one, confidence_sequence, quantile};

impl Outcome {
    /// Returns what `trials` showed under `plan`.
    pub fn of(plan: &Plan, argv: &[String], trials: &[Trial], skipped: Vec<Skipped>) -> Self {
        let base = past::base(trials);
        let control = Tally::of(&base, trials.iter().filter(|trial| trial.stage != Stage::Guard));
        let (best, fresh) = best(trials, &control);
        let recipe = best.as_ref().map_or(Arm::CONTROL, |best| best.arm.clone());
        let elapsed = trials.last().map_or(0.0, |trial| trial.elapsed);
        let mut outcome = Self {
            schema: SCHEMA.to_owned(),
            status: Status::NotReproduced,
            sentence: String::new(),
            argv: trials
                .iter()
                .rev()
                .find(|trial| trial.arm == base)
                .map_or(argv, |trial| &trial.argv)
                .to_vec(),
            budget: plan.budget,
            elapsed,
            seed: plan.seed,
            e_value: best.as_ref().filter(|best| !best.arm.is_plain()).map(|best| against(best, &control)),
            within_budget: best.as_ref().and_then(|best| within(plan.budget, best)),
            recommended: best.as_ref().is_some_and(|best| !best.arm.is_plain() && best.beats(&control)),
            recipe_is_minimal: best.as_ref().is_some_and(|best| is_minimal(best, &control, trials)),
            fresh,
            recipe,
            guard: guard(trials),
            arms: tallies(trials),
            skipped,
            whole: !base.is_control(),
            at_once: trials
                .iter()
                .filter(|trial| trial.arm.is_plain())
                .map(|trial| trial.at_once)
                .max()
                .unwrap_or(1),
            passes_in_ci: plan.passes_in_ci(),
            finding: finding(plan, trials),
            together: plan.together,
            causes: Vec::new(),
            others: others(trials),
            next: next(trials),
            best,
            control,
        };
        outcome.status = outcome.status(leaves_room(plan, trials), trials);
        outcome.sentence = sentence(&outcome);
        outcome
    }

    /// `room` says that a time limit ended the failure which leaves plain runs room.
    fn status(&self, room: bool, trials: &[Trial]) -> Status {
        if past::not_started(trials).is_some() || (self.best.is_none() && past::fails_otherwise(trials)) {
            return Status::CouldNotRun;
        }
        let by_load = |best: &Tally| room && best.stuck == 0 && self.control.hits == 0;
        match (&self.best, &self.guard) {
            (None, _) => Status::NotReproduced,
            (Some(_), Some(guard)) if alike(guard) > 0 && self.control.hits == 0 => Status::Manufactured,
            (Some(best), guard) if best.arm.tightens() && !stood(guard.as_ref()) => Status::Unguarded,
            (Some(best), guard) if by_load(best) && !stood(guard.as_ref()) => Status::Overloaded,
            (Some(best), _) if self.fresh && is_reliable(best) => Status::Reliable,
            (Some(_), _) => Status::Seen,
        }
    }
}

/// Returns the fresh count of the best recipe, or the best of what was seen before one. Plain runs, which nobody
/// chose for their luck, count all; they win where the recipe neither beats them, nor is the only reliable one, nor
/// decides.
fn best(trials: &[Trial], plain: &Tally) -> (Option<Tally>, bool) {
    let counts = || trials.iter().filter(|trial| trial.stage == Stage::Count);
    let mut fresh = tallies(&counts().cloned().collect::<Vec<_>>());
    fresh.retain(|tally| tally.hits > 0 && !tally.arm.is_plain());
    let worth = |tally: &Tally| (is_reliable(tally), tally.hits_per_minute_interval.low);
    let fresh =
        fresh.into_iter().max_by(|a, b| worth(a).partial_cmp(&worth(b)).unwrap_or(std::cmp::Ordering::Equal));
    let plainly = || Some(plain.clone()).filter(|plain| plain.hits > 0);
    if let Some(fresh) = fresh {
        let surer = is_reliable(&fresh) && !is_reliable(plain);
        let better = plain.hits == 0 || fresh.beats(plain) || surer || decides(&fresh, plain);
        return (if better { Some(fresh) } else { plainly() }, true);
    }
    if let Some(plain) = plainly() {
        return (Some(plain), true);
    }
    let arm = choice::chosen(trials, &plain.arm, true);
    (arm.map(|arm| Tally::of(&arm, trials.iter().filter(|trial| trial.stage != Stage::Guard))), false)
}

/// Returns true if everything in the recipe was left out once and missed.
fn is_minimal(best: &Tally, plain: &Tally, trials: &[Trial]) -> bool {
    let amplifiers = best.arm.0.iter().filter(|setting| !setting.is_whole()).count();
    match amplifiers {
        0 => true,
        1 => against(best, plain) >= EVIDENCE,
        // Left out one by one, afresh, and nothing could stay out.
        _ => choice::recipe(&best.arm, trials) == (best.arm.clone(), None),
    }
}

/// Returns what it means that the whole command fails and the test alone does not.
fn finding(plan: &Plan, trials: &[Trial]) -> Option<String> {
    let own = || trials.iter().filter(|trial| trial.stage != Stage::Guard);
    let (whole, alone) = (Tally::of(&Arm::whole(), own()), Tally::of(&Arm::CONTROL, own()));
    if past::passes_alone(&whole, &alone) {
        let needed = if plan.together {
            "what other tests do at the same time, or leave behind, is needed"
        } else {
            "what other tests leave behind, or the order, is needed"
        };
        return Some(format!(
            "alone the test passes ({} of {} runs failed), in CI's whole command it fails ({} of {}): {needed}",
            alone.hits, alone.runs, whole.hits, whole.runs
        ));
    }
    if let Some(finding) = since_the_first(trials, &whole, &alone) {
        return Some(finding);
    }
    (alone.runs == 0 && alone.harness_errors > 0 && whole.runs > 0)
        .then(|| "the test could not be run alone; the whole command was run".to_owned())
}

/// Returns what it means that the whole command passed at first and the test alone fails every time.
fn since_the_first(trials: &[Trial], whole: &Tally, alone: &Tally) -> Option<String> {
    let first = trials.iter().find(|trial| trial.arm == Arm::whole())?;
    let every_time = alone.runs >= past::EVERY_TIME && alone.hits == alone.runs;
    if !every_time || first.verdict != Verdict::Passed || whole.runs < 2 {
        return None;
    }
    Some(match whole.hits {
        0 => format!(
            "in CI's whole command it passes (0 of {} failed): alone it lacks what other tests set up",
            whole.runs
        ),
        _ => "the first run passed and each one since failed: what a run leaves behind is needed, so begin each in a \
              fresh copy to see it pass"
            .to_owned(),
    })
}

/// Returns what else failed, each wording once, most frequent first.
fn others(trials: &[Trial]) -> Vec<Other> {
    let mut others: Vec<Other> = Vec::new();
    let own = trials.iter().filter(|trial| trial.stage != Stage::Guard);
    for (trial, failed) in own.flat_map(|trial| trial.failed().map(move |failed| (trial, failed))) {
        let headline = failed.headline.unwrap_or_default();
        let near = failed.verdict == Verdict::SameClass;
        let same = |other: &&mut Other| {
            other.near == near && without_digits(&other.headline) == without_digits(&headline)
        };
        match others.iter_mut().find(same) {
            Some(other) => other.runs += 1,
            None => others.push(Other {
                headline,
                difference: failed.difference,
                runs: 1,
                near,
                first: trial.number,
            }),
        }
    }
    others.sort_by(|a, b| b.near.cmp(&a.near).then(b.runs.cmp(&a.runs)));
    others
}

fn without_digits(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Returns what to do where the command ran no test.
fn next(trials: &[Trial]) -> Option<String> {
    past::not_started(trials)?.difference.clone()
}

/// Returns true if the limit that ended the failure is generous for CI and for the plain runs here.
fn leaves_room(plan: &Plan, trials: &[Trial]) -> bool {
    let plain = trials.iter().filter(|trial| trial.arm.is_plain() && trial.verdict == Verdict::Passed);
    let seconds: Vec<f64> = plain.map(Trial::run_seconds).collect();
    let usual = quantile(&seconds, 0.5);
    plan.generous_limit.zip(usual).is_some_and(|(limit, usual)| ROOM * usual <= limit)
}

fn within(budget: f64, best: &Tally) -> Option<f64> {
    let fits = (budget / best.seconds_a_run()?.max(1e-3)) as u64;
    Some(chance_of_one(best.interval.low, fits))
}

fn guard(trials: &[Trial]) -> Option<Tally> {
    let guarding = || trials.iter().filter(|trial| trial.stage == Stage::Guard);
    let arm = &guarding().next()?.arm;
    let mut tally = Tally::of(arm, guarding());
    // These are runs of another test, which Tally leaves out of every rate.
    tally.runs = guarding().filter(|trial| trial.verdict.counts()).count() as u64;
    tally.interval = confidence_sequence(tally.hits, tally.runs, ALPHA);
    Some(tally)
}

/// Returns true if another test has passed often enough under the same amplifiers.
fn stood(guard: Option<&Tally>) -> bool {
    guard.is_some_and(|guard| guard.runs >= GUARD && alike(guard) + guard.different == 0)
}

#[cfg(test)]
mod tests {
    use super::super::ending::Ending;
    use super::super::oracle::Verdict::{Different, Exact, Passed};
    use super::super::test_support::{trial, trials};
    use super::*;

    fn outcome(trials: &[Trial]) -> Outcome {
        let plan = Plan { budget: 180.0, seed: 1, ..Plan::default() };
        Outcome::of(&plan, &["t".to_owned()], trials, Vec::new())
    }

    #[test]
    fn a_fresh_count_is_told_with_its_interval_and_its_control() {
        let mut past = trials(Stage::Count, &["delay"], &[(Exact, 17), (Passed, 3)]);
        past.extend(trials(Stage::Count, &[], &[(Passed, 40)]));
        let outcome = outcome(&past);
        assert_eq!(
            outcome.sentence,
            "reproduced 17/20, 95% [.52, .99], median 1.0 s to a hit, control 0/40, e>1e6, with delay 1"
        );
        assert_eq!((outcome.status, outcome.confirms()), (Status::Reliable, true));
    }

    #[test]
    fn a_seed_that_always_fails_is_named_though_repetition_is_as_fast_and_load_is_not() {
        let counted = |amplifier: &str, level: f64, hits: usize| {
            let mut past = trials(Stage::Plain, &[], &[(Exact, 25), (Passed, 34)]);
            let mut fresh = trials(Stage::Count, &[amplifier], &[(Exact, hits), (Passed, 22 - hits)]);
            for trial in &mut fresh {
                trial.arm.0[0].level = level;
                trial.seconds = 2.0;
            }
            past.extend(fresh);
            outcome(&past)
        };
        let named = counted("generator-seed", 812.0, 22);
        assert_eq!(
            (named.recipe.to_string().as_str(), named.status),
            ("generator-seed 812", Status::Reliable)
        );
        assert!(named.sentence.contains("every run with it fails"), "{}", named.sentence);
        for (amplifier, level, hits) in [
            ("generator-seed", 812.0, 20),
            ("generator-seed", crate::script::DRAWN, 22),
            ("seed-replay", 4.0, 22),
            ("cpu-hogs", 2.0, 22),
        ] {
            assert!(counted(amplifier, level, hits).recipe.is_control(), "{amplifier} {level} {hits}");
        }
    }

    #[test]
    fn no_hit_is_a_bound_and_other_failures_are_apart() {
        let past = trials(Stage::Ladder, &["delay"], &[(Passed, 210), (Different, 4)]);
        let outcome = outcome(&past);
        assert_eq!(
            outcome.sentence,
            "did not reproduce in 214 runs: rate below 1.42% at 95%; 4 failed in another way"
        );
        assert!(!outcome.reproduced());
    }

    #[test]
    fn a_hit_outside_a_fresh_count_is_only_seen() {
        let past = trials(Stage::Ladder, &["delay"], &[(Passed, 4), (Exact, 1)]);
        let outcome = outcome(&past);
        assert_eq!(outcome.status, Status::Seen);
        assert!(outcome.sentence.contains("flatters"), "{}", outcome.sentence);
    }

    #[test]
    fn a_failure_that_the_amplifier_makes_elsewhere_too_is_not_reproduced() {
        let mut past = trials(Stage::Count, &["timeout-scale"], &[(Exact, 20)]);
        past.extend(trials(Stage::Count, &[], &[(Passed, 10)]));
        past.extend(trials(Stage::Guard, &["timeout-scale"], &[(Exact, 9), (Passed, 1)]));
        let outcome = outcome(&past);
        assert_eq!(outcome.status, Status::Manufactured);
        assert!(!outcome.reproduced() && outcome.sentence.contains("another test fails the same way 9/10"));
    }

    #[test]
    fn a_guard_that_fails_in_its_own_words_speaks_against_the_amplifiers() {
        let mut past = trials(Stage::Count, &["timeout-scale"], &[(Exact, 20)]);
        past.extend(trials(Stage::Count, &[], &[(Passed, 10)]));
        let with = |verdict| {
            outcome(&[past.clone(), trials(Stage::Guard, &["timeout-scale"], &[(verdict, 10)])].concat())
                .status
        };
        assert_eq!(with(super::super::Verdict::SameClass), Status::Manufactured);
        assert_eq!(with(Different), Status::Unguarded, "a guard that does not work guards nothing");
    }

    #[test]
    fn a_tightened_limit_proves_nothing_until_another_test_has_stood_it() {
        let mut past = trials(Stage::Count, &["timeout-scale"], &[(Exact, 20)]);
        past.extend(trials(Stage::Count, &[], &[(Passed, 10)]));
        let alone = outcome(&past);
        assert_eq!((alone.status, alone.reproduced()), (Status::Unguarded, false));
        let sentence = &alone.sentence;
        assert!(sentence.starts_with("not reproduced: fails only under a tightened limit"), "{sentence}");
        past.extend(trials(Stage::Guard, &["timeout-scale"], &[(Passed, 10)]));
        assert_eq!(outcome(&past).status, Status::Reliable);
    }

    #[test]
    fn a_limit_that_leaves_room_and_fires_only_under_load_proves_nothing_unless_the_run_stood_still() {
        let mut past = trials(Stage::Smoke, &[], &[(Passed, 2)]);
        past.extend(trials(Stage::Count, &["cpu-hogs"], &[(Exact, 20)]));
        let under = |limit, past: &[Trial]| {
            let plan = Plan { budget: 180.0, seed: 1, generous_limit: limit, ..Plan::default() };
            Outcome::of(&plan, &["t".to_owned()], past, Vec::new())
        };
        assert_eq!(under(Some(3.0), &past).status, Status::Overloaded);
        assert!(under(Some(3.0), &past).sentence.contains("only load lets it reach"));
        assert_eq!(under(Some(1.5), &past).status, Status::Reliable, "a plain run of 1 s takes most of it");
        assert_eq!(under(None, &past).status, Status::Reliable);
        let stuck = past.iter().cloned().map(|trial| Trial { ending: Some(Ending::Stuck), ..trial });
        assert_eq!(under(Some(3.0), &stuck.collect::<Vec<_>>()).status, Status::Reliable);
        past.extend(trials(Stage::Guard, &["cpu-hogs"], &[(Passed, 10)]));
        assert_eq!(under(Some(3.0), &past).status, Status::Reliable, "another test has stood the load");
    }

    #[test]
    fn without_a_run_nothing_is_claimed() {
        assert_eq!(outcome(&[]).sentence, "did not reproduce: no run told anything");
        let only_broken = [trial(Stage::Smoke, &[], super::super::Verdict::HarnessError, 1.0)];
        let broken = outcome(&only_broken);
        assert_eq!(broken.status, Status::CouldNotRun);
        assert!(broken.sentence.starts_with("could not be run here"), "{}", broken.sentence);
    }
}
