//! What the tests of a file of rows hold: each row reads its own lines and leaves others.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::embedded::Embedded;
use super::lazy_regex::LazyRegex;
use super::table::{Asked, File, Wordings, Written};

/// Fails unless every row of a file has an example, matches it, and `finds` says that what the row tells is
/// found in it; and unless no row matches a line under `not`.
pub fn check_examples<Row: DeserializeOwned>(file: Embedded, finds: impl Fn(&Row, &str) -> bool) {
    #[derive(Deserialize)]
    struct Examples {
        #[serde(alias = "example", deserialize_with = "one_or_many")]
        examples: Vec<String>,
        #[serde(default)]
        not: Vec<String>,
    }
    let wordings = Wordings::<Row>::embedded(file);
    assert_eq!(wordings.matches(b"").count(), 0, "a row matches nothing at all");
    let rows = wordings.rows;
    let written: File<Examples> = file.read();
    for ((Asked { pattern, .. }, row), Written { row: lines, .. }) in rows.iter().zip(written.row) {
        let regex = &pattern.regex;
        assert!(pattern.can_be_made(), "{} is no regex", regex.text());
        for example in &lines.examples {
            let matches = pattern.reads(example.trim().as_bytes());
            assert!(matches, "{} does not match {example}", regex.text());
            assert!(finds(row, example), "{} is not found in {example}", regex.text());
        }
        for line in &lines.not {
            assert!(!pattern.reads(line.as_bytes()), "{} matches {line}", regex.text());
        }
    }
}

/// Fails unless every row of a file matches the lines under `matches`, and `takes`, which asks the whole file, takes none
/// of the lines under `leaves`.
pub fn check_lines(file: Embedded, takes: impl Fn(&[u8]) -> bool) {
    #[derive(Deserialize)]
    struct Lines {
        row: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct Row {
        name: String,
        pattern: String,
        matches: Vec<String>,
        leaves: Vec<String>,
    }
    let file: Lines = file.read();
    for row in &file.row {
        let form = LazyRegex::from(row.pattern.clone());
        for line in &row.matches {
            assert!(form.is_match(line.as_bytes()), "{} should take {line}", row.name);
        }
        for line in &row.leaves {
            assert!(!takes(line.as_bytes()), "{} should leave {line}", row.name);
        }
    }
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Written::deserialize(from)? {
        Written::One(example) => vec![example],
        Written::Many(examples) => examples,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[derive(Deserialize)]
    pub struct Row {
        pub name: String,
    }

    /// Two rows; the second with one key more.
    pub fn file(key: &str) -> Embedded {
        let rows = r#"{"row": [
            {"name": "link", "pattern": "link (?P<value>\\d+) ", "example": "link 3 is lost"},
            {KEY"name": "rank", "pattern": "rank (?P<value>\\d+)", "examples": ["rank 1", "rank 2 waits"]}
        ]}"#;
        Embedded::new(rows.replace("KEY", key).leak())
    }

    #[test]
    fn rows_that_read_their_examples_pass() {
        check_examples::<Row>(file(""), |row, example| example.starts_with(&row.name));
    }

    #[test]
    #[should_panic(expected = "matches rank 3")]
    fn a_line_that_a_row_must_not_match_is_told() {
        check_examples::<Row>(file(r#""not": ["rank 3"], "#), |_, _| true);
    }

    #[test]
    #[should_panic(expected = "is not found in link 3")]
    fn an_example_in_which_a_row_finds_nothing_is_told() {
        check_examples::<Row>(file(""), |row, _| row.name == "rank");
    }
}
