//! A masked line as tokens, with the values that only their neighbours give away.

use super::collapse::collapse;
use super::pieces::pieces;
use super::vocabulary::{
    BLANK, CLOSE_BRACE, COLON, EQUALS, LESS, OPEN_BRACE, QUOTE, Token, VARIABLE, Vocabulary,
};

/// The names of days and months as dates write them.
const CALENDAR: &str = "Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
/// The zones that follow a time of day.
const ZONES: &str = "UTC GMT CET CEST EST EDT CST CDT MST MDT PST PDT";
/// Words for an absent value after `=`.
const ABSENT: &str = "null nil None";
/// Units of time and size in small letters; with its number a unit is one value.
const UNITS: &str = "kb mb gb tb kib mib gib tib byte bytes ns nsec nanoseconds us usec microseconds ms msec msecs \
    milliseconds sec secs second seconds min mins minute minutes hour hours day days";
/// Units of one letter, which is a word of its own in the other case.
const LETTER_UNITS: [&[u8]; 4] = [b"B", b"s", b"m", b"h"];

/// Returns the tokens of `masked`, lists collapsed.
pub(super) fn shape(masked: &[u8], vocabulary: &mut Vocabulary) -> Vec<Token> {
    let mut tokens: Vec<Token> = pieces(masked).map(|piece| vocabulary.number(piece)).collect();
    for position in 0..tokens.len() {
        if is_value_here(&tokens, position, vocabulary) {
            tokens[position] = VARIABLE;
        }
    }
    collapse(without_units(&without_nested_values(&tokens, vocabulary), vocabulary))
}

/// Returns true if and only if the token is part of a date, the host before a port, or an absent value.
fn is_value_here(tokens: &[Token], position: usize, vocabulary: &Vocabulary) -> bool {
    let (before, after) = (&tokens[..position], &tokens[position + 1..]);
    let text = vocabulary.text(tokens[position]);
    let is_one_of = |names: &str| is_in(names, text);
    match (before, after) {
        (_, [BLANK, next, ..]) if is_one_of(CALENDAR) => {
            *next == VARIABLE || is_in(CALENDAR, vocabulary.text(*next))
        }
        (_, [COLON, VARIABLE, ..]) if vocabulary.is_word(tokens[position]) => text.contains(&b'.'),
        ([.., VARIABLE, BLANK], _) => is_one_of(ZONES),
        ([.., EQUALS] | [.., EQUALS, BLANK], _) => is_one_of(ABSENT),
        _ => false,
    }
}

/// Returns true if and only if `word` is one of the blank-separated `words`.
fn is_in(words: &str, word: &[u8]) -> bool {
    words.split(' ').any(|known| known.as_bytes() == word)
}

/// Returns the tokens with `="…"` and `=Name{…}` as `=` and one value.
fn without_nested_values(tokens: &[Token], vocabulary: &Vocabulary) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let [first, after @ ..] = rest {
        kept.push(*first);
        rest = after;
        if *first == EQUALS
            && let Some(length) = nested_length(after, vocabulary)
        {
            kept.push(VARIABLE);
            rest = &after[length..];
        }
    }
    kept
}

fn nested_length(tokens: &[Token], vocabulary: &Vocabulary) -> Option<usize> {
    match tokens {
        [QUOTE, quoted @ ..] => Some(quoted.iter().position(|&token| token == QUOTE)? + 2),
        [name, OPEN_BRACE, ..] if vocabulary.is_word(*name) => {
            let mut depth = 0;
            let end = tokens.iter().position(|&token| {
                depth += i32::from(token == OPEN_BRACE) - i32::from(token == CLOSE_BRACE);
                token == CLOSE_BRACE && depth == 0
            })?;
            Some(end + 1)
        }
        _ => None,
    }
}

/// Returns the tokens with a number and its unit, and the `<` of "less than", as one value.
fn without_units(tokens: &[Token], vocabulary: &Vocabulary) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let [first, after @ ..] = rest {
        rest = after;
        if let (VARIABLE, [BLANK, unit, after_unit @ ..]) = (*first, after)
            && is_unit(vocabulary.text(*unit))
        {
            if kept.last() == Some(&LESS) {
                kept.pop();
            }
            rest = after_unit;
        }
        kept.push(*first);
    }
    kept
}

fn is_unit(text: &[u8]) -> bool {
    LETTER_UNITS.contains(&text) || UNITS.split(' ').any(|unit| unit.as_bytes().eq_ignore_ascii_case(text))
}
