//! The arms that amplifiers make: a level of the ladder, a random subset.

use super::arm::{Arm, Setting};
use crate::stats::Random;

/// Amplifiers that run the test several times in one run.
pub const LOOPS: [&str; 2] = ["repeat", "no-reset"];

/// Amplifiers that can only hide a failure, or make one of their own: they tell causes apart, and reproduce nothing.
pub const HIDING: [&str; 2] = ["clock-still", "own-network"];

/// An amplifier to try.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub amplifier: String,
    /// Mildest first; never empty.
    pub levels: Vec<f64>,
    pub site: Option<String>,
}

impl Candidate {
    /// Returns true if it reproduces nothing.
    pub fn hides(&self) -> bool {
        HIDING.contains(&self.amplifier.as_str())
    }

    /// Returns it at one of its levels, a loop at no more than `loops`.
    pub fn at(&self, level: usize, loops: f64) -> Setting {
        let level = self.levels.get(level).or(self.levels.last()).copied().unwrap_or(1.0);
        let level = if LOOPS.contains(&self.amplifier.as_str()) { level.min(loops) } else { level };
        Setting { amplifier: self.amplifier.clone(), level, site: self.site.clone() }
    }
}

/// Returns the arms of one level, each once: the best three together, each one alone, all together; then, alone, those that
/// tighten a limit.
pub fn round(candidates: &[Candidate], level: usize, loops: f64) -> Vec<Arm> {
    let at = |candidate: &Candidate| candidate.at(level, loops);
    let single: Vec<Setting> = candidates.iter().map(at).collect();
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

/// Each amplifier is on with one half, at a level drawn at random: what helps need not help more
/// together. Tzoref, Ur and Yom-Tov, "Instrumenting where it hurts", 2007.
pub fn subset(candidates: &[Candidate], random: &mut Random) -> Arm {
    let drawn = candidates.iter().filter(|one| random.coin() && !one.hides()).collect::<Vec<_>>();
    let level = |candidate: &Candidate, bits: u64| bits as usize % candidate.levels.len().max(1);
    let settings: Vec<Setting> =
        drawn.into_iter().map(|candidate| candidate.at(level(candidate, random.bits()), 1.0)).collect();
    Arm(combinable(&settings).collect())
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
