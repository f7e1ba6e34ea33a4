//! What was not read of some logs, in one line.

use super::phrases;
use crate::facts::{Bound, Coverage};

/// Says what the bounds left out in which a failure could stand; `None` if they left out nothing of that kind.
pub fn left_out(coverage: &Coverage) -> Option<String> {
    let bounds = coverage.cut.iter().filter_map(|cut| {
        let (noun, of) = match cut.bound {
            Bound::LineBytes => ("byte", " of long lines"),
            Bound::MatchedLines => ("line", " of rare forms"),
            Bound::Forms => ("form", " of lines"),
            Bound::Ends => ("statement", " of an end"),
            Bound::Tests => ("line", " that may tell of tests"),
            Bound::Failures
            | Bound::StepLines
            | Bound::Setup
            | Bound::ExcerptLines
            | Bound::Comparisons
            | Bound::Clues
            | Bound::Candidates => return None,
        };
        Some(format!("{}{of} (more than {})", phrases::count(cut.left_out, noun), cut.at))
    });
    let bounds: Vec<String> = bounds.collect();
    (!bounds.is_empty()).then(|| format!("not read closely: {}; --format json says where", bounds.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_hide_a_failure_is_told() {
        let mut coverage = Coverage::default();
        coverage.cut(Bound::StepLines, 2000, 50_000);
        assert_eq!(left_out(&coverage), None, "runs are compared by what is near their ends");
        coverage.cut(Bound::Forms, 4000, 31);
        coverage.cut(Bound::LineBytes, 1 << 20, 1);
        assert_eq!(
            left_out(&coverage).unwrap(),
            "not read closely: 1 byte of long lines (more than 1048576), 31 forms of lines (more than 4000); \
             --format json says where"
        );
    }
}
