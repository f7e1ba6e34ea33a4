//! The causes of every cluster, from what the logs said when they were read.

use std::collections::BTreeMap;

use crate::causes::{self, Cause, Evidence, Testimony};
use crate::clusters::{Cluster, Occurrence};
use crate::findings::{CauseSummary, EvidenceSummary};

/// Causes less probable than this are not told, `unknown` excepted.
const LEAST: f64 = 0.01;
const UNKNOWN: &str = "unknown";

/// What each log says about each of its failures.
#[derive(Default)]
pub struct Why<'c> {
    /// By log and by the failure's rank in it.
    testimonies: BTreeMap<(String, u64), Testimony<'c>>,
}

impl<'c> Why<'c> {
    /// Keeps what one log says about its failures, given in the order of `occurrences`.
    pub fn hear(&mut self, occurrences: &[Occurrence], testimonies: Vec<Testimony<'c>>) {
        let keys = occurrences.iter().map(|occurrence| (occurrence.source.clone(), occurrence.rank));
        self.testimonies.extend(keys.zip(testimonies));
    }

    /// Returns the causes of a cluster, most probable first.
    pub fn causes(&self, cluster: &Cluster) -> Vec<CauseSummary> {
        let testimony =
            |occurrence: &Occurrence| self.testimonies.get(&(occurrence.source.clone(), occurrence.rank));
        let causes = causes::rank(cluster, testimony, Vec::new());
        let told = causes.into_iter().filter(|cause| cause.score >= LEAST || cause.cause == UNKNOWN);
        told.map(tell).collect()
    }
}

fn tell(cause: Cause) -> CauseSummary {
    CauseSummary {
        cause: cause.cause.to_owned(),
        score: rounded(cause.score),
        grade: cause.grade.name().to_owned(),
        evidence: cause.evidence.into_iter().map(tell_evidence).collect(),
        against: cause.against.into_iter().map(tell_evidence).collect(),
    }
}

fn tell_evidence(evidence: Evidence) -> EvidenceSummary {
    let (source, line) = evidence.place.unzip();
    EvidenceSummary {
        text: evidence.text,
        family: evidence.family.to_owned(),
        weight: rounded(evidence.weight),
        source,
        line,
    }
}

/// Four digits: more would say that the weights are known better than they are.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
