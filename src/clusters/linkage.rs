//! Complete linkage: groups in which every two members are near one another, so that no chain of
//! small steps leads from one failure to another.

/// Groups the items `0..count` by their distances. Merges the two nearest groups while the
/// farthest of their members are at most `threshold` apart; of equal distances the first items'.
pub fn groups(count: usize, threshold: f64, distance: impl Fn(usize, usize) -> f64) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = (0..count).map(|item| vec![item]).collect();
    let mut far: Vec<Vec<f64>> =
        (0..count).map(|a| (0..count).map(|b| distance(a.min(b), a.max(b))).collect()).collect();
    while let Some((a, b)) = nearest(&far, threshold) {
        let moved = groups.remove(b);
        groups[a].extend(moved);
        let others = far.remove(b);
        for row in &mut far {
            row.remove(b);
        }
        let others: Vec<f64> =
            others.into_iter().enumerate().filter(|(at, _)| *at != b).map(|(_, far)| far).collect();
        for (at, other) in others.into_iter().enumerate() {
            let farthest = far[a][at].max(other);
            far[a][at] = farthest;
            far[at][a] = farthest;
        }
    }
    groups
}

fn nearest(far: &[Vec<f64>], threshold: f64) -> Option<(usize, usize)> {
    let pairs = (0..far.len()).flat_map(|a| (a + 1..far.len()).map(move |b| (a, b)));
    pairs
        .filter(|&(a, b)| far[a][b] <= threshold)
        .min_by(|x, y| far[x.0][x.1].total_cmp(&far[y.0][y.1]).then(x.cmp(y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_small_steps_is_cut() {
        let places = [0.0, 0.2, 0.4, 0.6, 5.0];
        let found = groups(places.len(), 0.3, |a, b| f64::abs(places[a] - places[b]));
        assert_eq!(found, vec![vec![0, 1], vec![2, 3], vec![4]]);
        assert!(groups(0, 0.3, |_, _| 0.0).is_empty());
    }
}
