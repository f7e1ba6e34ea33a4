//! A file of rows, each with a regular expression, tried on a line all at once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use memchr::memmem::Finder;
use regex::bytes::{Captures, Regex};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::automaton::Automaton;
use super::embedded::Embedded;
use super::lazy_regex::LazyRegex;
use super::literals::{required, required_as_written, without_longer};
use super::pattern::Pattern;
use super::sketch::Sketch;

/// The rows of one file, in its order.
#[derive(Debug)]
pub struct Wordings<Row> {
    /// Made when the first line is asked for.
    held: OnceLock<Held>,
    pub(super) rows: Vec<(Asked, Row)>,
}

/// Which rows a text may match, by the strings that it holds: a set of very many patterns, tried as one, runs out of
/// room for what it remembers and becomes a hundred times slower.
#[derive(Debug)]
struct Held {
    strings: Automaton,
    /// For each string the rows that match no text without one of theirs.
    rows: Vec<Vec<usize>>,
    /// The rows without such strings.
    others: Vec<usize>,
}

impl Held {
    fn by<Row>(rows: &[(Asked, Row)]) -> Self {
        let (mut strings, mut others) = (BTreeMap::<Vec<u8>, Vec<usize>>::new(), Vec::new());
        for (row, (Asked { pattern, .. }, _)) in rows.iter().enumerate() {
            match required(pattern.regex.text()) {
                Ok(found) => {
                    found.into_iter().for_each(|string| strings.entry(string).or_default().push(row))
                }
                Err(_) => others.push(row),
            }
        }
        let (strings, rows): (Vec<_>, Vec<_>) = strings.into_iter().unzip();
        Self { strings: Automaton::new(&strings), rows, others }
    }

    /// Returns the rows that may match a text, in order.
    fn rows(&self, text: &[u8]) -> Vec<usize> {
        let mut rows = self.others.clone();
        self.strings.each_hit(text, |string, _| rows.extend(self.rows.get(string).into_iter().flatten()));
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// What a line must be to be read by a row.
#[derive(Debug)]
pub(super) struct Asked {
    /// What the line as stored must hold.
    behind: Option<Finder<'static>>,
    pub(super) pattern: Pattern,
}

/// A row is its pattern and whatever else the type of the rows says.
#[derive(Deserialize)]
pub(super) struct Written<Row> {
    pattern: LazyRegex,
    /// A string that the line as stored must hold, in front of the text that the pattern is tried on.
    behind: Option<String>,
    /// A regex that fits no text that the row reads.
    unless: Option<LazyRegex>,
    #[serde(flatten)]
    pub(super) row: Row,
}

#[derive(Deserialize)]
#[serde(bound = "Row: DeserializeOwned")]
pub(super) struct File<Row> {
    pub(super) row: Vec<Written<Row>>,
}

impl<Row: DeserializeOwned> Wordings<Row> {
    /// Reads a file that is part of this program; `check_examples` shows in a test that it can be read.
    pub fn embedded(file: Embedded) -> Self {
        let file: File<Row> = file.read();
        let row = |Written { pattern: regex, behind, unless, row }: Written<Row>| {
            let behind = behind.map(|behind| Finder::new(&behind).into_owned());
            (Asked { behind, pattern: Pattern { regex, unless } }, row)
        };
        Self { held: OnceLock::new(), rows: file.row.into_iter().map(row).collect() }
    }

    /// Returns strings, in their own case, of which every line that a row reads holds one, derived from the
    /// patterns.
    ///
    /// # Errors
    /// Names the rows of which no such strings can be derived.
    pub fn literals(&self) -> Result<Vec<String>, String> {
        let strings = self.strings()?.into_keys().map(String::into_bytes).collect();
        let fewest = without_longer(strings).into_iter();
        Ok(fewest.map(|string| String::from_utf8_lossy(&string).into_owned()).collect())
    }

    /// Returns strings in lower case of which every text holds one, in whatever case, that a row matches, but for the rows
    /// of which no such strings can be derived: [`Self::matches_unsought`] asks these.
    pub fn folded_literals(&self) -> Vec<Vec<u8>> {
        let strings =
            self.rows.iter().filter_map(|(Asked { pattern, .. }, _)| required(pattern.regex.text()).ok());
        without_longer(strings.flatten().collect())
    }

    /// Returns what [`Self::literals`] does for each row: strings, each with the rows that read no line without one of theirs.
    ///
    /// # Errors
    /// As [`Self::literals`].
    pub fn strings(&self) -> Result<BTreeMap<String, Vec<usize>>, String> {
        let (mut strings, mut faults) = (BTreeMap::<String, Vec<usize>>::new(), Vec::new());
        for (row, (Asked { behind, pattern }, _)) in self.rows.iter().enumerate() {
            let required = match behind {
                Some(behind) => Ok(vec![behind.needle().to_vec()]),
                None => required_as_written(pattern.regex.text()),
            };
            for string in required.unwrap_or_else(|fault| {
                faults.push(fault);
                Vec::new()
            }) {
                strings.entry(String::from_utf8_lossy(&string).into_owned()).or_default().push(row);
            }
        }
        if faults.is_empty() { Ok(strings) } else { Err(faults.join("\n")) }
    }

    /// Returns false if a row can match no part of a line, as something is missing.
    pub fn may_match(&self, row: usize, line: &Sketch<'_>) -> bool {
        self.rows.get(row).is_some_and(|(asked, _)| asked.pattern.may_read(line))
    }

    /// Returns the names of the groups of a row's pattern.
    pub fn groups(&self, row: usize) -> impl Iterator<Item = Option<&str>> {
        let regex = self.rows.get(row).and_then(|(asked, _)| asked.pattern.regex.get());
        regex.into_iter().flat_map(Regex::capture_names)
    }

    /// Returns what each row says beside its pattern.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().map(|(_, row)| row)
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns the rows that match, without what they capture.
    pub fn fitting<'s>(&'s self, text: &[u8]) -> impl Iterator<Item = &'s Row> {
        self.that_match(self.held().rows(text), text).map(|(_, (_, row))| row)
    }

    /// Returns the rows that match, each with its position and all that it captured.
    pub fn matches<'s, 't>(
        &'s self,
        text: &'t [u8],
    ) -> impl Iterator<Item = (usize, &'s Row, Captures<'t>)> + use<'s, 't, Row> {
        self.matches_of(self.held().rows(text), text)
    }

    /// Returns the same for a text that holds none of [`Self::folded_literals`].
    pub fn matches_unsought<'s, 't>(
        &'s self,
        text: &'t [u8],
    ) -> impl Iterator<Item = (usize, &'s Row, Captures<'t>)> + use<'s, 't, Row> {
        self.matches_of(self.held().others.clone(), text)
    }

    fn held(&self) -> &Held {
        self.held.get_or_init(|| Held::by(&self.rows))
    }

    fn matches_of<'s, 't>(
        &'s self,
        rows: Vec<usize>,
        text: &'t [u8],
    ) -> impl Iterator<Item = (usize, &'s Row, Captures<'t>)> + use<'s, 't, Row> {
        self.that_match(rows, text).flat_map(move |(at, (asked, row))| {
            let all = asked.pattern.regex.get().map(|regex| regex.captures_iter(text));
            all.into_iter().flatten().map(move |captures| (at, row, captures))
        })
    }

    /// Returns those of some rows that match a text, each with its position.
    fn that_match<'s, 't>(
        &'s self,
        rows: Vec<usize>,
        text: &'t [u8],
    ) -> impl Iterator<Item = (usize, &'s (Asked, Row))> + use<'s, 't, Row> {
        let sketch = Sketch::of(text, rows.len());
        let all = rows.into_iter().filter_map(|at| Some((at, self.rows.get(at)?)));
        all.filter(move |(_, (Asked { pattern, .. }, _))| pattern.may_read(&sketch) && pattern.reads(text))
    }

    /// Returns those of some rows that match the `text` of a line, where the line as stored bears what must stand before
    /// it, each with its position and what it captured first: a pattern may match as often as there are letters.
    pub fn firsts<'s, 't>(
        &'s self,
        rows: impl IntoIterator<Item = usize>,
        text: &'t [u8],
        line: &'t [u8],
    ) -> impl Iterator<Item = (usize, &'s Row, Captures<'t>)> {
        rows.into_iter().filter_map(move |at| {
            let (Asked { behind, pattern }, row) = self.rows.get(at)?;
            let bears = |behind: &Finder<'_>| behind.find(line).is_some();
            let may = behind.as_ref().is_none_or(bears) && pattern.reads(text);
            may.then(|| pattern.regex.get()?.captures(text)).flatten().map(|captures| (at, row, captures))
        })
    }
}

/// Returns what a group captured, as text without blanks at its ends.
pub fn captured(captures: &Captures<'_>, name: &str) -> Option<String> {
    Some(String::from_utf8_lossy(captures.name(name)?.as_bytes().trim_ascii()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::examples::tests::{Row, file};
    use super::*;

    #[test]
    fn all_that_rows_capture_is_returned_in_the_order_of_the_rows() {
        let wordings = Wordings::<Row>::embedded(file(""));
        let found: Vec<(&str, Option<String>)> = wordings
            .matches(b"rank 7, link 3 and link 4 \xff")
            .map(|(_, row, captures)| (row.name.as_str(), captured(&captures, "value")))
            .collect();
        let told = |name, value: &str| (name, Some(value.to_owned()));
        assert_eq!(found, [told("link", "3"), told("link", "4"), told("rank", "7")]);
    }

    #[test]
    fn what_must_stand_before_the_text_is_asked_once_and_the_first_match_counts() {
        let wordings = Wordings::<Row>::embedded(file(r###""behind": "##[error]", "###));
        let found = |line: &str| {
            let firsts = wordings.firsts([0, 1], b"rank 7, rank 8", line.as_bytes());
            firsts.map(|(_, _, captures)| captured(&captures, "value")).collect::<Vec<_>>()
        };
        assert_eq!(found("##[error]rank 7, rank 8"), [Some("7".to_owned())]);
        assert_eq!(found("rank 7, rank 8"), []);
    }
}
