//! The causes of one cluster, most probable first.

use std::collections::BTreeMap;

use super::clues::Clues;
use super::evidence::{Evidence, Grade};
use super::hear::{Heard, Testimony, Told};
use super::softmax::softmax;
use super::weights::{ByCause, Weights};
use crate::clusters::{Cluster, Occurrence};
use crate::events::Role;
use crate::signatures::CAUSES;

/// One candidate for why a failure happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// One of [`CAUSES`].
    pub cause: &'static str,
    /// A probability.
    pub score: f64,
    pub grade: Grade,
    /// What speaks for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// What speaks against it, strongest first.
    pub against: Vec<Evidence>,
}

/// Weights beyond this are cut: no family alone decides.
const MOST: f64 = 3.0;
/// Occurrences of a cluster that are weighed.
const OCCURRENCES: usize = 20;
/// A cause that nothing states outright, and no comparison with passing runs shows, is never more
/// probable than this.
const UNPROVED: f64 = 0.69;
/// The least weight by which evidence gives its grade to a cause.
const TELLING: f64 = 0.5;

/// Ranks all causes of a cluster. `testimony` returns what an occurrence's log says about it;
/// `more` is the evidence of families that look at several logs.
pub fn rank<'a, 'c: 'a>(
    cluster: &Cluster,
    testimony: impl Fn(&Occurrence) -> Option<&'a Testimony<'c>>,
    more: Vec<Evidence>,
) -> Vec<Cause> {
    let mut told: Vec<&Occurrence> = cluster.occurrences.iter().collect();
    told.sort_by_key(|occurrence| occurrence.rank);
    told.truncate(OCCURRENCES);
    let mut families = Families::new();
    for occurrence in &told {
        let heard = testimony(occurrence).map_or(&[][..], |testimony| &testimony.heard);
        let mut strongest = Families::new();
        let said = heard.iter().flat_map(|heard| said(&occurrence.source, heard));
        for evidence in said.chain(kind(occurrence)) {
            strongest.keep(evidence);
        }
        families.add(strongest, 1.0 / told.len() as f64);
    }
    for evidence in more {
        families.keep(evidence);
    }
    families.causes(Weights::embedded())
}

/// The evidence of each family for each cause.
struct Families(BTreeMap<(&'static str, &'static str), Evidence>);

impl Families {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Keeps of two of one family for one cause that which weighs more.
    fn keep(&mut self, evidence: Evidence) {
        let key = (evidence.family, evidence.cause);
        let weaker = |held: &Evidence| held.weight.abs() < evidence.weight.abs();
        if self.0.get(&key).is_none_or(weaker) {
            self.0.insert(key, evidence);
        }
    }

    /// Adds a share of what one occurrence says.
    fn add(&mut self, other: Self, share: f64) {
        for (key, mut evidence) in other.0 {
            evidence.weight *= share;
            match self.0.get_mut(&key) {
                Some(held) => held.weight += evidence.weight,
                None => drop(self.0.insert(key, evidence)),
            }
        }
    }

    fn causes(self, weights: &Weights) -> Vec<Cause> {
        let mut by_cause: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();
        for mut evidence in self.0.into_values() {
            evidence.weight = (evidence.weight * weights.scale(evidence.family)).clamp(-MOST, MOST);
            by_cause.entry(evidence.cause).or_default().push(evidence);
        }
        let scores: Vec<f64> =
            CAUSES.iter().map(|cause| score(cause, by_cause.get(cause), weights)).collect();
        let mut chances = softmax(&scores, weights.temperature);
        let proved: Vec<bool> = CAUSES.iter().map(|cause| is_proved(by_cause.get(cause))).collect();
        limit(&mut chances, &proved);
        let mut causes: Vec<Cause> = CAUSES
            .iter()
            .zip(chances)
            .map(|(cause, score)| Cause::new(cause, score, by_cause.remove(cause).unwrap_or_default()))
            .collect();
        causes.sort_by(|a, b| b.score.total_cmp(&a.score));
        causes
    }
}

fn score(cause: &str, evidence: Option<&Vec<Evidence>>, weights: &Weights) -> f64 {
    let prior = weights.prior.get(cause).copied().unwrap_or(-MOST);
    prior + evidence.into_iter().flatten().map(|evidence| evidence.weight).sum::<f64>()
}

impl Cause {
    fn new(cause: &'static str, score: f64, mut all: Vec<Evidence>) -> Self {
        all.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        let (evidence, against): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.weight > 0.0);
        let grade = grade(&evidence);
        Self { cause, score, grade, evidence, against }
    }
}

/// Returns the firmest grade among evidence that has weight.
fn grade(evidence: &[Evidence]) -> Grade {
    let telling = evidence.iter().filter(|one| one.weight >= TELLING);
    telling.map(|one| one.grade).max().unwrap_or(Grade::Hypothesis)
}

fn is_proved(evidence: Option<&Vec<Evidence>>) -> bool {
    evidence.is_some_and(|evidence| grade(evidence) >= Grade::Statistical)
}

/// Lowers the probability of a cause that is not proved to [`UNPROVED`] and raises the others in
/// proportion.
fn limit(chances: &mut [f64], proved: &[bool]) {
    let over = chances.iter().zip(proved).position(|(chance, proved)| !proved && *chance > UNPROVED);
    let Some(over) = over else { return };
    let factor = (1.0 - UNPROVED) / (1.0 - chances[over]).max(f64::MIN_POSITIVE);
    for (position, chance) in chances.iter_mut().enumerate() {
        *chance = if position == over { UNPROVED } else { *chance * factor };
    }
}

/// Returns what one line says about each cause that it speaks of.
fn said(source: &str, heard: &Heard<'_>) -> Vec<Evidence> {
    let place = Some((source.to_owned(), heard.line));
    match heard.told {
        Told::Clue(clue) => {
            let Some(clue) = Clues::embedded().all.get(clue) else { return Vec::new() };
            let grade =
                if clue.explicit && heard.nearness > 0.5 { Grade::Explicit } else { Grade::Heuristic };
            let weights = Weights::embedded().clue.get(&clue.name);
            let text = format!("{}: {}", clue.says, heard.text);
            weighed(&clue.family, weights, heard.nearness, &text, place, grade)
        }
        Told::Known(entry) => {
            let share = heard.nearness * if entry.role == Role::Root { 1.0 } else { 0.5 };
            let text = format!("{}: {}", entry.title, heard.text);
            let weights = entry.causes.iter().map(|weight| (weight.cause.clone(), weight.weight)).collect();
            weighed("known", Some(&weights), share, &text, place, Grade::Heuristic)
        }
    }
}

/// Returns what the kind of the event says.
fn kind(occurrence: &Occurrence) -> Vec<Evidence> {
    let event = &occurrence.event;
    let text = format!("the failure is of the kind {}: {}", event.kind.name(), event.message);
    let place = Some((occurrence.source.clone(), event.headline));
    weighed("kind", Weights::embedded().kind.get(event.kind.name()), 1.0, &text, place, Grade::Hypothesis)
}

fn weighed(
    family: &str,
    weights: Option<&ByCause>,
    share: f64,
    text: &str,
    place: Option<(String, u64)>,
    grade: Grade,
) -> Vec<Evidence> {
    let evidence = |(cause, weight): (&String, &f64)| {
        let cause = CAUSES.iter().find(|known| *known == cause)?;
        let family = FAMILIES.iter().find(|known| **known == family)?;
        let (text, place) = (text.to_owned(), place.clone());
        Some(Evidence { family, cause, weight: weight * share, text, place, grade })
    };
    weights.into_iter().flatten().filter_map(evidence).collect()
}

/// The families of evidence that lines give.
const FAMILIES: [&str; 14] = [
    "known",
    "kind",
    "limits",
    "actors",
    "state",
    "chance",
    "values",
    "memory",
    "resources",
    "network",
    "machinery",
    "machine",
    "device",
    "build",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_proves_stays_below_seven_tenths() {
        let mut chances = [0.9, 0.06, 0.04];
        limit(&mut chances, &[false, true, false]);
        assert_eq!(chances[0], UNPROVED);
        assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-12, "still a probability: {chances:?}");
        let mut proved = [0.9, 0.1];
        limit(&mut proved, &[true, false]);
        assert_eq!(proved, [0.9, 0.1], "a line says so");
    }

    #[test]
    fn where_nothing_speaks_unknown_comes_first() {
        let causes = Families::new().causes(Weights::embedded());
        assert_eq!(causes[0].cause, "unknown");
        assert!(causes[0].score < UNPROVED && causes.len() == CAUSES.len());
    }
}
