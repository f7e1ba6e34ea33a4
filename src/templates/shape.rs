//! A masked line as tokens, with the values that only their neighbours give away.

use super::collapse::collapse;
use super::pieces::pieces;
use super::vocabulary::{
    BLANK, CLOSE_BRACE, COLON, EQUALS, LESS, OPEN_BRACE, QUOTE, Token, VARIABLE, Vocabulary,
};

/// The names of days and months as dates write them.
const CALENDAR: [&str; 19] = [
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
    "Sep", "Oct", "Nov", "Dec",
];
/// The zones that follow a time of day.
const ZONES: [&str; 9] = ["UTC", "GMT", "EST", "EDT", "CST", "CDT", "PST", "PDT", "CET"];
/// Words for an absent value after `=`.
const ABSENT: [&str; 3] = ["null", "nil", "None"];
/// Units of time and size, in small letters; with its number a unit is one value.
const UNITS: [&str; 38] = [
    "b",
    "kb",
    "mb",
    "gb",
    "tb",
    "kib",
    "mib",
    "gib",
    "tib",
    "byte",
    "bytes",
    "ns",
    "nsec",
    "us",
    "usec",
    "ms",
    "msec",
    "msecs",
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "m",
    "min",
    "mins",
    "minute",
    "minutes",
    "h",
    "hour",
    "hours",
    "day",
    "days",
    "microseconds",
    "milliseconds",
    "nanoseconds",
    "k",
    "g",
];

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
    let is_one_of = |names: &[&str]| names.iter().any(|name| name.as_bytes() == text);
    match (before, after) {
        (_, [BLANK, next, ..]) if is_one_of(&CALENDAR) => {
            *next == VARIABLE || CALENDAR.iter().any(|name| name.as_bytes() == vocabulary.text(*next))
        }
        (_, [COLON, VARIABLE, ..]) if vocabulary.is_word(tokens[position]) => text.contains(&b'.'),
        ([.., VARIABLE, BLANK], _) => is_one_of(&ZONES),
        ([.., EQUALS] | [.., EQUALS, BLANK], _) => is_one_of(&ABSENT),
        _ => false,
    }
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
    UNITS.iter().any(|unit| unit.as_bytes().eq_ignore_ascii_case(text))
}
