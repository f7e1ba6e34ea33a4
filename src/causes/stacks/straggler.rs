//! What it says of the causes that one actor had fallen behind.

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::weights::Weights;
use crate::facts::clues::Straggler;

impl Straggler {
    /// Returns what a straggler says about the causes.
    pub fn evidence(&self, source: &str) -> Vec<Evidence> {
        let (name, rest) = match self.came_late {
            true => ("came-late", "and went on after the limit: slow, not stuck"),
            false => ("never-came", "and did not go on"),
        };
        let with = match self.with.as_slice() {
            [] => String::new(),
            with => format!(" first, then {},", with.join(" and ")),
        };
        let text = format!(
            "{}{with} stood at step {} when all others were at {} or beyond, {rest}",
            self.name, self.step, self.others
        );
        let place = Some((source.to_owned(), self.line));
        let notice =
            Notice { family: Family::Straggler, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get(name))
    }
}
