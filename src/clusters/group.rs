//! From occurrences to clusters.

use std::collections::BTreeMap;

use super::cluster::{Cluster, Occurrence};
use super::distance::{Varying, threshold};
use super::leaders;
use crate::signatures::{Form, Signature};

/// Puts occurrences of the same failure together. The result depends neither on the order given
/// nor on anything but the occurrences; logs of other failures change nothing.
pub fn group(occurrences: Vec<Occurrence>) -> Vec<Cluster> {
    let mut exact: BTreeMap<String, Vec<Occurrence>> = BTreeMap::new();
    for occurrence in occurrences {
        exact.entry(occurrence.signature.id.clone()).or_default().push(occurrence);
    }
    exact.values_mut().for_each(|alike| share_signature(alike));
    let together = together(&exact);
    let clusters = together.into_iter().map(|ids| cluster(ids, &mut exact));
    let mut clusters: Vec<Cluster> = clusters.collect();
    clusters.sort_by(|a, b| a.id.cmp(&b.id));
    clusters
}

/// Keeps an equal signature once.
fn share_signature(alike: &mut [Occurrence]) {
    let Some((first, others)) = alike.split_first_mut() else { return };
    for other in others.iter_mut().filter(|other| other.signature == first.signature) {
        other.signature = first.signature.clone();
    }
}

/// Returns which ids are one failure, ascending in each group.
fn together(exact: &BTreeMap<String, Vec<Occurrence>>) -> Vec<Vec<String>> {
    let mut blocks: BTreeMap<(Form, Vec<&str>), Vec<&Signature>> = BTreeMap::new();
    for signature in exact.values().filter_map(|occurrences| Some(&*occurrences.first()?.signature)) {
        blocks.entry((signature.near.form, signature.fixed().collect())).or_default().push(signature);
    }
    blocks.into_iter().flat_map(|((form, _), signatures)| link(form, &signatures)).collect()
}

/// Links signatures of one block, in the order of their ids: whoever comes first leads, and its id names the group.
fn link(form: Form, signatures: &[&Signature]) -> Vec<Vec<String>> {
    let varying: Vec<Varying<'_>> =
        signatures.iter().map(|signature| Varying::of(form, signature.varying())).collect();
    let mut alike: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, one) in varying.iter().enumerate() {
        alike.entry(one.meaning()).or_default().push(at);
    }
    let groups = alike.into_values().flat_map(|block| {
        let words: Vec<Vec<&str>> = block.iter().map(|at| varying[*at].words_of()).collect();
        let near = |a: usize, b: usize| varying[block[a]].distance(&varying[block[b]], threshold(form));
        let groups = leaders::groups(&words, near);
        let id = |at: usize| signatures[block[at]].id.clone();
        groups.into_iter().map(|group| group.into_iter().map(id).collect()).collect::<Vec<Vec<String>>>()
    });
    groups.collect()
}

fn cluster(mut ids: Vec<String>, exact: &mut BTreeMap<String, Vec<Occurrence>>) -> Cluster {
    ids.sort();
    let mut occurrences: Vec<Occurrence> = ids.iter().filter_map(|id| exact.remove(id)).flatten().collect();
    occurrences.sort_by(|a, b| (&a.source, a.event.first_line).cmp(&(&b.source, b.event.first_line)));
    let mut ids = ids.into_iter();
    Cluster { id: ids.next().unwrap_or_default(), aliases: ids.collect(), occurrences }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures::Near;

    fn message(text: String) -> Signature {
        let id = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes()));
        let parts = vec!["Error".to_owned(), text];
        let near = Near { range: 1..2, form: Form::Words };
        Signature { id, parts, title: String::new(), known: None, near }
    }

    /// Returns how many groups there are of `count` messages that `text` makes.
    fn groups(count: usize, text: impl Fn(usize) -> String) -> usize {
        let mut signatures: Vec<Signature> = (0..count).map(|number| message(text(number))).collect();
        signatures.sort_by(|a, b| a.id.cmp(&b.id));
        signatures.dedup_by(|a, b| a.id == b.id);
        link(Form::Words, &signatures.iter().collect::<Vec<_>>()).len()
    }

    /// A word of its own for each number, without digits, which would be meaning.
    fn word(number: usize) -> String {
        let letter = |at: u32| char::from(b'a' + (number / 26_usize.pow(at) % 26) as u8);
        (0..4).map(letter).collect()
    }

    #[test]
    fn near_equal_failures_are_one_cluster_however_many_there_are() {
        let near = |number| {
            format!("the device called {} did not answer the request that it got in time", word(number))
        };
        for count in [2, 150, 199, 200, 201, 202, 256, 257, 258, 1000, 3000] {
            assert_eq!(groups(count, near), 1, "{count} failures");
        }
    }

    #[test]
    fn one_more_failure_adds_one_cluster_at_the_most() {
        let far = |number| {
            let name = word(number * 7919 + 13).repeat(8);
            format!("cannot open {name} as {}", word(number % 3))
        };
        for count in [10, 199, 200, 201, 256, 257, 1000] {
            let (before, after) = (groups(count, far), groups(count + 1, far));
            assert!(after.abs_diff(before) <= 1, "{before} clusters of {count}, {after} of one more");
        }
    }
}
