//! One level more of what has helped, before the ladder comes round to it.

use super::arm::{Arm, Setting};
use super::choice;
use super::plan::Candidate;
use super::tally::Tally;
use super::trial::Trial;
use crate::script::{DRAWN, GENERATOR_SEED};

/// Runs that a raised arm gets before Thompson sampling knows enough about it.
const TRIES: u64 = 3;

/// Returns the best arm so far with each of its amplifiers one level higher, as long as it has had few
/// runs; `None` if nothing can be raised.
pub fn raised(candidates: &[Candidate], past: &[Trial]) -> Option<Arm> {
    let tallies = choice::tallies(past);
    let helps = |tally: &&Tally| tally.hits > 0 && !tally.arm.is_plain() && !tally.arm.tightens();
    let best = tallies.iter().filter(helps).max_by(|a, b| a.rate().total_cmp(&b.rate()))?;
    let raised = Arm(best.arm.0.iter().map(|setting| higher(candidates, setting)).collect());
    let runs = tallies.iter().find(|tally| tally.arm == raised).map_or(0, |tally| tally.runs);
    (raised != best.arm && runs < TRIES).then_some(raised)
}

/// Returns the arm of the last hit whose seed was drawn, with that seed set for good, as long as it has had few runs.
pub fn seeded(past: &[Trial]) -> Option<Arm> {
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
    let runs = |arm: &Arm| past.iter().filter(|trial| trial.arm == *arm).count() as u64;
    fixed.next().filter(|arm| runs(arm) < TRIES)
}

fn higher(candidates: &[Candidate], setting: &Setting) -> Setting {
    let same = |one: &&Candidate| one.amplifier == setting.amplifier && one.site == setting.site;
    let levels = candidates.iter().find(same).map_or(&[][..], |one| &one.levels);
    let at = levels.iter().position(|level| *level == setting.level);
    let next = at.and_then(|at| levels.get(at + 1)).copied();
    Setting { level: next.unwrap_or(setting.level), ..setting.clone() }
}
