//! The fitted trees: each adds its leaf's value to an event's score.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::features::names;

/// Made by `tools/fit_ranks.py`, which says from what.
const DATA: &str = include_str!("trees.json");

/// Returns the score of an event with these features, in the order of [`names`]: higher is to be
/// read sooner.
pub fn score(row: &[f32]) -> f32 {
    forest().iter().map(|tree| tree.score(row)).sum()
}

#[derive(Deserialize)]
struct File {
    /// The features by the positions that the trees use.
    names: Vec<String>,
    trees: Vec<Tree>,
}

/// A binary tree in arrays; a child below zero is the leaf `-1 - child`.
#[derive(Deserialize)]
struct Tree {
    feature: Vec<usize>,
    threshold: Vec<f32>,
    left: Vec<i32>,
    right: Vec<i32>,
    leaf: Vec<f32>,
}

impl Tree {
    fn score(&self, row: &[f32]) -> f32 {
        let mut node = 0;
        while !self.feature.is_empty() {
            let low = row[self.feature[node]] <= self.threshold[node];
            let child = if low { self.left[node] } else { self.right[node] };
            match usize::try_from(child) {
                Ok(next) => node = next,
                Err(_) => return self.leaf[(-1 - child) as usize],
            }
        }
        self.leaf.first().copied().unwrap_or_default()
    }
}

fn forest() -> &'static [Tree] {
    static FOREST: OnceLock<Vec<Tree>> = OnceLock::new();
    FOREST.get_or_init(|| {
        let file: File = serde_json::from_str(DATA).unwrap_or_else(|error| panic!("trees.json: {error}"));
        renumber(file)
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
