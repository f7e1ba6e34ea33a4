//! Groups round leaders: an item joins the group whose first member and next members it is near to, or leads a
//! group of its own. The cost is linear in the items, for any number of them and of groups.

use std::collections::{BTreeSet, HashMap};

/// Groups that one item is compared with at the most: those that share its rarest words.
const COMPARED: usize = 64;
/// Members of a group that a new one must be near to, so that no chain of small steps leads from one failure to
/// another.
const WITNESSES: usize = 8;

/// Groups the items `0..words.len()`, each of which has some words, in the given order. `near` returns how far two
/// items are apart, or `None` where they are not the same failure.
pub(super) fn groups(
    words: &[Vec<&str>],
    mut near: impl FnMut(usize, usize) -> Option<f64>,
) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut leaders = Leaders::default();
    for (item, words) in words.iter().enumerate() {
        let mut close: Vec<(f64, usize)> = leaders
            .like(words)
            .into_iter()
            .filter_map(|group| Some((near(*groups.get(group)?.first()?, item)?, group)))
            .collect();
        close.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let joined = close.into_iter().map(|(_, group)| group).find(|group| {
            let members = groups[*group].iter().skip(1).take(WITNESSES);
            members.copied().all(|member| near(member, item).is_some())
        });
        match joined {
            Some(group) => groups[group].push(item),
            None => {
                groups.push(vec![item]);
                leaders.add(words);
            }
        }
    }
    groups
}

/// The first members of all groups, by their words.
#[derive(Default)]
struct Leaders<'w> {
    count: usize,
    by_word: HashMap<&'w str, Vec<usize>>,
}

impl<'w> Leaders<'w> {
    fn add(&mut self, words: &[&'w str]) {
        let words: BTreeSet<&str> = words.iter().copied().collect();
        for word in words {
            self.by_word.entry(word).or_default().push(self.count);
        }
        self.count += 1;
    }

    /// Returns the groups that an item of these words may belong to: all where there are few, else those that
    /// share its rarest words. Near items share nearly all their words, so what is left out is far.
    fn like(&self, words: &[&str]) -> Vec<usize> {
        if self.count <= COMPARED {
            return (0..self.count).collect();
        }
        let words: BTreeSet<&str> = words.iter().copied().collect();
        let mut lists: Vec<&Vec<usize>> = words.iter().filter_map(|word| self.by_word.get(word)).collect();
        lists.sort_by_key(|groups| groups.len());
        let mut found = BTreeSet::new();
        for group in lists.into_iter().flatten() {
            if found.len() == COMPARED {
                break;
            }
            found.insert(*group);
        }
        found.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_small_steps_is_cut() {
        let places = [0.0, 0.2, 0.4, 0.6, 5.0];
        let near = |a: usize, b: usize| Some(f64::abs(places[a] - places[b])).filter(|far| *far <= 0.3);
        assert_eq!(groups(&vec![Vec::new(); 5], near), vec![vec![0, 1], vec![2, 3], vec![4]]);
        assert!(groups(&[], |_, _| Some(0.0)).is_empty());
    }

    #[test]
    fn the_work_is_linear_whether_all_are_near_or_all_are_far() {
        let work = |count: usize, same: bool| {
            let names: Vec<String> = (0..count).map(|number| format!("w{}", number % 7)).collect();
            let words: Vec<Vec<&str>> = names.iter().map(|name| vec!["common", name.as_str()]).collect();
            let mut calls = 0;
            let groups = groups(&words, |_, _| {
                calls += 1;
                same.then_some(0.0)
            });
            assert_eq!(groups.len(), if same { 1 } else { count });
            calls
        };
        for same in [true, false] {
            let (once, four) = (work(2000, same), work(8000, same));
            assert!(four <= once * 9 / 2, "{once} comparisons for 2,000 and {four} for 8,000");
        }
    }

    #[test]
    fn of_many_groups_the_near_one_is_found_by_its_rare_words() {
        let names: Vec<String> = (0..2000).map(|number| format!("device{number}")).collect();
        let twice = names.iter().chain(&names);
        let words: Vec<Vec<&str>> = twice.map(|name| vec!["cannot", "open", name.as_str()]).collect();
        let found = groups(&words, |a, b| (a % 2000 == b % 2000).then_some(0.0));
        assert_eq!(found.len(), 2000);
        assert!(found.iter().all(|group| group.len() == 2));
    }
}
