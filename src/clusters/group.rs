//! From occurrences to clusters.

use std::collections::BTreeMap;

use super::cluster::{Cluster, Occurrence};
use super::distance::{distance, threshold};
use super::linkage;
use crate::signatures::{Form, Signature};

/// Distinct signatures that agree in all fixed parts and are compared with one another. Where more
/// agree, the parts that vary are data, and only equal ones are put together.
const MOST: usize = 200;

/// Puts occurrences of the same failure together. The result depends neither on the order given
/// nor on anything but the occurrences; logs of other failures change nothing.
pub fn group(occurrences: Vec<Occurrence>) -> Vec<Cluster> {
    let mut exact: BTreeMap<String, Vec<Occurrence>> = BTreeMap::new();
    for occurrence in occurrences {
        exact.entry(occurrence.signature.id.clone()).or_default().push(occurrence);
    }
    let together = together(&exact);
    let clusters = together.into_iter().map(|ids| cluster(ids, &mut exact));
    let mut clusters: Vec<Cluster> = clusters.collect();
    clusters.sort_by(|a, b| a.id.cmp(&b.id));
    clusters
}

/// Returns which ids are one failure, ascending in each group.
fn together(exact: &BTreeMap<String, Vec<Occurrence>>) -> Vec<Vec<String>> {
    let mut blocks: BTreeMap<(Form, Vec<&str>), Vec<&Signature>> = BTreeMap::new();
    for signature in exact.values().filter_map(|occurrences| Some(&occurrences.first()?.signature)) {
        blocks.entry((signature.near.form, signature.fixed().collect())).or_default().push(signature);
    }
    blocks.into_iter().flat_map(|((form, _), signatures)| link(form, &signatures)).collect()
}

fn link(form: Form, signatures: &[&Signature]) -> Vec<Vec<String>> {
    let id = |at: &usize| signatures[*at].id.clone();
    if signatures.len() > MOST {
        return (0..signatures.len()).map(|at| vec![id(&at)]).collect();
    }
    let far = |a: usize, b: usize| distance(form, signatures[a].varying(), signatures[b].varying());
    let groups = linkage::groups(signatures.len(), threshold(form), far);
    groups.iter().map(|group| group.iter().map(id).collect()).collect()
}

fn cluster(mut ids: Vec<String>, exact: &mut BTreeMap<String, Vec<Occurrence>>) -> Cluster {
    ids.sort();
    let mut occurrences: Vec<Occurrence> = ids.iter().filter_map(|id| exact.remove(id)).flatten().collect();
    occurrences.sort_by(|a, b| (&a.source, a.event.first_line).cmp(&(&b.source, b.event.first_line)));
    let mut ids = ids.into_iter();
    Cluster { id: ids.next().unwrap_or_default(), aliases: ids.collect(), occurrences }
}
