//! Seeds that a log prints, each with the variable that sets it again.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::Place;
use crate::rules::{Wordings, captured, table};

static TABLE: LazyLock<Wordings<Row>> = LazyLock::new(|| Wordings::embedded(table!("seeds")));

/// A seed that a log prints, as the variable that sets it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seed {
    /// Such as `TEST_ORDER_SEED`, or `PYTEST_ADDOPTS` for an option of pytest.
    pub variable: String,
    /// What to put into it: the seed, or an option with it.
    pub value: String,
    /// True if the value goes after what the variable holds already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joins: bool,
    /// True if it sets the order of the tests, whatever else it sets.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub order: bool,
    pub at: Place,
}

#[derive(Debug, Deserialize)]
struct Row {
    variable: Option<String>,
    written: Option<String>,
    #[serde(default)]
    joins: bool,
    #[serde(default)]
    order: bool,
}

/// Returns the seeds that a line prints.
pub fn on_line<'t>(source: &'t str, line: u64, text: &'t str) -> impl Iterator<Item = Seed> + 't {
    TABLE.matches(text.as_bytes()).filter_map(move |(_, row, captures)| {
        let value = captured(&captures, "value")?;
        Some(Seed {
            variable: row.variable.clone().or_else(|| captured(&captures, "variable"))?,
            value: row.written.as_ref().map_or(value.clone(), |written| written.replace("{}", &value)),
            joins: row.joins,
            order: row.order || captures.name("order").is_some(),
            at: Place::new(source, line),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Embedded, check_examples};

    #[test]
    fn every_row_finds_its_examples() {
        const FILE: Embedded = table!("seeds");
        check_examples::<Row>(FILE, |_, example| on_line("a.log", 1, example).count() == 1);
    }

    #[test]
    fn what_orders_tests_is_told_from_what_they_draw() {
        for (text, order) in [
            ("Using --randomly-seed=5", true),
            ("ORDER_SEED=7", true),
            ("SUITE_SHUFFLE_SEED: 7", true),
            ("Randomized with seed 34461", true),
            ("run pytest with --hypothesis-seed=9 to", false),
            ("PYTHONHASHSEED='3405'", false),
        ] {
            let found: Vec<bool> = on_line("a.log", 1, text).map(|seed| seed.order).collect();
            assert_eq!(found, [order], "{text}");
        }
    }

    #[test]
    fn words_that_only_look_like_a_seed_are_none() {
        for text in ["seed=5", "SEEDS=5", "Randomized with seed", "SEED=abc", "TEST_SEED=${SEED}"] {
            assert_eq!(on_line("a.log", 1, text).count(), 0, "{text}");
        }
    }
}
