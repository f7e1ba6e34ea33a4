//! Know-how kept as data: rows with a regular expression, tried on every line at once.

use regex::{Captures, Regex, RegexSet};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Rows of one file, in its order.
#[derive(Debug)]
pub(super) struct Table<Row> {
    any: RegexSet,
    rows: Vec<(Regex, Row)>,
}

/// A row is its pattern and whatever else the table's own type says.
#[derive(Debug, Deserialize)]
struct Written<Row> {
    pattern: String,
    #[serde(flatten)]
    row: Row,
}

#[derive(Debug, Deserialize)]
#[serde(bound = "Row: DeserializeOwned")]
struct File<Row> {
    row: Vec<Written<Row>>,
}

impl<Row: DeserializeOwned> Table<Row> {
    /// Reads the rows of a TOML file.
    ///
    /// # Errors
    /// If it is not TOML of this form or a pattern is no regular expression.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let file: File<Row> = toml::from_str(text)?;
        let any = RegexSet::new(file.row.iter().map(|written| &written.pattern))?;
        let rows = file.row.into_iter().map(|written| Ok((Regex::new(&written.pattern)?, written.row)));
        Ok(Self { any, rows: rows.collect::<Result<_, regex::Error>>()? })
    }

    /// As [`read`](Self::read), for a file built in; each table's own test shows that it reads.
    pub fn built_in(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|_| Self { any: RegexSet::empty(), rows: Vec::new() })
    }

    /// Returns every row with its pattern.
    #[cfg(test)]
    pub fn rows(&self) -> impl Iterator<Item = &(Regex, Row)> {
        self.rows.iter()
    }

    /// Returns the rows that match, each with what it captured.
    pub fn matches<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (Captures<'t>, &'t Row)> {
        let found = self.any.matches(text).into_iter();
        found.filter_map(move |at| {
            let (pattern, row) = self.rows.get(at)?;
            Some((pattern.captures(text)?, row))
        })
    }
}
