//! Lines that hold words of failure and tell of none.

use std::sync::LazyLock;

use serde::Deserialize;

use super::markup::only_tags;
use super::zero_counts::only_zeros;
use crate::rules::{Embedded, Wordings, table};

const DATA: Embedded = table!("asides");

#[derive(Deserialize)]
struct Row {}

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

/// Returns true if and only if `text`, a cleaned line, is of a kind that tells of no failure whatever its words.
pub fn is_aside(text: &[u8]) -> bool {
    TABLE.matches(text).next().is_some() || only_zeros(text) || only_tags(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_lines;

    #[test]
    fn each_row_takes_its_lines_and_leaves_the_others() {
        check_lines(DATA, is_aside);
    }
}
