//! The forms by which shapes are recognised, each with what every line of that form has: the rows of `shapes.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::gates::Gate;
use super::shapes::Shape;
use crate::rules::{Embedded, LazyRegex, table};

const DATA: Embedded = table!("shapes");

/// How lines of one shape are written.
#[derive(Deserialize)]
pub struct Form {
    pub shape: Shape,
    /// Shut to lines that cannot have the form: most, so that the regex is seldom asked.
    #[serde(flatten)]
    pub gate: Gate,
    form: LazyRegex,
}

impl Form {
    /// Returns true if and only if `text` has the form.
    pub fn fits(&self, text: &[u8]) -> bool {
        self.form.is_match(text)
    }
}

#[derive(Deserialize)]
struct File<Row> {
    row: Vec<Row>,
}

/// The form of each shape, in the order of the shapes.
pub static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| DATA.read::<File<Form>>().row);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::shapes::Looks;

    #[derive(Deserialize)]
    struct Lines {
        shape: Shape,
        matches: Vec<String>,
        leaves: Vec<String>,
    }

    #[test]
    fn each_shape_is_that_of_its_lines_and_of_no_others() {
        let mut wrong = Vec::new();
        for Lines { shape, matches, leaves } in DATA.read::<File<Lines>>().row {
            let has = |line: &String| Looks::default().have(line.as_bytes(), shape);
            wrong.extend(
                matches.into_iter().filter(|line| !has(line)).map(|line| (shape, "should take", line)),
            );
            wrong.extend(leaves.into_iter().filter(has).map(|line| (shape, "should leave", line)));
        }
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
