//! What one run was exposed to: its job and commit, and the machines and parts that took part in it.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::named_values;
use super::test_names::is_same;
use super::test_results::TestResult;
use crate::text::lines::{Index, Line};
use crate::text::records::Reader;

words! {
    /// What a value names.
    What {
        Job = "job",
        /// What a step runs: tells runs apart of which no log names the job.
        Command = "command",
        Commit = "commit",
        Repository = "repository",
        Workflow = "workflow",
        Branch = "branch",
        /// What the job says that it uploaded; its reports bear this name.
        Upload = "upload",
        Host = "host",
        Board = "board",
        Chip = "chip",
        Link = "link",
        /// A test; not told by a row but by the verdicts of the test runner.
        Test = "test",
    }
}

/// What one run was exposed to, as far as its log says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    pub source: String,
    /// Nanoseconds: the first time in the log, by which runs are put in order.
    pub began: Option<i64>,
    /// From the first time in the log to the last.
    pub seconds: Option<f64>,
    /// True if the run is known to have passed because somebody gave it as such.
    pub baseline: bool,
    /// The test that failed.
    pub victim: Option<String>,
    /// The tests that ran, in order, where runs are compared.
    pub tests: Vec<TestResult>,
    pub(crate) values: BTreeMap<What, BTreeMap<String, Seen>>,
    /// The tests that ran, each once and in order of names, by number; and whether each is the one that failed. Made when
    /// first asked for: each cluster of a run asks.
    #[serde(skip)]
    pub(crate) ran: OnceLock<Vec<(usize, bool)>>,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// The row that found it; earlier rows are surer.
    row: usize,
    /// The first line, 1-based.
    line: u64,
    /// A line of the failure itself, where the failure names it.
    named: Option<u64>,
}

/// Lines at the beginning of a log in which its job, commit and machine stand.
const HEAD: u64 = 400;
/// Lines before a failure, or before the end of a passing run, in which the parts that took part are
/// looked for.
const BEFORE: u64 = 2000;
/// Lines at the end of a log in which its last time is looked for.
const TAIL: u64 = 20;
/// Lines at the end of a log in which a job says what it uploaded.
const UPLOADS: u64 = 600;
/// Values of one kind that are kept of one log.
const MOST: usize = 256;

impl Exposure {
    /// Reads what the log says; `failure` is the first and the last line of its failure.
    pub fn read(source: &str, index: &Index<'_>, reader: &Reader, failure: Option<(u64, u64)>) -> Self {
        let mut exposure = Self { source: source.to_owned(), ..Self::default() };
        exposure.take_name(source);
        let head: Vec<Line<'_>> = index.range(1, HEAD).collect();
        exposure.began = head.iter().find_map(|line| reader.time(*line));
        exposure.take(&head, reader, failure);
        let end = index.range(index.lines().saturating_sub(TAIL), index.lines());
        let ended = end.filter_map(|line| reader.time(line)).last();
        exposure.seconds = exposure.began.zip(ended).map(|(began, ended)| (ended - began) as f64 / 1e9);
        let tail = index.range(index.lines().saturating_sub(UPLOADS), index.lines());
        exposure.take_uploads(&tail.collect::<Vec<_>>(), reader);
        let (first, last) = failure.unwrap_or((index.lines(), index.lines()));
        let near = index.range(first.saturating_sub(BEFORE).max(HEAD + 1), last.min(first + HEAD));
        exposure.take(&near.collect::<Vec<_>>(), reader, failure);
        exposure
    }

    /// Returns the one value of its kind, with its line; line 0 stands for the name of the source.
    pub fn surest(&self, what: What) -> Option<(&str, u64)> {
        let values = self.values.get(&what)?;
        let (value, seen) = values.iter().min_by_key(|(_, seen)| (seen.row, seen.line))?;
        Some((value, seen.line))
    }

    /// Returns the one value of its kind, the surest if rows found several.
    pub fn one(&self, what: What) -> Option<&str> {
        self.surest(what).map(|(value, _)| value)
    }

    /// Joins what two sources of one run say: the log says where it ran, a report how long each test took.
    pub fn with(mut self, other: Self) -> Self {
        let (more, fewer) = if self.values.is_empty() { (other, self) } else { (self, other) };
        self = Self { ran: OnceLock::new(), ..more };
        self.began = self.began.or(fewer.began);
        self.seconds = self.seconds.or(fewer.seconds);
        self.victim = self.victim.or(fewer.victim);
        if self.tests.is_empty() {
            self.tests = fewer.tests;
            return self;
        }
        let mut seconds: HashMap<&str, Option<f64>> = HashMap::new();
        fewer.tests.iter().for_each(|test| {
            seconds.entry(&test.name).or_insert(test.seconds);
        });
        for test in self.tests.iter_mut().filter(|test| test.seconds.is_none()) {
            test.seconds = seconds.get(test.name.as_str()).copied().flatten();
        }
        self
    }

    /// Returns the job and the host, by which runs are matched.
    pub fn setting(&self) -> (Option<&str>, Option<&str>) {
        (self.one(What::Job), self.one(What::Host))
    }

    /// Returns all values of a kind, each with its line and the line in which the failure names it.
    /// Of a job, a commit and a host that the head names there is one.
    pub fn all(&self, what: What) -> Vec<(&str, u64, Option<u64>)> {
        let values = self.values.get(&what).into_iter().flatten();
        let best = values.clone().map(|(_, seen)| seen.row).min();
        let single = matches!(
            what,
            What::Job | What::Commit | What::Host | What::Repository | What::Workflow | What::Branch
        );
        values
            .filter(|(_, seen)| !single || Some(seen.row) == best)
            .map(|(value, seen)| (value.as_str(), seen.line, seen.named))
            .collect()
    }

    /// Returns the places of a kind that took part in the run, and whether the failure names each.
    pub fn places(&self, what: What) -> Vec<(&str, bool)> {
        if what != What::Test {
            return self.all(what).into_iter().map(|(value, _, named)| (value, named.is_some())).collect();
        }
        let ran = self.ran.get_or_init(|| self.ran());
        ran.iter()
            .filter_map(|(test, is_victim)| Some((self.tests.get(*test)?.name.as_str(), *is_victim)))
            .collect()
    }

    fn ran(&self) -> Vec<(usize, bool)> {
        let is_victim = |name: &str| self.victim.as_deref().is_some_and(|victim| is_same(name, victim));
        let mut tests: Vec<(&str, usize)> = self.tests.iter().map(|ran| ran.name.as_str()).zip(0..).collect();
        tests.sort_unstable();
        tests.dedup_by_key(|(name, _)| *name);
        tests.into_iter().map(|(name, test)| (test, is_victim(name))).collect()
    }

    /// Returns the lines that name what took part.
    pub fn lines(&self) -> impl Iterator<Item = u64> {
        let seen = self.values.values().flat_map(|values| values.values());
        seen.map(|seen| seen.named.unwrap_or(seen.line))
    }

    /// Returns the line that shows a place best: one of the failure, or else the first that names it.
    pub fn line(&self, what: What, value: &str) -> Option<u64> {
        let ran =
            || self.tests.iter().find(|ran| what == What::Test && ran.name == value).map(|ran| ran.line);
        let seen = self.values.get(&what).and_then(|values| values.get(value));
        seen.map(|seen| seen.named.unwrap_or(seen.line)).or_else(ran)
    }

    /// Takes what some lines say.
    fn take(&mut self, lines: &[Line<'_>], reader: &Reader, failure: Option<(u64, u64)>) {
        for (line, is_sought) in lines.iter().zip(named_values::are_sought(lines)) {
            let record = reader.parse(*line);
            let inside = failure.is_some_and(|(first, last)| (first..=last).contains(&line.number));
            let seen = |row| Seen { row, line: line.number, named: inside.then_some(line.number) };
            for named in named_values::of(&record.message, is_sought) {
                if (named.anywhere || line.number <= HEAD) && named.what != What::Upload {
                    self.keep(named.what, named.value, seen(named.row));
                }
            }
            let (actor, seen) = (&record.actor, seen(named_values::rows()));
            actor.host.iter().for_each(|host| self.keep(What::Host, host.clone(), seen));
            actor.device.iter().for_each(|device| self.keep(What::Chip, format!("device {device}"), seen));
        }
    }

    fn take_uploads(&mut self, lines: &[Line<'_>], reader: &Reader) {
        let sought = lines.iter().zip(named_values::are_sought(lines)).filter(|(_, is_sought)| *is_sought);
        for (line, _) in sought {
            let uploads = named_values::of(&reader.message(*line), true).into_iter();
            for named in uploads.filter(|named| named.what == What::Upload) {
                let seen = Seen { row: named.row, line: line.number, named: None };
                self.keep(What::Upload, named.value, seen);
            }
        }
    }

    fn keep(&mut self, what: What, value: String, seen: Seen) {
        let values = self.values.entry(what).or_default();
        if let Some(held) = values.get_mut(&value) {
            held.named = held.named.or(seen.named);
        } else if values.len() < MOST {
            values.insert(value, seen);
        }
    }

    /// Takes the job from the name of an archive's member, as GitHub names it: `run.zip!build/3_test.txt`
    /// and `run.zip!0_build.txt`.
    fn take_name(&mut self, source: &str) {
        let Some((_, member)) = source.rsplit_once('!') else { return };
        let job = match member.split_once('/') {
            Some((folder, _)) => Some(folder),
            None => member.strip_suffix(".txt").and_then(|name| Some(name.split_once('_')?.1)),
        };
        // What a line says is surer: the names of members leave out slashes.
        let seen = Seen { row: named_values::rows(), line: 0, named: None };
        job.into_iter().for_each(|job| self.keep(What::Job, job.to_owned(), seen));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str, text: &str, failure: Option<(u64, u64)>) -> Exposure {
        Exposure::read(source, &Index::new(text.as_bytes()), &Reader::guess(text.as_bytes()), failure)
    }

    #[test]
    fn a_run_has_one_job_and_host_and_many_links() {
        let text =
            "Runner name: 'ci-3'\nMachine name: 'ring-07'\nlink 0: up\nLink #1: up\nlink 1: not trained\n";
        let found = read("run.zip!unit/2_test.txt", text, Some((5, 5)));
        assert_eq!((found.one(What::Job), found.one(What::Host)), (Some("unit"), Some("ring-07")));
        assert_eq!(found.all(What::Host), [("ring-07", 2, None)]);
        assert_eq!(found.all(What::Link), [("link 0", 3, None), ("link 1", 4, Some(5))]);
        assert_eq!(found.all(What::Board), []);
    }

    #[test]
    fn a_host_that_only_a_later_line_names_is_not_the_machine_of_the_job() {
        let text = format!("{}Machine name: 'other'\n", "x\n".repeat(HEAD as usize));
        assert_eq!(read("a.log", &text, None).one(What::Host), None);
    }
}
