//! The causes of one cluster, most probable first.

use std::collections::BTreeMap;

use super::clue_evidence::{clue_evidence, kind_evidence};
use super::compare::Comparison;
use super::evidence::{Evidence, Grade};
use super::families::{Candidate, Families};
use super::timing::{Stops, stops, time_limits};
use super::weights::Weights;
use crate::clusters::{Cluster, Occurrence};
use crate::facts::clues::{ClueLine, FailureClues, Family, Pace, Recognised};
use crate::facts::failures::{Kind, Role};
use crate::signatures::{Catalog, Cause, Entry};

/// Occurrences of a cluster that are weighed.
const OCCURRENCES: usize = 20;
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
