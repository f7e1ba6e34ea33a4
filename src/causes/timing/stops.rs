//! Where runs that fell silent stopped: a resource that never comes stops them at one place, the chance of
//! who runs first at any.

use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::weights::Weights;
use crate::clusters::Occurrence;
use crate::rules::captured;

/// Runs below which their places say nothing.
const LEAST: usize = 4;
/// Share of the runs that stopped where no other did, from which they stop anywhere.
const ANYWHERE: f64 = 0.7;

/// How far each run of one failure had come.
#[derive(Clone, Debug, PartialEq)]
pub struct Stops {
    /// Of as many steps, ascending.
    done: Vec<u64>,
    of: u64,
    /// The first log and the line that tells it.
    place: (String, u64),
}

/// Returns how far the runs had come, where the failure's message tells it of enough of them in the same
/// steps.
pub fn stops(occurrences: &[&Occurrence]) -> Option<Stops> {
    let first = occurrences.iter().find(|occurrence| occurrence.rank == 1)?;
    let (_, of) = progress(&first.event.message)?;
    let first_of_runs = occurrences.iter().filter(|occurrence| occurrence.rank == 1);
    let progress_of = first_of_runs.filter_map(|occurrence| progress(&occurrence.event.message));
    let mut done: Vec<u64> = progress_of.filter(|(_, steps)| *steps == of).map(|(done, _)| done).collect();
    done.sort_unstable();
    let place = (first.source.clone(), first.event.headline);
    (done.len() >= LEAST).then_some(Stops { done, of, place })
}

/// Returns what a message tells of the steps done and of all steps, as `31 of 120` does.
fn progress(message: &str) -> Option<(u64, u64)> {
    static PROGRESS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u)\b(?P<done>\d{1,15}) ?(?:of|/|out of) ?(?P<of>\d{1,15})\b").ok());
    let found = PROGRESS.as_ref()?.captures(message.as_bytes())?;
    let number = |name| captured(&found, name)?.parse::<u64>().ok();
    number("done").zip(number("of")).filter(|(done, of)| done <= of)
}

impl Stops {
    /// Returns what the places say; nothing where they are neither one nor all different.
    pub fn evidence(&self) -> Vec<Evidence> {
        let mut places = self.done.clone();
        places.dedup();
        let (name, text) = match places.as_slice() {
            [one] => ("stops-there", format!("all {} runs stopped at {one} of {}", self.done.len(), self.of)),
            many if many.len() as f64 >= ANYWHERE * self.done.len() as f64 => {
                let shown: Vec<String> = many.iter().map(u64::to_string).collect();
                ("stops-anywhere", format!("each run stopped elsewhere: {} of {}", shown.join(", "), self.of))
            }
            _ => return Vec::new(),
        };
        let place = Some(self.place.clone());
        let notice =
            Notice { family: Family::Stops, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures::Cause;

    fn weight(done: &[u64], cause: Cause) -> f64 {
        let stops = Stops { done: done.to_vec(), of: 120, place: ("a.log".to_owned(), 1) };
        stops.evidence().iter().find(|one| one.cause == cause).map_or(0.0, |one| one.weight)
    }

    #[test]
    fn chance_stops_runs_anywhere_and_a_missing_thing_at_one_place() {
        assert!(weight(&[0, 11, 19, 31, 43, 54], Cause::Race) > 0.0);
        assert!(weight(&[31, 31, 31, 31], Cause::Race) < 0.0);
        assert_eq!(weight(&[31, 31, 31, 54], Cause::Race), 0.0, "neither");
    }

    #[test]
    fn steps_are_read_from_the_message() {
        for (message, expected) in [
            ("test did not finish within 3s: 31 of 120 replies after 3.0s", Some((31, 120))),
            ("stuck at 7/64 transfers", Some((7, 64))),
            ("no answer from peer 3", None),
            ("4 of 3", None),
        ] {
            assert_eq!(progress(message), expected, "{message}");
        }
    }
}
