//! What tells the failing runs of one cluster from the passing ones.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{Evidence, Family, Grade, Notice};
use super::ordering::{Order, Race, RaceFinding, order, race};
use super::places::{Concentration, concentrations};
use super::timing::{Allowance, Pauses, allowance, pauses};
use super::weights::Weights;
use crate::facts::clues::Clue;
use crate::facts::environment::Exposure;
use crate::facts::steps::Run;

/// What was found by comparing runs.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    pub evidence: Vec<Evidence>,
    /// The pair of steps that tells the runs apart best.
    pub race: Option<Race>,
    /// How long the runs took, with the limit that fired.
    pub allowance: Option<Allowance>,
    /// How a run went on until the limit, by the pauses of passing runs.
    pub pauses: Option<Pauses>,
    /// The names of the clues that passing runs hold as well.
    ordinary: BTreeSet<String>,
}

/// Share of the passing runs from which a wording is ordinary.
const ORDINARY: f64 = 0.5;
/// Families whose lines set the scene of a failure: that passing runs have them too says nothing.
const SCENE: [Family; 2] = [Family::State, Family::Chance];

/// Runs that are held against others.
#[derive(Clone, Debug, Default)]
pub struct Group<'a> {
    /// What they did, step by step.
    pub runs: Vec<&'a Run>,
    /// What they were exposed to.
    pub exposures: Vec<&'a Exposure>,
}

/// Compares the runs of one failure with passing ones of the same job; of single steps nothing is said without passing
/// runs. `others` failed in another way: a test of theirs may have passed. `limit` is the shortest one that
/// fired, in seconds.
pub fn compare(
    failing: &Group<'_>,
    passing: &Group<'_>,
    others: &[&Exposure],
    limit: Option<f64>,
) -> Comparison {
    let mut comparison = steps(&failing.runs, &passing.runs);
    let places = concentrations(&failing.exposures, &passing.exposures);
    comparison.evidence.extend(places.iter().flat_map(Concentration::evidence));
    comparison.allowance = allowance(limit, &failing.exposures, &passing.exposures);
    comparison.evidence.extend(comparison.allowance.iter().flat_map(Allowance::evidence));
    comparison.pauses = limit.and_then(|limit| pauses(limit, &failing.runs, &passing.runs));
    comparison.evidence.extend(comparison.pauses.iter().flat_map(Pauses::evidence));
    let ran: Vec<&Exposure> = passing.exposures.iter().chain(others).copied().collect();
    comparison.evidence.extend(order(&failing.exposures, &ran).iter().flat_map(Order::evidence));
    comparison
}

fn steps(failing: &[&Run], passing: &[&Run]) -> Comparison {
    let mut comparison = Comparison { ordinary: ordinary(passing), ..Comparison::default() };
    if passing.is_empty() || failing.is_empty() {
        return comparison;
    }
    comparison.evidence.extend(not_always(failing, passing));
    comparison.race = race(failing, passing);
    comparison.evidence.extend(comparison.race.iter().flat_map(weigh));
    comparison
}

impl Comparison {
    /// Returns true if passing runs hold the clue as well and it sets no scene.
    pub fn is_ordinary(&self, clue: &Clue) -> bool {
        self.ordinary.contains(&clue.name) && !SCENE.contains(&clue.family)
    }
}

fn ordinary(passing: &[&Run]) -> BTreeSet<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for clue in passing.iter().flat_map(|run| &run.clues) {
        *counts.entry(clue).or_default() += 1;
    }
    let least = ORDINARY * passing.len() as f64;
    counts.into_iter().filter(|(_, count)| *count as f64 >= least).map(|(clue, _)| clue.to_owned()).collect()
}

fn not_always(failing: &[&Run], passing: &[&Run]) -> Vec<Evidence> {
    let text =
        format!("{} runs passed beside {} that failed: not every run fails", passing.len(), failing.len());
    let notice =
        Notice { family: Family::Runs, text: &text, place: None, grade: Grade::Heuristic, share: 1.0 };
    notice.weighed(Weights::embedded().finding.get("not-always"))
}

/// Returns what a pair of steps says, worded as firmly as the chance of finding one allows.
fn weigh(race: &Race) -> Vec<Evidence> {
    let (name, grade) = match race.finding() {
        Some(RaceFinding::Window) => ("race-window", Grade::Statistical),
        Some(RaceFinding::MissingStep) => ("missing-step", Grade::Heuristic),
        Some(RaceFinding::Candidate) => ("race-candidate", Grade::Hypothesis),
        None => return Vec::new(),
    };
    let text = format!(
        "`{}` came before `{}` in {} of {} failing runs and {} of {} passing ones; adjusted p = {:.4} over {} pairs; \
         not confirmed by intervention{}",
        race.second,
        race.first,
        race.failing.0,
        race.failing.1,
        race.passing.0,
        race.passing.1,
        race.p_value,
        race.compared,
        if race.is_matched { "" } else { "; the runs are of different jobs" },
    );
    let notice =
        Notice { family: Family::Order, text: &text, place: Some(race.place.clone()), grade, share: 1.0 };
    notice.weighed(Weights::embedded().finding.get(name))
}
