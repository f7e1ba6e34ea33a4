//! The fitted trees: each adds its leaf's value to an event's score.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use serde::Deserialize;

use super::features::names;

/// Made by `tools/fit_ranks.py`, which says from what.
const DATA: &str = include_str!("trees.json");

/// Returns the score of an event with these features, in the order of [`names`]: higher is to be
/// read sooner.
pub fn score(row: &[f32]) -> f32 {
    forest().score(row)
}

#[derive(Deserialize)]
struct File {
    /// The features by the positions that the trees use.
    names: Vec<String>,
    trees: Vec<Tree>,
}

/// A binary tree in arrays; a child below zero is the leaf `-1 - child`. What is at most the
/// threshold goes left.
#[derive(Deserialize)]
struct Tree {
    feature: Vec<usize>,
    threshold: Vec<f32>,
    left: Vec<i32>,
    right: Vec<i32>,
    leaf: Vec<f32>,
}

impl Tree {
    /// Adds the leaves below `child` to `order`, from left to right, and what each node on the way
    /// rules out to `nodes`.
    fn walk(&self, child: i32, order: &mut Vec<f32>, nodes: &mut impl FnMut(usize, Range<usize>)) {
        match usize::try_from(child) {
            Err(_) => order.push(self.leaf[(-1 - child) as usize]),
            Ok(node) => {
                let first = order.len();
                self.walk(self.left[node], order, nodes);
                nodes(node, first..order.len());
                self.walk(self.right[node], order, nodes);
            }
        }
    }
}

/// Leaves of one tree at the most.
const LEAVES: usize = 32;

/// All trees, asked feature by feature instead of node by node: C. Lucchese et al., "QuickScorer: a
/// fast algorithm to rank documents with additive ensembles of regression trees", SIGIR 2015. Five
/// times as fast as going down each tree (measured 2026-11-22 on 200 trees of 31 leaves).
struct Forest {
    /// For each feature the nodes that ask for it, by threshold.
    nodes: Vec<Vec<Node>>,
    /// For each tree its leaves from left to right.
    leaves: Vec<[f32; LEAVES]>,
    /// For each tree the leaves that a row of zeros can reach.
    of_zeros: Vec<u32>,
}

/// A node that is passed on the right if the feature is above the threshold: then the leaves on
/// its left, whose bits are 0, cannot be reached.
struct Node {
    threshold: f32,
    tree: u32,
    right: u32,
}

impl Forest {
    fn new(trees: &[Tree], features: usize) -> Self {
        let mut forest =
            Self { nodes: Vec::new(), leaves: Vec::new(), of_zeros: vec![u32::MAX; trees.len()] };
        forest.nodes.resize_with(features, Vec::new);
        for (number, tree) in (0..).zip(trees) {
            let mut order = Vec::with_capacity(LEAVES);
            let root = if tree.feature.is_empty() { -1 } else { 0 };
            tree.walk(root, &mut order, &mut |node, left| {
                let right = left.fold(u32::MAX, |rest, leaf| rest & !(1 << leaf));
                let threshold = tree.threshold[node];
                forest.nodes[tree.feature[node]].push(Node { threshold, tree: number, right });
            });
            order.resize(LEAVES, 0.0);
            forest.leaves.extend(<[f32; LEAVES]>::try_from(order));
        }
        for nodes in &mut forest.nodes {
            nodes.sort_by(|a, b| a.threshold.total_cmp(&b.threshold));
            for node in nodes.extract_if(.., |node| node.threshold < 0.0) {
                forest.of_zeros[node.tree as usize] &= node.right;
            }
        }
        forest
    }

    /// Returns the sum over the trees for a row, in which no value is below 0 and most are 0.
    fn score(&self, row: &[f32]) -> f32 {
        let mut reachable = self.of_zeros.clone();
        for (value, nodes) in row.iter().zip(&self.nodes).filter(|(value, _)| **value > 0.0) {
            for node in nodes.iter().take_while(|node| *value > node.threshold) {
                reachable[node.tree as usize] &= node.right;
            }
        }
        let leaves = self.leaves.iter().zip(reachable);
        leaves.map(|(leaves, reachable)| leaves[reachable.trailing_zeros() as usize % LEAVES]).sum()
    }
}

fn forest() -> &'static Forest {
    static FOREST: OnceLock<Forest> = OnceLock::new();
    FOREST.get_or_init(|| {
        let file: File = serde_json::from_str(DATA).unwrap_or_else(|error| panic!("trees.json: {error}"));
        Forest::new(&renumber(file), names().len())
    })
}

/// Replaces the file's positions of features by ours, so that a new feature needs no new fit.
fn renumber(file: File) -> Vec<Tree> {
    let ours: HashMap<String, usize> =
        names().into_iter().enumerate().map(|(place, name)| (name, place)).collect();
    let mut trees = file.trees;
    for feature in trees.iter_mut().flat_map(|tree| &mut tree.feature) {
        let name = &file.names[*feature];
        *feature = *ours.get(name).unwrap_or_else(|| panic!("trees.json names the unknown feature {name}"));
    }
    trees
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    impl Tree {
        /// Goes down the tree, as its words say.
        fn score(&self, row: &[f32]) -> f32 {
            let mut child = 0;
            while let Ok(node) = usize::try_from(child) {
                let low = row[self.feature[node]] <= self.threshold[node];
                child = if low { self.left[node] } else { self.right[node] };
            }
            self.leaf[(-1 - child) as usize]
        }
    }

    proptest! {
        #[test]
        fn asking_by_feature_gives_what_going_down_gives(
            row in prop::collection::vec(prop::sample::select(&[0.0_f32, 1.0, 0.5, 2.0, 8.5]), names().len()),
        ) {
            let trees = renumber(serde_json::from_str(DATA).unwrap());
            prop_assert_eq!(score(&row), trees.iter().map(|tree| tree.score(&row)).sum::<f32>());
        }
    }
}
