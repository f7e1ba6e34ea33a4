//! Know-how kept as data: rows with a regular expression, tried on a line all at once.

use regex::bytes::{Captures, Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Rows of one file, in its order.
pub struct Table<Row> {
    any: RegexSet,
    rows: Vec<(Regex, Row)>,
}

#[derive(Deserialize)]
struct Written<Row> {
    pattern: String,
    #[serde(flatten)]
    row: Row,
}

#[derive(Deserialize)]
#[serde(bound = "Row: DeserializeOwned")]
struct File<Row> {
    row: Vec<Written<Row>>,
}

impl<Row: DeserializeOwned> Table<Row> {
    /// Reads a file that is part of this program; the tests read each, so that it cannot be wrong.
    pub fn embedded(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|error| unreachable!("the tests read every row: {error}"))
    }

    fn read(text: &str) -> anyhow::Result<Self> {
        let file: File<Row> = toml::from_str(text)?;
        let any = RegexSetBuilder::new(file.row.iter().map(|row| &row.pattern)).unicode(false).build()?;
        let compiled = |written: Written<Row>| {
            Ok((RegexBuilder::new(&written.pattern).unicode(false).build()?, written.row))
        };
        Ok(Self { any, rows: file.row.into_iter().map(compiled).collect::<Result<_, regex::Error>>()? })
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns the rows that match, each with its position and all that it captured.
    pub fn matches<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (usize, &'t Row, Captures<'t>)> {
        self.any.matches(text).into_iter().flat_map(move |at| {
            let row = self.rows.get(at);
            row.into_iter().flat_map(move |(regex, row)| {
                regex.captures_iter(text).map(move |captures| (at, row, captures))
            })
        })
    }
}

/// Returns what a group captured, as text.
pub fn captured(captures: &Captures<'_>, name: &str) -> Option<String> {
    Some(String::from_utf8_lossy(captures.name(name)?.as_bytes().trim_ascii()).into_owned())
}
