//! Who fell behind first among actors that all count the same steps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Fewer steps are no progress that could be compared.
const STEPS: usize = 3;
/// More lanes than this are not drawn or compared.
const ACTORS: usize = 64;

/// One step of one actor, such as `rank 2 step 18`.
#[derive(Clone, Debug, PartialEq)]
struct Mark {
    line: u64,
    time: Option<i64>,
    progress: u64,
}

/// The steps that actors reported, by the words of the report and by actor.
#[derive(Debug, Default)]
pub struct Progress {
    groups: BTreeMap<(String, String), BTreeMap<u64, Vec<Mark>>>,
}

/// The actor that fell behind first, by its own count of steps, not by the clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Straggler {
    /// Such as `rank 2`.
    pub name: String,
    /// Others at the same step, where the times of their last words tell who stopped first.
    pub with: Vec<String>,
    /// Its last step before the limit, and that of the others.
    pub step: u64,
    pub others: u64,
    /// The line of its last step before the limit.
    pub line: u64,
    /// True if it took a further step after the limit had fired.
    pub came_late: bool,
    /// The limit that fired and when, in nanoseconds, where its line bears a time.
    pub limit: Option<(String, i64)>,
    /// Every actor's name with the times, in nanoseconds, at which it spoke.
    pub lanes: Vec<(String, Vec<i64>)>,
}

impl Progress {
    /// Takes note of a line that names an actor and its step: the first and the last small number
    /// after a word.
    pub fn see(&mut self, line: u64, time: Option<i64>, numbers: &[(String, u64)]) {
        let [(actor, number), .., (step, progress)] = numbers else { return };
        let group = self.groups.entry((actor.clone(), step.clone())).or_default();
        group.entry(*number).or_default().push(Mark { line, time, progress: *progress });
    }

    /// Returns who was behind when the limit named in `limit_line` fired; `None` if nobody or more
    /// than one was.
    pub fn straggler(&self, limit_line: u64) -> Option<Straggler> {
        self.groups
            .iter()
            .filter(|(_, actors)| counts(actors))
            .find_map(|((actor, _), actors)| behind(actor, actors, limit_line))
    }
}

/// Returns true if all actors count the same steps upwards.
fn counts(actors: &BTreeMap<u64, Vec<Mark>>) -> bool {
    let rising = |marks: &Vec<Mark>| marks.is_sorted_by(|a, b| a.progress <= b.progress);
    let steps = |marks: &Vec<Mark>| {
        let mut steps: Vec<u64> = marks.iter().map(|mark| mark.progress).collect();
        steps.dedup();
        steps.len() >= STEPS
    };
    (2..=ACTORS).contains(&actors.len()) && actors.values().all(|marks| rising(marks) && steps(marks))
}

/// Seconds by which one must have spoken before another for it to have stopped first.
const APART: f64 = 0.05;

fn behind(actor: &str, actors: &BTreeMap<u64, Vec<Mark>>, limit_line: u64) -> Option<Straggler> {
    let last = |marks: &'_ [Mark]| marks.iter().rev().find(|mark| mark.line < limit_line).cloned();
    let reached: Vec<(u64, Mark)> =
        actors.iter().filter_map(|(number, marks)| Some((*number, last(marks)?))).collect();
    let least = reached.iter().map(|(_, mark)| mark.progress).min()?;
    let (mut behind, ahead): (Vec<_>, Vec<_>) =
        reached.into_iter().partition(|(_, mark)| mark.progress == least);
    let others = ahead.iter().map(|(_, mark)| mark.progress).min()?;
    if behind.len() + ahead.len() != actors.len() || behind.len() >= ahead.len().max(2) {
        return None;
    }
    behind.sort_by_key(|(_, mark)| mark.time);
    let ((number, mark), with) = behind.split_first()?;
    let is_first = |(_, other): &(u64, Mark)| {
        let apart = other.time.zip(mark.time).map(|(other, own)| (other - own) as f64 / 1e9);
        apart.is_some_and(|seconds| seconds > APART)
    };
    if !with.iter().all(is_first) {
        return None;
    }
    let further = |later: &Mark| later.line > limit_line && later.progress > mark.progress;
    Some(Straggler {
        limit: None,
        name: format!("{actor} {number}"),
        with: with.iter().map(|(number, _)| format!("{actor} {number}")).collect(),
        step: mark.progress,
        others,
        line: mark.line,
        came_late: actors.get(number)?.iter().any(further),
        lanes: actors.iter().map(|(number, marks)| (format!("{actor} {number}"), times(marks))).collect(),
    })
}

fn times(marks: &[Mark]) -> Vec<i64> {
    marks.iter().filter_map(|mark| mark.time).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(steps: &[(u64, u64)]) -> Progress {
        let mut progress = Progress::default();
        for (line, (rank, step)) in (1..).zip(steps) {
            progress.see(
                line,
                Some(line as i64 * 1_000_000_000),
                &[("rank".to_owned(), *rank), ("step".to_owned(), *step)],
            );
        }
        progress
    }

    #[test]
    fn the_one_with_the_fewest_steps_is_the_straggler_not_the_last_to_speak() {
        let steps = [(0, 1), (1, 1), (0, 2), (1, 2), (0, 3), (0, 4), (1, 3), (0, 5), (1, 4)];
        let found = progress(&steps).straggler(8).unwrap();
        assert_eq!((found.name.as_str(), found.step, found.others, found.came_late), ("rank 1", 3, 4, true));
        let stuck = progress(&steps[..8]).straggler(100).unwrap();
        assert!(!stuck.came_late && stuck.line == 7);
        assert_eq!(progress(&steps[..4]).straggler(100), None, "too few steps to tell");
    }

    #[test]
    fn of_two_at_the_same_step_the_one_that_spoke_first_stopped_first() {
        let steps: Vec<(u64, u64)> = (1..=5)
            .flat_map(|step| (0..5).map(move |rank| (rank, step)))
            .filter(|(rank, step)| *step < 5 || ![1, 3].contains(rank))
            .collect();
        let found = progress(&steps).straggler(100).unwrap();
        assert_eq!((found.name.as_str(), found.with), ("rank 1", vec!["rank 3".to_owned()]));
        assert_eq!(progress(&steps[..20]).straggler(100), None, "all at the same step");
    }
}
