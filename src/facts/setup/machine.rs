//! The parts of a machine and their versions that a log names.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::facts::Place;
use crate::rules::{Wordings, captured, table};

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(table!("hardware")));

#[derive(Debug, Deserialize)]
struct Row {
    list: List,
    what: String,
}

/// What sort of thing a value names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum List {
    /// An operating system or an image.
    Images,
    /// A board, an architecture or a processor.
    Hardware,
    Versions,
}

/// A part of the machine, or its version, that a log names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Part {
    pub list: List,
    pub what: String,
    pub value: String,
    pub at: Place,
}

/// Returns the parts that a line names.
pub fn on_line<'t>(source: &'t str, line: u64, text: &'t str) -> impl Iterator<Item = Part> + 't {
    TABLE.matches(text.trim_start().as_bytes()).filter_map(move |(_, row, captures)| {
        let value = captured(&captures, "value")?;
        Some(Part { list: row.list, what: row.what.clone(), value, at: Place::new(source, line) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_examples;

    #[test]
    fn every_row_finds_its_example() {
        check_examples::<Row>(table!("hardware"), |row, example| {
            on_line("x", 1, example).any(|part| part.what == row.what)
        });
    }
}
