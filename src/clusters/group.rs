//! From occurrences to clusters.

use std::collections::BTreeMap;

use super::cluster::{Cluster, Occurrence};

/// Puts occurrences of the same failure together. The result depends neither on the order given
/// nor on anything but the occurrences.
pub fn group(occurrences: Vec<Occurrence>) -> Vec<Cluster> {
    let mut exact: BTreeMap<String, Vec<Occurrence>> = BTreeMap::new();
    for occurrence in occurrences {
        exact.entry(occurrence.signature.id.clone()).or_default().push(occurrence);
    }
    let clusters = exact.into_iter().map(|(id, mut occurrences)| {
        occurrences.sort_by(|a, b| (&a.source, a.event.first_line).cmp(&(&b.source, b.event.first_line)));
        Cluster { id, aliases: Vec::new(), occurrences }
    });
    clusters.collect()
}
