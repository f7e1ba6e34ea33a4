//! What a test says that had no verdict when a limit ended the run: one that ran far longer than others do stood
//! still, and one that had just begun was only the next of a suite that needs more time.

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::weights::Weights;
use crate::facts::clues::OpenTest;

/// Seconds from which an open test may have stood still, and how often the longest passing test it must have taken.
const LONG: f64 = 60.0;
const TIMES: f64 = 10.0;
/// Share of the longest passing test up to which an open one has only begun.
const BEGUN: f64 = 1.0;

impl OpenTest {
    /// Returns what it says about the causes.
    pub fn evidence(&self, source: &str) -> Vec<Evidence> {
        let usual = self
            .longest
            .map_or(String::new(), |longest| format!("; the longest test that passed took {longest:.1} s"));
        let (name, text) = match self.longest {
            _ if self.seconds >= LONG
                && self.longest.is_none_or(|longest| self.seconds >= TIMES * longest) =>
            {
                (
                    "open-test",
                    format!("`{}` began {:.0} s before and has no verdict{usual}", self.name, self.seconds),
                )
            }
            Some(longest) if self.seconds <= BEGUN * longest => {
                ("begun-test", format!("`{}` had begun only {:.1} s before{usual}", self.name, self.seconds))
            }
            _ => return Vec::new(),
        };
        let place = Some((source.to_owned(), self.line));
        let notice = Notice { family: Family::Pace, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures::Cause;

    #[test]
    fn a_test_open_for_long_hangs_and_one_just_begun_is_next_of_a_slow_suite() {
        let weight = |seconds, longest, cause: Cause| {
            let open = OpenTest { name: "push".to_owned(), line: 3, seconds, longest };
            let all = open.evidence("a.log");
            all.iter().find(|one| one.cause == cause).map_or(0.0, |one| one.weight)
        };
        assert!(weight(1800.0, Some(20.0), Cause::Hang) > 0.0 && weight(1800.0, None, Cause::Hang) > 0.0);
        assert!(weight(3.0, Some(20.0), Cause::Timeout) > 0.0 && weight(3.0, Some(20.0), Cause::Hang) < 0.0);
        assert_eq!(weight(100.0, Some(40.0), Cause::Hang), 0.0, "a long test among long ones");
        assert_eq!(weight(3.0, None, Cause::Timeout), 0.0, "nothing to compare with");
    }
}
