//! One level more of what has helped, before the ladder comes round to it.

use super::arm::{Arm, Setting};
use super::choice;
use super::ladder::Candidate;
use super::tally::Tally;
use super::trial::Trial;
use crate::script::{DRAWN, GENERATOR_SEED};

/// Runs that a raised arm gets before Thompson sampling knows enough about it.
pub const TRIES: u64 = 3;

/// Returns the best arm so far with each of its amplifiers one level higher, as long as it has had few
/// runs; `None` if nothing can be raised.
pub fn raised(candidates: &[Candidate], past: &[Trial]) -> Option<Arm> {
    let tallies = choice::tallies(past);
    let helps = |tally: &&Tally| tally.hits > 0 && tally.arm.may_reproduce() && !tally.arm.tightens();
    let best = tallies.iter().filter(helps).max_by(|a, b| a.rate().total_cmp(&b.rate()))?;
    let raised = Arm(best.arm.0.iter().map(|setting| higher(candidates, setting)).collect());
    let runs = tallies.iter().find(|tally| tally.arm == raised).map_or(0, |tally| tally.runs);
    (raised != best.arm && runs < TRIES).then_some(raised)
}

/// Returns the arm of the last hit whose seed was drawn, with that seed set for good, as long as it has had
/// fewer than so many runs.
pub fn seeded(past: &[Trial], tries: u64) -> Option<Arm> {
    let drawn = |setting: &Setting| setting.amplifier == "generator-seed" && setting.level == DRAWN;
    let hits = past.iter().rev().filter(|trial| trial.hit() && trial.counts());
    let mut fixed = hits.filter(|trial| trial.arm.0.iter().any(drawn)).filter_map(|trial| {
        let seed: f64 = trial.variables.get(GENERATOR_SEED)?.parse().ok()?;
        let set = |setting: &Setting| match drawn(setting) {
            true => Setting { level: seed, ..setting.clone() },
            false => setting.clone(),
        };
        Some(Arm(trial.arm.0.iter().map(set).collect()))
    });
    let runs = |arm: &Arm| Tally::of(arm, past.iter()).runs;
    fixed.next().filter(|arm| runs(arm) < tries)
}

fn higher(candidates: &[Candidate], setting: &Setting) -> Setting {
    let same = |one: &&Candidate| one.amplifier == setting.amplifier && one.site == setting.site;
    let levels = candidates.iter().find(same).map_or(&[][..], |one| &one.levels);
    let at = levels.iter().position(|level| *level == setting.level);
    let next = at.and_then(|at| levels.get(at + 1)).copied();
    Setting { level: next.unwrap_or(setting.level), ..setting.clone() }
}

#[cfg(test)]
mod tests {
    use super::super::oracle::Verdict::{Exact, Passed};
    use super::super::test_support::trials;
    use super::super::{Stage, Verdict};
    use super::*;

    #[test]
    fn the_arm_that_hits_most_is_raised_by_one_level_and_only_for_a_few_runs() {
        let candidates =
            [Candidate { amplifier: "delay".to_owned(), levels: vec![1.0, 8.0, 64.0], site: None }];
        let past = |verdict: Verdict| trials(Stage::Ladder, &["delay"], &[(verdict, 1), (Passed, 3)]);
        let arm = raised(&candidates, &past(Exact)).map(|arm| arm.to_string());
        assert_eq!(arm.as_deref(), Some("delay 8"));
        assert_eq!(raised(&candidates, &past(Passed)), None, "what never hit is not raised");
        let mut known = past(Exact);
        let higher = Arm(vec![Setting { amplifier: "delay".to_owned(), level: 8.0, site: None }]);
        let tried = trials(Stage::Thompson, &[], &[(Passed, 3)]);
        known.extend(tried.into_iter().map(|trial| Trial { arm: higher.clone(), ..trial }));
        assert_eq!(raised(&candidates, &known), None, "three runs are enough to know it");
    }
}
