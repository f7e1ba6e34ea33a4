//! How the evidence of all families adds up to the probabilities of causes.

use std::collections::BTreeMap;

use super::evidence::{Evidence, Grade};
use super::softmax::softmax;
use super::weights::Weights;
use crate::facts::clues::Family;
use crate::signatures::Cause;

/// One candidate for why a failure happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub cause: Cause,
    /// A probability.
    pub score: f64,
    pub grade: Grade,
    /// Natural-log odds before any evidence, up to a constant.
    pub prior: f64,
    /// What speaks for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// What speaks against it, strongest first.
    pub against: Vec<Evidence>,
}

/// Weights beyond this are cut: no family alone decides.
const MOST: f64 = 3.0;
/// The most that a cause can be, by the firmest thing that speaks for it. A guess stays below even chances; a
/// line that states a cause, and an order that runs confirm, may still be the consequence of another.
const fn most(grade: Grade) -> f64 {
    match grade {
        Grade::Hypothesis => 0.49,
        Grade::Heuristic => 0.69,
        Grade::Statistical => 0.9,
        Grade::Explicit => 0.95,
        Grade::Confirmed => 1.0,
    }
}
/// The least weight by which evidence gives its grade to a cause.
const TELLING: f64 = 0.5;

/// The evidence of each family for each cause.
pub struct Families(BTreeMap<(Family, Cause), Evidence>);

impl Families {
    pub fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Keeps of two of one family for one cause that which weighs more.
    pub fn keep(&mut self, evidence: Evidence) {
        let key = (evidence.family, evidence.cause);
        let weaker = |held: &Evidence| held.weight.abs() < evidence.weight.abs();
        if self.0.get(&key).is_none_or(weaker) {
            self.0.insert(key, evidence);
        }
    }

    /// Adds a share of what one occurrence says.
    pub fn add(&mut self, other: Self, share: f64) {
        for (key, mut evidence) in other.0 {
            evidence.weight *= share;
            match self.0.get_mut(&key) {
                Some(held) => held.weight += evidence.weight,
                None => drop(self.0.insert(key, evidence)),
            }
        }
    }

    /// Returns all causes, most probable first.
    pub fn causes(self, weights: &Weights) -> Vec<Candidate> {
        let mut by_cause: BTreeMap<Cause, Vec<Evidence>> = BTreeMap::new();
        for mut evidence in self.0.into_values() {
            evidence.weight = (evidence.weight * weights.scale(evidence.family)).clamp(-MOST, MOST);
            by_cause.entry(evidence.cause).or_default().push(evidence);
        }
        let mut scores: Vec<f64> =
            Cause::ALL.iter().map(|cause| score(*cause, by_cause.get(cause), weights)).collect();
        let first =
            Cause::ALL.into_iter().zip(&scores).max_by(|a, b| a.1.total_cmp(b.1)).map(|(cause, _)| cause);
        let evidence = first.and_then(|first| by_cause.get(&first));
        if evidence.is_none_or(|evidence| grade(evidence) == Grade::Hypothesis) {
            raise_unknown(&mut scores);
        }
        let mut chances = softmax(&scores, weights.temperature);
        let most: Vec<f64> = Cause::ALL.iter().map(|cause| most_of(*cause, by_cause.get(cause))).collect();
        limit(&mut chances, &most);
        let mut causes: Vec<Candidate> = Cause::ALL
            .into_iter()
            .zip(chances)
            .map(|(cause, score)| {
                let evidence = by_cause.remove(&cause).unwrap_or_default();
                Candidate::new(cause, score, weights.prior_of(cause), evidence)
            })
            .collect();
        causes.sort_by(|a, b| b.score.total_cmp(&a.score));
        causes
    }
}

fn score(cause: Cause, evidence: Option<&Vec<Evidence>>, weights: &Weights) -> f64 {
    weights.prior_of(cause) + evidence.into_iter().flatten().map(|evidence| evidence.weight).sum::<f64>()
}

impl Candidate {
    fn new(cause: Cause, score: f64, prior: f64, mut all: Vec<Evidence>) -> Self {
        all.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        let (evidence, against): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.weight > 0.0);
        let grade = grade(&evidence);
        Self { cause, score, grade, prior, evidence, against }
    }
}

/// Returns the firmest grade among evidence that has weight.
fn grade(evidence: &[Evidence]) -> Grade {
    let telling = evidence.iter().filter(|one| one.weight >= TELLING);
    telling.map(|one| one.grade).max().unwrap_or(Grade::Hypothesis)
}

fn most_of(cause: Cause, evidence: Option<&Vec<Evidence>>) -> f64 {
    let grade = evidence.map_or(Grade::Hypothesis, |evidence| grade(evidence));
    if cause == Cause::Unknown { 1.0 } else { most(grade) }
}

/// Makes `unknown` as probable as the best guess: where nothing but guesses speaks, none of them comes first.
fn raise_unknown(scores: &mut [f64]) {
    let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let unknown =
        Cause::ALL.iter().position(|cause| *cause == Cause::Unknown).and_then(|at| scores.get_mut(at));
    if let Some(unknown) = unknown {
        *unknown = unknown.max(best + AHEAD);
    }
}

/// What `unknown` is ahead of a guess.
const AHEAD: f64 = 0.02;

/// Lowers the probability of the one cause that is above the most it can be, and raises the others in proportion.
fn limit(chances: &mut [f64], most: &[f64]) {
    let over = chances.iter().zip(most).position(|(chance, most)| chance > most);
    let Some((over, most)) = over.and_then(|over| Some((over, *most.get(over)?))) else { return };
    let held = chances.get(over).copied().unwrap_or_default();
    let factor = (1.0 - most) / (1.0 - held).max(f64::MIN_POSITIVE);
    for (position, chance) in chances.iter_mut().enumerate() {
        *chance = if position == over { most } else { *chance * factor };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_stays_below_what_its_grade_allows() {
        let mut chances = [0.9, 0.06, 0.04];
        limit(&mut chances, &[most(Grade::Heuristic), 1.0, 1.0]);
        assert_eq!(chances[0], 0.69);
        assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-12, "still a probability: {chances:?}");
        let mut stated = [0.9, 0.1];
        limit(&mut stated, &[most(Grade::Explicit), 1.0]);
        assert_eq!(stated, [0.9, 0.1], "a line says so");
    }

    #[test]
    fn a_guess_does_not_come_before_unknown_and_a_known_pattern_does() {
        let causes = |weight| {
            let mut families = Families::new();
            families.keep(Evidence {
                family: Family::Values,
                cause: Cause::Race,
                weight,
                text: String::new(),
                place: None,
                grade: Grade::Heuristic,
            });
            families.causes(Weights::embedded())
        };
        let guess = causes(0.4);
        assert_eq!((guess[0].cause, guess[1].cause), (Cause::Unknown, Cause::Race));
        assert_eq!(causes(0.9)[0].cause, Cause::Race);
    }

    #[test]
    fn where_nothing_speaks_unknown_comes_first() {
        let causes = Families::new().causes(Weights::embedded());
        assert_eq!(causes[0].cause, Cause::Unknown);
        assert!(causes[0].score < 0.7 && causes.len() == Cause::ALL.len());
    }
}
