//! One cause of a failure, in words, with what speaks for and against it.

use serde::Serialize;

use super::clip::clip;
use super::lookup::Lookup;
use crate::findings::{CauseSummary, EvidenceSummary};
use crate::reports::cause_words;

/// Pieces of evidence shown for and against.
const MOST: usize = 3;

/// A cause.
#[derive(Serialize)]
pub struct Reason<'a> {
    name: &'static str,
    /// What the figure rests on.
    basis: &'a str,
    percent: f64,
    evidence: Vec<Proof<'a>>,
    against: Vec<Proof<'a>>,
    more: usize,
}

#[derive(Serialize)]
struct Proof<'a> {
    text: String,
    place: Option<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    source: &'a str,
    line: u64,
    link: Option<String>,
}

impl<'a> Reason<'a> {
    /// Lays out a cause. The message and a line that are shown above are not repeated.
    pub fn of(
        cause: &'a CauseSummary,
        message: &str,
        shown: Option<(&str, u64)>,
        lookup: &Lookup<'a>,
    ) -> Self {
        let proofs = |side: &'a [EvidenceSummary]| -> Vec<Proof<'a>> {
            side.iter().take(MOST).map(|one| Proof::of(one, message, shown, lookup)).collect()
        };
        let more = |side: &[EvidenceSummary]| side.len().saturating_sub(MOST);
        Self {
            name: cause_words::words(cause.cause),
            basis: cause_words::grade(cause.grade),
            // Never 100: a log proves no cause.
            percent: (cause.score * 100.0).round().clamp(0.0, 99.0),
            evidence: proofs(&cause.evidence),
            against: proofs(&cause.against),
            more: more(&cause.evidence) + more(&cause.against),
        }
    }
}

impl<'a> Proof<'a> {
    fn of(
        evidence: &'a EvidenceSummary,
        message: &str,
        shown: Option<(&str, u64)>,
        lookup: &Lookup<'a>,
    ) -> Self {
        let text = evidence.text.strip_suffix(message).and_then(|text| text.strip_suffix(": "));
        let text = text.unwrap_or(&evidence.text);
        let place = evidence.source.as_deref().zip(evidence.line).filter(|place| shown != Some(*place));
        Self {
            text: clip(text, lookup.room.evidence).into_owned(),
            place: place.map(|(source, line)| Place { source, line, link: lookup.link(source, line) }),
        }
    }
}
