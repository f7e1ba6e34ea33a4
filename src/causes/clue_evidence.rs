//! What the lines and the kind of one failure say about each cause.

use super::compare::Comparison;
use super::evidence::{Evidence, Family, Grade, Notice};
use super::weights::{ByCause, Weights};
use crate::clusters::Occurrence;
use crate::facts::clues::{ClueLine, Clues, Recognised};
use crate::facts::failures::Role;
use crate::signatures::Catalog;

/// What a line of the catalog weighs that is no root of a failure.
const NO_ROOT: f64 = 0.5;
/// Below this a line stands too far from the failure to state its cause outright.
const BESIDE: f64 = 0.5;

/// Returns what one line says about each cause that it speaks of.
pub fn clue_evidence(
    source: &str,
    clue_line: &ClueLine,
    catalog: &Catalog,
    comparison: &Comparison,
) -> Vec<Evidence> {
    let place = Some((source.to_owned(), clue_line.line));
    match &clue_line.recognised {
        Recognised::Clue(name) => {
            let Some(clue) = Clues::embedded().named(name) else { return Vec::new() };
            if comparison.is_ordinary(clue) {
                return Vec::new();
            }
            let explicit = clue.explicit && clue_line.nearness > BESIDE;
            let share = clue_line.nearness;
            let grade = if explicit { Grade::Explicit } else { Grade::Heuristic };
            let text = format!("{}: {}", clue.says, clue_line.text);
            let notice = Notice { family: clue.family, text: &text, place, grade, share };
            notice.weighed(Weights::embedded().clue.get(&clue.name))
        }
        Recognised::Known(id) => {
            let Some(entry) = catalog.get(id) else { return Vec::new() };
            let share = clue_line.nearness * if entry.role == Role::Root { 1.0 } else { NO_ROOT };
            let text = format!("{}: {}", entry.title, clue_line.text);
            let weights: ByCause = entry.causes.iter().map(|weight| (weight.cause, weight.weight)).collect();
            let notice = Notice { family: Family::Known, text: &text, place, grade: Grade::Heuristic, share };
            notice.weighed(Some(&weights))
        }
    }
}

/// Returns what the kind of the event says; it is read from the words that clues of its family read, and
/// counts as one of them.
pub fn kind_evidence(occurrence: &Occurrence) -> Vec<Evidence> {
    let event = &occurrence.event;
    let text = format!("the failure is of the kind {}: {}", event.kind.name(), event.message);
    let place = Some((occurrence.source.clone(), event.headline));
    let family = Family::of_kind(event.kind);
    let notice = Notice { family, text: &text, place, grade: Grade::Hypothesis, share: 1.0 };
    notice.weighed(Weights::embedded().kind.get(&event.kind))
}
