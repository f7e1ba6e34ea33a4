//! The runs that were seen, and by which failures they failed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::facts::Outcome;

/// One run, as it was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenRun {
    /// The id of the run.
    pub run: String,
    /// Marks of its sources: the hash of the input, and the last part of the name. A run that shares one with a later
    /// look is the same run, seen again.
    pub marks: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    pub outcome: Outcome,
    /// The failures that count in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<SeenFailure>,
}

/// A failure in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFailure {
    /// The id of the cluster, and the id of its own signature.
    pub id: String,
    pub exact: String,
    /// Its source and line, by which it is the same failure under other rules.
    pub place: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
}

/// All runs of a store.
#[derive(Debug, Default)]
pub struct SeenRuns {
    /// In the order in which they were first seen. One without marks was seen again elsewhere: taking it out would
    /// move the others.
    runs: Vec<SeenRun>,
    /// Ids of earlier rules, and what they are now.
    pub aliases: BTreeMap<String, String>,
    /// Files that cannot be read.
    pub problems: Vec<Problem>,
    /// The place of the run of each mark.
    by_mark: BTreeMap<String, usize>,
    /// The place of the run that is called so and began then.
    by_start: BTreeMap<(String, String), usize>,
    /// Marks of logs that have grown since, or were written anew by the same run.
    pub(super) outgrown: BTreeSet<String>,
}

impl SeenRuns {
    /// Returns each run once, as it was seen last; in the order in which they were first seen.
    pub fn all(&self) -> impl Iterator<Item = &SeenRun> {
        self.runs.iter().filter(|run| !run.marks.is_empty())
    }

    /// Returns true if this very run was seen, with all that is known of it.
    pub fn holds(&self, run: &SeenRun) -> bool {
        let place = run.marks.first().and_then(|mark| self.by_mark.get(mark));
        place.and_then(|at| self.runs.get(*at)) == Some(run)
    }

    /// Returns true if a log with this mark has grown since, or was written anew by the same run.
    pub fn is_outgrown(&self, mark: &str) -> bool {
        self.outgrown.contains(mark)
    }

    /// Adds a run, or puts it in the place of one that is the same: one that shares a log, or one that is called the same
    /// and began at the same time, whose log has grown since.
    pub fn add(&mut self, run: SeenRun) {
        let mut same: Vec<usize> =
            run.marks.iter().filter_map(|mark| self.by_mark.get(mark).copied()).collect();
        if same.is_empty() {
            same.extend(start(&run).and_then(|start| self.by_start.get(&start).copied()));
        }
        same.sort_unstable();
        same.dedup();
        let before = same.iter().filter_map(|at| self.runs.get(*at)).filter(|held| is_rewritten(held, &run));
        self.outgrown.extend(before.flat_map(|held| held.marks.iter().cloned()));
        for at in &same {
            let Some(held) = self.runs.get_mut(*at) else { continue };
            self.aliases.extend(renamed(held, &run));
            held.marks.clear();
        }
        let place = same.first().copied().unwrap_or(self.runs.len());
        self.by_mark.extend(run.marks.iter().map(|mark| (mark.clone(), place)));
        self.by_start.extend(start(&run).map(|start| (start, place)));
        for mark in &run.marks {
            self.outgrown.remove(mark);
        }
        match self.runs.get_mut(place) {
            Some(held) => *held = run,
            None => self.runs.push(run),
        }
    }

    /// Returns what an id of earlier rules is now.
    pub fn today<'i>(&'i self, id: &'i str) -> &'i str {
        let mut id = id;
        // Each step goes to later rules; a ring would be no name at all.
        for _ in 0..self.aliases.len() {
            match self.aliases.get(id) {
                Some(later) if later != id => id = later,
                _ => break,
            }
        }
        id
    }
}

/// Returns true if this is the same run with other logs than before.
fn is_rewritten(before: &SeenRun, now: &SeenRun) -> bool {
    let shares_a_log = before.marks.iter().any(|mark| now.marks.contains(mark));
    !shares_a_log && start(now).is_some() && start(before) == start(now)
}

/// Digits of the id of a run that is called by the names of its logs.
const OF_NAMES: usize = 12;

/// Returns what a run is called and when it began; `None` where nothing tells the time, and for a run that a CI system
/// has numbered, of which one look may have one log and the next another.
fn start(run: &SeenRun) -> Option<(String, String)> {
    let of_names = run.run.len() == OF_NAMES && run.run.bytes().all(|digit| digit.is_ascii_hexdigit());
    Some((run.run.clone(), run.time.clone()?)).filter(|_| of_names)
}

/// Returns the ids of failures that stand at one place and had another id.
fn renamed(before: &SeenRun, now: &SeenRun) -> Vec<(String, String)> {
    let by_place: BTreeMap<&str, &SeenFailure> =
        now.failures.iter().map(|failure| (failure.place.as_str(), failure)).collect();
    let mut renamed = Vec::new();
    for old in &before.failures {
        let Some(new) = by_place.get(old.place.as_str()) else { continue };
        for (old, new) in [(&old.exact, &new.exact), (&old.id, &new.id)] {
            if old != new {
                renamed.push((old.clone(), new.clone()));
            }
        }
    }
    renamed
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn run(name: &str, marks: &[&str], failures: &[(&str, &str)]) -> SeenRun {
        let failure = |(place, id): &(&str, &str)| SeenFailure {
            id: (*id).to_owned(),
            exact: (*id).to_owned(),
            place: (*place).to_owned(),
            title: "x".to_owned(),
            test: None,
        };
        SeenRun {
            run: name.to_owned(),
            marks: marks.iter().map(|mark| (*mark).to_owned()).collect(),
            job: None,
            commit: None,
            time: None,
            outcome: Outcome::Fail,
            failures: failures.iter().map(failure).collect(),
        }
    }

    pub fn names(seen: &SeenRuns) -> Vec<&str> {
        seen.all().map(|run| run.run.as_str()).collect()
    }

    #[test]
    fn a_log_that_grows_is_one_run_and_one_of_another_time_is_another() {
        let at = |name: &str, time: Option<&str>, mark: &str| SeenRun {
            time: time.map(str::to_owned),
            ..run(name, &[mark], &[])
        };
        const BUILD: &str = "b01d00000001";
        const OTHER: &str = "07e400000002";
        let mut seen = SeenRuns::default();
        let (monday, tuesday) = (Some("2026-03-02T08:00:00Z"), Some("2026-03-03T08:00:00Z"));
        seen.add(at(BUILD, monday, "short"));
        seen.add(at(BUILD, monday, "longer"));
        seen.add(at(BUILD, tuesday, "next"));
        seen.add(at(OTHER, monday, "beside"));
        assert_eq!(names(&seen), [BUILD, BUILD, OTHER]);
        assert!(seen.is_outgrown("short") && !seen.is_outgrown("longer"));
        // Without a time nothing says that it is the same run.
        seen.add(at("da7e1e550000", None, "d1"));
        seen.add(at("da7e1e550000", None, "d2"));
        assert_eq!(seen.all().count(), 5);
        // A shorter log that is put back counts again.
        seen.add(at(BUILD, monday, "short"));
        assert!(!seen.is_outgrown("short") && seen.is_outgrown("longer"));
        assert_eq!(seen.all().count(), 5);
        // The log and the report of one job of a CI system, looked at one after another.
        seen.add(at("38782157821", monday, "log"));
        seen.add(at("38782157821", monday, "report"));
        assert!(!seen.is_outgrown("log"));
    }

    #[test]
    fn a_ring_of_names_ends() {
        let mut seen = SeenRuns::default();
        seen.aliases.insert("a".to_owned(), "b".to_owned());
        seen.aliases.insert("b".to_owned(), "a".to_owned());
        assert!(["a", "b"].contains(&seen.today("a")));
    }
}
