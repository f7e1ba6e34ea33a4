//! What it says of the causes how work went on until a limit fired.

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::weights::Weights;
use crate::facts::clues::{Pace, Silence};

/// Share of the limit below which the longest silence shows that work went on.
const GOES_ON: f64 = 0.35;

impl Pace {
    /// Returns what the pace says about the causes that it can tell apart.
    pub fn evidence(&self, source: &str) -> Vec<Evidence> {
        let share = self.silence / self.limit;
        let (name, text) = if self.is_silent() {
            (
                "silent",
                format!("nothing was written for {:.1} s of the {:.1} s allowed", self.silence, self.limit),
            )
        } else if share <= GOES_ON {
            (
                "going",
                format!(
                    "work went on: no silence above {:.1} s of the {:.1} s allowed",
                    self.silence, self.limit
                ),
            )
        } else {
            return Vec::new();
        };
        let place = Some((source.to_owned(), self.since));
        let notice = Notice { family: Family::Pace, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get(name))
    }
}

impl Silence {
    /// Returns what it says about the causes.
    pub fn evidence(&self, source: &str) -> Vec<Evidence> {
        let text = format!("silent for {:.0} min, then it failed", self.seconds / 60.0);
        let place = Some((source.to_owned(), self.since));
        let notice = Notice { family: Family::Pace, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get("long-silence"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures::Cause;

    #[test]
    fn a_silence_as_long_as_the_limit_is_no_slow_work() {
        let pace = |silence| Pace { limit: 10.0, line: 9, silence, since: 3 };
        let weight = |silence, cause: Cause| {
            let all = pace(silence).evidence("a.log");
            all.iter().find(|one| one.cause == cause).map_or(0.0, |one| one.weight)
        };
        assert!(weight(9.8, Cause::Hang) > 0.0 && weight(9.8, Cause::Timeout) < 0.0);
        assert!(weight(0.4, Cause::Timeout) > 0.0 && weight(0.4, Cause::Hang) < 0.0);
        assert!(pace(5.0).evidence("a.log").is_empty(), "neither");
    }
}
