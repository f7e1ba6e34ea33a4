//! Lines with which a build concludes: the rows of `conclusions.toml`.

use std::sync::LazyLock;

use regex::bytes::Captures;
use serde::Deserialize;

use crate::rules::{Embedded, LazyRegex, Wordings, table};

/// The table as it is written; its head tells what the keys mean.
const DATA: Embedded = table!("conclusions");

/// What a build says when it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    SumsUp,
    SaysWhy,
}

#[derive(Deserialize)]
struct Row {
    means: Conclusion,
    no_reason: Option<LazyRegex>,
}

impl Row {
    /// Returns true if and only if what was captured is no reason.
    fn is_excepted(&self, captures: &Captures<'_>) -> bool {
        let no_reason = self.no_reason.as_ref().zip(captures.name("why"));
        no_reason.is_some_and(|(no_reason, why)| no_reason.is_match(why.as_bytes()))
    }
}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Returns what the line concludes, if it does.
pub fn conclusion(text: &[u8]) -> Option<Conclusion> {
    let (_, row, _) = TABLE.matches(text).find(|(_, row, captures)| !row.is_excepted(captures))?;
    Some(row.means)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_examples;

    #[test]
    fn each_row_reads_its_lines_and_no_others() {
        check_examples::<Row>(DATA, |row, example| conclusion(example.as_bytes()) == Some(row.means));
        let table: serde_json::Value = DATA.read();
        let rows = table["row"].as_array().unwrap().iter();
        for line in rows.filter_map(|row| row.get("points")?.as_array()).flatten() {
            assert_eq!(conclusion(line.as_str().unwrap().as_bytes()), None, "{line}");
        }
    }
}
