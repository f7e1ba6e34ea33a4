//! Merges overlapping intervals (booked minutes, memory ranges, genome positions) and tests that on
//! random input. A seed is drawn for each run and printed; PROP_SEED repeats a run, PROP_CASES sets its length.

/// A half-open interval of positions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub start: u64,
    pub end: u64,
}

/// Returns the fewest intervals that cover the same positions, in order.
pub fn merge(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.retain(|interval| interval.start < interval.end);
    intervals.sort_by_key(|interval| interval.start);
    let mut merged: Vec<Interval> = Vec::new();
    for interval in intervals {
        match merged.last_mut() {
            Some(last) if interval.start <= last.end => last.end = interval.end,
            _ => merged.push(interval),
        }
    }
    merged
}

/// Returns how many positions the intervals cover.
pub fn covered(intervals: &[Interval]) -> u64 {
    intervals.iter().map(|interval| interval.end - interval.start).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::hash_map::RandomState;
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    const SPAN: u64 = 8_000_000;
    const LONGEST: u64 = 60;

    /// A splitmix64 generator.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ (mixed >> 31)) % limit
        }

        fn intervals(&mut self) -> Vec<Interval> {
            let count = 2 + self.below(10);
            (0..count)
                .map(|_| self.below(SPAN))
                .collect::<Vec<_>>()
                .into_iter()
                .map(|start| Interval { start, end: start + self.below(LONGEST) })
                .collect()
        }
    }

    fn number_from(variable: &str) -> Option<u64> {
        std::env::var(variable).ok()?.parse().ok()
    }

    fn counted_one_by_one(intervals: &[Interval]) -> u64 {
        let positions: HashSet<u64> = intervals.iter().flat_map(|interval| interval.start..interval.end).collect();
        positions.len() as u64
    }

    fn interval(start: u64, end: u64) -> Interval {
        Interval { start, end }
    }

    #[test]
    fn joins_what_overlaps() {
        assert_eq!(merge(vec![interval(5, 9), interval(1, 6)]), vec![interval(1, 9)]);
    }

    #[test]
    fn keeps_what_is_apart() {
        let apart = vec![interval(1, 3), interval(7, 9)];
        assert_eq!(merge(apart.clone()), apart);
    }

    #[test]
    fn merging_keeps_the_covered_positions() {
        let seed = number_from("PROP_SEED").unwrap_or_else(|| RandomState::new().hash_one(0) >> 16);
        let cases = number_from("PROP_CASES").unwrap_or(200);
        eprintln!("property merging_keeps_the_covered_positions: {cases} cases, PROP_SEED={seed}");
        let mut random = Random(seed);
        for case in 0..cases {
            let intervals = random.intervals();
            let merged = merge(intervals.clone());
            assert_eq!(covered(&merged), counted_one_by_one(&intervals), "case {case} of PROP_SEED={seed}: {intervals:?}");
        }
    }
}
