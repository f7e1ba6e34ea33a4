//! The causes of one cluster, most probable first.

use std::collections::BTreeMap;

use super::clue_evidence::{clue_evidence, kind_evidence};
use super::compare::Comparison;
use super::evidence::{Evidence, Grade};
use super::softmax::softmax;
use super::timing::{Stops, stops, time_limits};
use super::weights::Weights;
use crate::clusters::{Cluster, Occurrence};
use crate::facts::clues::{ClueLine, FailureClues, Family, Pace, Recognised};
use crate::facts::failures::{Kind, Role};
use crate::signatures::{Catalog, Cause, Entry};

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
/// Occurrences of a cluster that are weighed.
const OCCURRENCES: usize = 20;
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

/// Ranks all causes of a cluster. `clues` returns what an occurrence's log says about it,
/// `comparison` is what tells its runs from passing ones.
pub fn rank<'a>(
    cluster: &Cluster,
    clues: impl Fn(&Occurrence) -> Option<&'a FailureClues>,
    catalog: &Catalog,
    comparison: &Comparison,
) -> Vec<Candidate> {
    let mut ranked: Vec<&Occurrence> = cluster.occurrences.iter().collect();
    ranked.sort_by_key(|occurrence| occurrence.rank);
    ranked.truncate(OCCURRENCES);
    let mut families = Families::new();
    for occurrence in &ranked {
        let mut strongest = Families::new();
        for evidence in once_a_line(of_one(occurrence, clues(occurrence), catalog, comparison)) {
            strongest.keep(evidence);
        }
        families.add(strongest, 1.0 / ranked.len() as f64);
    }
    let silent = |occurrence: &&Occurrence| {
        clues(occurrence).and_then(|clues| clues.pace.as_ref()).is_some_and(Pace::is_silent)
    };
    let stopped: Vec<&Occurrence> = ranked.iter().copied().filter(silent).collect();
    let stops = stops(&stopped);
    for evidence in stops.iter().flat_map(Stops::evidence).chain(comparison.evidence.iter().cloned()) {
        families.keep(evidence);
    }
    families.causes(Weights::embedded())
}

/// Returns the evidence of one occurrence.
fn of_one(
    occurrence: &Occurrence,
    clues: Option<&FailureClues>,
    catalog: &Catalog,
    comparison: &Comparison,
) -> Vec<Evidence> {
    let settled = settled(clues, catalog);
    let mut evidence = kind_evidence(occurrence);
    evidence.retain(|one| {
        let entry = one.place.as_ref().and_then(|(_, line)| settled.get(line));
        entry.is_none_or(|entry| entry.names(one.cause))
    });
    for clue_line in clues.iter().flat_map(|clues| &clues.clue_lines) {
        let of_line = clue_evidence(&occurrence.source, clue_line, catalog, comparison);
        let entry =
            settled.get(&clue_line.line).filter(|_| matches!(clue_line.recognised, Recognised::Clue(_)));
        evidence.extend(of_line.into_iter().filter(|one| entry.is_none_or(|entry| entry.allows(one))));
    }
    let pace = clues.and_then(|clues| clues.pace.as_ref());
    // Where passing runs say what a silence is, a share of the limit need not.
    let pace = pace.filter(|_| comparison.pauses.is_none());
    evidence.extend(pace.into_iter().flat_map(|pace| pace.evidence(&occurrence.source)));
    let straggler = clues.and_then(|clues| clues.straggler.as_ref());
    evidence.extend(straggler.into_iter().flat_map(|straggler| straggler.evidence(&occurrence.source)));
    if let Some(clues) = clues {
        evidence.extend(time_limits::evidence(&clues.clocks, &occurrence.source));
        evidence.extend(clues.hugged.iter().flat_map(|hugged| hugged.evidence(&occurrence.source)));
        // A peer that does not answer makes a program wait: silence before the end of a transport is no hang of its own.
        let waits_for_a_peer =
            settled.get(&occurrence.event.headline).is_some_and(|entry| entry.names(Cause::Link));
        let goes_on = goes_on_by_itself(occurrence.event.kind) && !waits_for_a_peer;
        let silence = clues.silence.iter().filter(|_| goes_on);
        evidence.extend(silence.flat_map(|silence| silence.evidence(&occurrence.source)));
        let open = clues.open.iter().filter(|_| is_ended_from_outside(occurrence.event.kind, clues));
        evidence.extend(open.flat_map(|open| open.evidence(&occurrence.source)));
        evidence.extend(clues.differing.iter().flat_map(|one| one.evidence(&occurrence.source)));
        evidence.extend(clues.stuck.iter().flat_map(|stuck| stuck.evidence(&occurrence.source)));
        evidence.extend(clues.stacks.iter().flat_map(|stacks| stacks.evidence(&occurrence.source)));
    }
    evidence
}

/// Returns the lines of which an entry of the catalog says how the failure they state comes about: words of such a line
/// speak for no cause that the entry does not name.
fn settled<'c>(clues: Option<&FailureClues>, catalog: &'c Catalog) -> BTreeMap<u64, &'c Entry> {
    let lines = clues.iter().flat_map(|clues| &clues.clue_lines);
    let entry = |clue_line: &ClueLine| match &clue_line.recognised {
        Recognised::Known(id) => Some((clue_line.line, catalog.get(id).filter(|entry| settles(entry))?)),
        Recognised::Clue(_) => None,
    };
    lines.filter_map(entry).collect()
}

fn settles(entry: &Entry) -> bool {
    entry.role == Role::Root && entry.causes.iter().any(|cause| cause.weight >= SETTLES)
}

impl Entry {
    /// Returns true if the entry speaks for this cause or against it.
    fn names(&self, cause: Cause) -> bool {
        self.causes.iter().any(|named| named.cause == cause)
    }

    /// Returns true if words of the entry's line may say this too: of a cause that it names no more than it does itself,
    /// unless they state the cause outright.
    fn allows(&self, evidence: &Evidence) -> bool {
        let named = self.causes.iter().find(|named| named.cause == evidence.cause);
        named.is_some_and(|named| evidence.grade == Grade::Explicit || evidence.weight <= named.weight)
    }
}

/// Returns true for failures of what writes as it goes on. A kernel is silent while all is well, and a compiler works.
fn goes_on_by_itself(kind: Kind) -> bool {
    !matches!(kind, Kind::Hardware | Kind::Exhaustion | Kind::Build | Kind::Sanitizer)
}

/// Returns true if a limit, a signal or somebody ended the run, and not what the test found.
fn is_ended_from_outside(kind: Kind, clues: &FailureClues) -> bool {
    let says = |clue_line: &ClueLine| matches!(&clue_line.recognised, Recognised::Clue(name) if ENDS.contains(&name.as_str()));
    matches!(kind, Kind::Timeout | Kind::Silence | Kind::Kill) || clues.clue_lines.iter().any(says)
}

/// Clues which say that the run was ended.
const ENDS: [&str; 3] = ["cancelled", "job-limit", "no-output"];

/// What an entry says of one cause, at the least, where it says enough.
const SETTLES: f64 = 2.0;

/// Leaves of what the catalog and the kind of the failure read from a line that clues read too, and of what the
/// catalog and the kind read from one, the strongest for each cause: the words are the same.
fn once_a_line(all: Vec<Evidence>) -> Vec<Evidence> {
    let mut kept: Vec<Evidence> = Vec::with_capacity(all.len());
    for evidence in all {
        let same = |held: &&mut Evidence| {
            held.place.is_some()
                && held.place == evidence.place
                && held.cause == evidence.cause
                && (held.retells() || evidence.retells())
                && (held.weight > 0.0) == (evidence.weight > 0.0)
        };
        match kept.iter_mut().find(same) {
            Some(held) if held.weight.abs() < evidence.weight.abs() => *held = evidence,
            Some(_) => {}
            None => kept.push(evidence),
        }
    }
    kept
}

impl Evidence {
    /// Returns true if it comes from what the whole line was recognised as.
    fn retells(&self) -> bool {
        self.family == Family::Known || self.grade == Grade::Hypothesis
    }
}

/// The evidence of each family for each cause.
struct Families(BTreeMap<(Family, Cause), Evidence>);

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

    fn causes(self, weights: &Weights) -> Vec<Candidate> {
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
    fn what_one_line_says_counts_once() {
        let said = |family, line, weight| Evidence {
            family,
            cause: Cause::Timeout,
            weight,
            text: String::new(),
            place: Some(("a.log".to_owned(), line)),
            grade: Grade::Heuristic,
        };
        let kept = once_a_line(vec![
            said(Family::Limits, 3, 0.9),
            said(Family::Known, 3, 1.7),
            said(Family::Known, 4, 0.4),
        ]);
        let weights: Vec<f64> = kept.iter().map(|one| one.weight).collect();
        assert_eq!(weights, [1.7, 0.4]);
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
