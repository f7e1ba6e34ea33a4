//! Positions, kept as stretches: runs of one job mostly lie side by side.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A set of positions, as the first and the last of each stretch; in order and apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Stretches(Vec<(usize, usize)>);

impl Stretches {
    /// Returns true if there is no position.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns true for a position of the set.
    pub fn contains(&self, position: usize) -> bool {
        let before = self.0.partition_point(|(first, _)| *first <= position);
        before.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, last)| position <= *last)
    }

    /// Returns the positions below `end`, in order.
    pub fn below(&self, end: usize) -> impl Iterator<Item = usize> {
        self.0.iter().flat_map(move |&(first, last)| first..end.min(last.saturating_add(1)))
    }
}

impl FromIterator<usize> for Stretches {
    fn from_iter<I: IntoIterator<Item = usize>>(positions: I) -> Self {
        let mut positions: Vec<usize> = positions.into_iter().collect();
        positions.sort_unstable();
        let mut stretches: Vec<(usize, usize)> = Vec::new();
        for position in positions {
            match stretches.last_mut() {
                Some((_, last)) if position <= last.saturating_add(1) => *last = position,
                _ => stretches.push((position, position)),
            }
        }
        Self(stretches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_what_went_in() {
        for positions in [vec![], vec![3], vec![5, 4, 9, 4], vec![0, 1, 2, 7, 8, 20]] {
            let set: Stretches = positions.iter().copied().collect();
            let kept: Vec<usize> = (0..30).filter(|position| set.contains(*position)).collect();
            let mut sorted = positions.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(kept, sorted);
            assert_eq!(set.below(30).collect::<Vec<_>>(), sorted);
            assert_eq!(set.below(5).collect::<Vec<_>>().len(), sorted.iter().filter(|one| **one < 5).count());
        }
    }

    #[test]
    fn a_document_that_names_an_endless_stretch_costs_nothing() {
        let set: Stretches = serde_json::from_str(&format!("[[0,{}]]", usize::MAX)).unwrap();
        assert!(set.contains(usize::MAX) && set.below(3).count() == 3);
    }
}
