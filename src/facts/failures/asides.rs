//! Lines that hold words of failure and tell of none: the rows of `asides.toml`, and what their structure tells.

use std::sync::LazyLock;

use serde::Deserialize;

use super::markup::only_tags;
use super::zero_counts::only_zeros;
use crate::rules::{Embedded, Wordings, table};

const DATA: Embedded = table!("asides");

#[derive(Deserialize)]
struct Row {
    /// True if the line adds to a failure that other lines tell.
    #[serde(default)]
    advice: bool,
}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Returns true if and only if `text`, a cleaned line, is of a kind that tells of no failure whatever its words.
pub fn is_aside(text: &[u8]) -> bool {
    TABLE.fitting(text).any(|row| !row.advice) || by_structure(text)
}

/// Returns true if and only if `text` is an aside, or only advises, notes or warns.
pub fn is_harmless(text: &[u8]) -> bool {
    TABLE.fitting(text).next().is_some() || by_structure(text)
}

fn by_structure(text: &[u8]) -> bool {
    only_zeros(text) || only_tags(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_lines;

    #[test]
    fn each_row_takes_its_lines_and_leaves_the_others() {
        check_lines(DATA, is_harmless);
    }

    #[test]
    fn advice_is_harmless_and_no_aside() {
        for (line, aside, harmless) in [
            ("See the error messages above", false, true),
            ("(node:7) UnhandledPromiseRejectionWarning: Error: torn", false, false),
            ("No errors", true, true),
        ] {
            assert_eq!(
                (is_aside(line.as_bytes()), is_harmless(line.as_bytes())),
                (aside, harmless),
                "{line}"
            );
        }
    }
}
