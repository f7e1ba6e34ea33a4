//! How often a string stands in CI logs, at the most.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Trigrams of printable ASCII, `0` for any digit, that stand 16 times or more in a million bytes: each line holds
/// those whose frequency has this binary logarithm, rounded down. Measured on 100 MB of 2,014 public CI logs, of each
/// 400 kB at the most, on 2026-11-28.
const TRIGRAMS: &str = include_str!("trigrams.txt");

/// Places in a million bytes of what is not in the table, about.
const RARE: u32 = 2;

/// Places in a million bytes of what is too short to be looked up: of an ordinary letter.
const SHORT: u32 = 20_000;

/// By the bytes of the trigram in one number, which is hashed at once.
static LEVELS: LazyLock<FxHashMap<u32, u32>> = LazyLock::new(|| {
    let lines =
        TRIGRAMS.lines().filter_map(|line| Some((line.get(..2)?.trim().parse().ok()?, line.get(3..)?)));
    let trigrams = lines.flat_map(|(level, text): (u32, &str)| {
        text.as_bytes().as_chunks::<3>().0.iter().map(move |trigram| (number(*trigram), level))
    });
    trigrams.collect()
});

/// Returns how often a string stands in a million bytes of a CI log, at the most and roughly: as often as its rarest
/// trigram.
pub fn per_million(string: &[u8]) -> u32 {
    of_trigrams(string).min().unwrap_or(SHORT)
}

/// Returns for each trigram of a string how often it stands in a million bytes of a CI log, roughly.
pub fn of_trigrams(string: &[u8]) -> impl Iterator<Item = u32> {
    let levels = &*LEVELS;
    let level = move |trigram: &[u8; 3]| levels.get(&number(*trigram));
    string.array_windows().map(move |trigram| level(trigram).map_or(RARE, |level| 3 << level >> 1))
}

fn number([first, second, third]: [u8; 3]) -> u32 {
    let digit = |byte: u8| if byte.is_ascii_digit() { b'0' } else { byte };
    u32::from_le_bytes([digit(first), digit(second), digit(third), 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let trigrams: usize = TRIGRAMS.lines().map(|line| (line.len() - 3) / 3).sum();
        assert_eq!(LEVELS.len(), trigrams);
        assert!(TRIGRAMS.lines().all(|line| (line.len() - 3).is_multiple_of(3)), "whole trigrams");
    }

    #[test]
    fn common_words_are_more_frequent_than_rare_ones() {
        for (common, rare) in [
            ("test", "tests_in_ring"),
            ("1.25", "0xffffffff"),
            ("error", "errno"),
            ("ok ", "not ok "),
            ("error", "SIGSEGV"),
            ("e", "error"),
        ] {
            assert!(per_million(common.as_bytes()) > per_million(rare.as_bytes()), "{common} and {rare}");
        }
        assert_eq!(per_million("\u{2717}".as_bytes()), RARE);
    }
}
