//! Lines that hold a word of failure and tell of none. They are the rows of `no_failures.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::rules::{Embedded, Wordings, table};

const DATA: Embedded = table!("no_failures");

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(DATA));

#[derive(Deserialize)]
struct Row {}

/// Returns true if and only if the words of a line tell of no failure, though they speak of failing.
pub fn tells_of_none(words: &[u8]) -> bool {
    TABLE.fitting(words).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_lines;

    #[test]
    fn each_row_takes_its_lines_and_leaves_the_others() {
        check_lines(DATA, tells_of_none);
    }
}
