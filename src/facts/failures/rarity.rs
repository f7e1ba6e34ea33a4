//! Lines that say what few others say, whatever their numbers.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use crate::text::lines::Line;

/// Lines after which repeats are passed over, and how often one is taken nevertheless.
const PATIENCE: u32 = 300;
const REPEATS: u32 = 3;

/// Lines that are handed out at the most as the rarest.
const MOST: usize = 2000;

/// Returns the lines that do not say again what others said before.
pub fn fresh<'a>(lines: impl Iterator<Item = Line<'a>>) -> impl Iterator<Item = Line<'a>> {
    let (mut looked, mut said) = (0, Said::default());
    lines.filter(move |line| {
        looked += 1;
        said.again(gist(line.bytes)) <= REPEATS || looked <= PATIENCE
    })
}

/// Returns the lines, those first that say what the fewest others say, and of as rare ones the last first.
pub fn rarest<'a>(lines: Vec<Line<'a>>) -> impl Iterator<Item = Line<'a>> {
    let gists: Vec<u64> = lines.iter().map(|line| gist(line.bytes)).collect();
    let mut said = Said::default();
    for gist in &gists {
        said.again(*gist);
    }
    let mut order: Vec<(u32, u64, Line<'a>)> =
        lines.into_iter().zip(gists).rev().map(|(line, gist)| (said.times(gist), gist, line)).collect();
    order.sort_by_key(|(times, ..)| *times);
    let mut taken = Said::default();
    let rare = order.into_iter().filter(move |(_, gist, _)| taken.again(*gist) <= REPEATS);
    rare.map(|(_, _, line)| line).take(MOST)
}

/// How often each gist was seen.
#[derive(Default)]
struct Said(FxHashMap<u64, u32>);

impl Said {
    /// Counts a gist: how often it was seen by now.
    fn again(&mut self, gist: u64) -> u32 {
        let times = self.0.entry(gist).or_default();
        *times += 1;
        *times
    }

    fn times(&self, gist: u64) -> u32 {
        self.0.get(&gist).copied().unwrap_or_default()
    }
}

/// Returns the same number for lines of the same words; what has a digit in it is no word.
fn gist(line: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    let words = line.split(|byte| !byte.is_ascii_alphanumeric());
    words.filter(|word| !word.iter().any(u8::is_ascii_digit)).for_each(|word| hasher.write(word));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines::split;

    #[test]
    fn words_tell_lines_apart_and_numbers_do_not() {
        assert_eq!(gist(b"link 3 at 0x1f failed"), gist(b"link 14 at 0xab2 failed"));
        assert_ne!(gist(b"link 3 failed"), gist(b"chip 3 failed"));
    }

    #[test]
    fn what_is_said_once_comes_before_what_is_said_often() {
        let log =
            format!("{}chip gone\n{}ring torn\n", "link 3 failed\n".repeat(9), "probe 7 missed\n".repeat(2));
        let found: Vec<u64> = rarest(split(log.as_bytes()).collect()).map(|line| line.number).collect();
        assert_eq!(found, [13, 10, 12, 11, 9, 8, 7], "each at most three times, the last first");
    }
}
