//! Lists of any length have one template: repeats that hold nothing but values become one.

use super::vocabulary::{BAR, BLANK, CLOSE, COLON, COMMA, OPEN, Token, VARIABLE};

/// Tokens in the longest group whose repeats are one list entry each.
const LONGEST_GROUP: usize = 12;

/// Returns `tokens` with every run of values, and every repeated group that holds a value, kept once.
///
/// `<*>, <*> <*>` becomes `<*>`; `<*> (<*>)`, the same quantity told twice, becomes `<*>`; and
/// `<*> <ok> <*> <ok>` becomes `<*> <ok>`.
pub(super) fn collapse(tokens: impl IntoIterator<Item = Token>) -> Vec<Token> {
    let mut kept = Vec::new();
    for token in tokens {
        kept.push(token);
        while let Some(drop) = repeated(&kept) {
            kept.truncate(kept.len() - drop);
        }
    }
    kept
}

/// Returns how many tokens at the end say nothing that those before them do not.
fn repeated(tokens: &[Token]) -> Option<usize> {
    match tokens {
        [.., VARIABLE, VARIABLE] => Some(1),
        [.., VARIABLE, BLANK | COLON | COMMA | BAR, VARIABLE] => Some(2),
        [.., VARIABLE, COMMA, BLANK, VARIABLE] => Some(3),
        [.., VARIABLE, BLANK, OPEN, CLOSE] => Some(3),
        [.., VARIABLE, BLANK, OPEN, VARIABLE, CLOSE] => Some(4),
        _ => (2..=LONGEST_GROUP.min(tokens.len() / 2)).find(|&length| is_repeat(tokens, length)),
    }
}

fn is_repeat(tokens: &[Token], length: usize) -> bool {
    let (before, last) = tokens.split_at(tokens.len() - length);
    before.ends_with(last) && last.contains(&VARIABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORD: Token = 99;

    #[test]
    fn lists_are_one_value() {
        for (tokens, expected) in [
            (vec![], vec![]),
            (vec![VARIABLE, BLANK, VARIABLE, COMMA, VARIABLE, COMMA, BLANK, VARIABLE], vec![VARIABLE]),
            (
                vec![VARIABLE, BLANK, OPEN, VARIABLE, BLANK, VARIABLE, CLOSE, BLANK, WORD],
                vec![VARIABLE, BLANK, WORD],
            ),
            (vec![VARIABLE, WORD, VARIABLE, WORD, VARIABLE, WORD], vec![VARIABLE, WORD]),
            (vec![WORD, BLANK, WORD, BLANK], vec![WORD, BLANK, WORD, BLANK]),
        ] {
            assert_eq!(collapse(tokens.iter().copied()), expected, "{tokens:?}");
        }
    }
}
