//! What lines name: jobs, commits, machines and their parts.
//!
//! Knows the rows of `environment.toml`. Must not know where in a log a line stands.

use std::sync::LazyLock;

use memchr::memchr;
use regex::bytes::Captures;
use serde::Deserialize;

use super::environment::What;
use crate::rules::{Embedded, Wordings, captured, table};
use crate::text::lines::{Folded, Line, Literals};

/// What a line names.
pub struct NamedValue {
    /// The row that finds it; earlier rows are surer.
    pub row: usize,
    pub what: What,
    /// True if it may stand anywhere in a log, and not only at its head.
    pub anywhere: bool,
    /// In one spelling.
    pub value: String,
}

#[derive(Debug, Deserialize)]
struct Row {
    what: What,
    #[serde(default)]
    context: bool,
}

const TEXT: Embedded = table!("environment");

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(TEXT));

/// What finds the lines that rows may match, but for rows that match by their form alone.
static SOUGHT: LazyLock<Literals> = LazyLock::new(|| Literals::new(&TABLE.folded_literals()));

/// Returns how many rows there are.
pub fn rows() -> usize {
    TABLE.len()
}

/// Returns of each of some lines whether a row may match it that needs a string.
pub fn are_sought(lines: &[Line<'_>]) -> Vec<bool> {
    // What wraps a line may write its letters in another way.
    let mut sought: Vec<bool> = lines.iter().map(|line| memchr(b'\\', line.bytes).is_some()).collect();
    Folded::of(lines).each_line(&SOUGHT, |at, _| sought.get_mut(at).into_iter().for_each(|is| *is = true));
    sought
}

/// Returns what a message names; `is_sought` says whether rows may match it that need a string.
pub fn of(message: &[u8], is_sought: bool) -> Vec<NamedValue> {
    let text = message.trim_ascii();
    let named = |(row, Row { what, context }, captures): (usize, &Row, Captures<'_>)| {
        let value = what.normal(captured(&captures, "value")?);
        Some(NamedValue { row, what: *what, anywhere: *context, value })
    };
    match is_sought {
        true => TABLE.matches(text).filter_map(named).collect(),
        false => TABLE.matches_unsought(text).filter_map(named).collect(),
    }
}

impl What {
    /// Returns the value in one spelling; names are kept as they are.
    fn normal(self, value: String) -> String {
        let is_part = matches!(self, Self::Board | Self::Chip | Self::Link);
        if is_part { normal(&value) } else { value }
    }
}

/// Returns the value in one spelling: `Link #3` and `link 3` are the same.
fn normal(value: &str) -> String {
    match value.split_once(|letter: char| letter.is_whitespace() || matches!(letter, '#' | '=' | ':')) {
        Some((word, number)) if word.chars().all(|letter| letter.is_ascii_alphabetic()) => {
            let number = number.trim_matches(|letter: char| !letter.is_alphanumeric());
            format!("{} {}", word.to_ascii_lowercase(), number.to_ascii_lowercase())
        }
        _ => value.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_examples;
    use crate::text::lines::split;

    #[test]
    fn every_row_finds_its_example() {
        check_examples::<Row>(TEXT, |row, example| {
            let lines: Vec<Line<'_>> = split(example.as_bytes()).collect();
            let found = of(example.as_bytes(), are_sought(&lines) == [true]);
            found.iter().any(|named| named.what == row.what)
        });
    }

    #[test]
    fn parts_of_a_machine_have_one_spelling() {
        for (line, expected) in
            [("Link #3: up", "link 3"), ("link 3: not trained", "link 3"), ("LINK=03", "link 03")]
        {
            let found = of(line.as_bytes(), true);
            assert_eq!(
                found.iter().map(|named| named.value.as_str()).collect::<Vec<_>>(),
                [expected],
                "{line}"
            );
        }
    }
}
