//! How many distinct words in one place prove that the place varies.
//!
//! Measured on the ten open systems of Loghub-2k (2026-11-22); each figure stands on a plateau.

use rustc_hash::FxHashSet;

use super::vocabulary::{Token, VARIABLE, Vocabulary};

/// Distinct plain words from which a place varies.
const WORDS: usize = 4;
/// Distinct identifiers (`net_ctl`, `PopupWindow`), which are names more often than words are.
const IDENTIFIERS: usize = 3;
/// Distinct words for states (`Started`, `Pausing`, `LISTEN`), which tell templates apart.
const STATES: usize = 8;
/// Distinct words that a value in the same place counts for.
const VALUE: usize = 3;
/// Distinct words from which a place varies where the same words vary after the same neighbour.
const SHARED: usize = 2;

/// Returns true if and only if the words met in one place are enough to call the place variable.
pub(super) fn varies(words: &[Token], vocabulary: &Vocabulary) -> bool {
    let (values, plain): (Vec<_>, Vec<_>) = words.iter().partition(|&&word| word == VARIABLE);
    let met = plain.len() + values.len() * VALUE;
    let most = |is_kind: fn(&[u8]) -> bool| {
        2 * plain.iter().filter(|&&&word| is_kind(vocabulary.text(word))).count() >= plain.len()
    };
    let needed = if most(is_state) {
        STATES
    } else if most(is_identifier) {
        IDENTIFIERS
    } else {
        WORDS
    };
    met >= needed
}

/// Returns true if and only if at least two words were met here and half of them are known to vary
/// after the same neighbour in other lines.
pub(super) fn varies_elsewhere(words: &[Token], elsewhere: &FxHashSet<Token>) -> bool {
    let plain = || words.iter().filter(|&&word| word != VARIABLE);
    let met = plain().count();
    met >= SHARED && 2 * plain().filter(|word| elsewhere.contains(word)).count() >= met
}

/// English marks what happened by an ending; programs mark states by capitals.
fn is_state(word: &[u8]) -> bool {
    let ends_with =
        |end: &[u8]| word.len() >= end.len() + 2 && word[word.len() - end.len()..].eq_ignore_ascii_case(end);
    let letters = word.iter().all(u8::is_ascii_alphabetic);
    letters
        && (ends_with(b"ed")
            || ends_with(b"ing")
            || (word.len() >= 3 && word.iter().all(u8::is_ascii_uppercase)))
}

/// A word with something that is no letter, unless it ends like a named constant (`action.SCREEN_ON`).
fn is_identifier(word: &[u8]) -> bool {
    let capitals = word.iter().rev().take_while(|&&byte| byte.is_ascii_uppercase() || byte == b'_').count();
    capitals < 3 && word.iter().any(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic())
}
