//! What one log shows of how its run was started, and the one pass that reads it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::commands::{self, Command};
use super::machine::{self, Part};
use super::plain::plain;
use super::seeds::{self, Seed};
use super::step_heads::step_head;
use super::variables::{Assignment, Assignments, Variable};
use crate::facts::coverage::{Bound, Coverage};
use crate::facts::failures::Event;
use crate::facts::limits::{self, Limit};
use crate::facts::runners;
use crate::facts::{Place, TestResults};
use crate::text::lines::Index;
use crate::text::records::Reader;

/// What one log shows of how its run was started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// The first and the last line of each head of a step.
    pub heads: Vec<(u64, u64)>,
    /// In the order of their lines, as all lists here.
    pub commands: Vec<Command>,
    pub assignments: Vec<Assignment>,
    /// Limits that lines tell, set and fired.
    pub limits: Vec<Limit>,
    pub seeds: Vec<Seed>,
    /// The machine, its parts and its versions, each as often as a line names it.
    pub machine: Vec<Part>,
    /// The lines of each failure.
    pub failures: Vec<FailureLines>,
    /// What looks like a failure although the run passed.
    pub expected: Vec<(String, Place)>,
    /// When some lines were written, in nanoseconds: those of commands, tests and failures, and the last.
    times: BTreeMap<u64, i64>,
}

/// The lines of a failure as the CI system shows them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FailureLines {
    /// With their 1-based numbers.
    pub lines: Vec<(u64, String)>,
    /// The last line before it that tells what the program did.
    pub progress: Option<(String, Place)>,
}

/// Values of each kind that are kept of one log.
const MOST: usize = 20_000;
/// Lines of one failure that are kept.
const LINES: u64 = 400;
/// Lines before a failure in which progress is looked for.
const BEFORE: u64 = 2000;
/// Lines round one without a time in which a time is looked for.
const NEAR: u64 = 20;
/// Letters that a step needs to mean something.
const LEAST_LETTERS: usize = 5;

impl Setup {
    /// Reads a log; `failures` went wrong in it, or look like that where it `passed`.
    pub(in crate::facts) fn read(
        log: &Log<'_>,
        failures: &[Event],
        passed: bool,
        tests: &TestResults,
        coverage: &mut Coverage,
    ) -> Self {
        let mut setup = Self::default();
        let mut assignments = Assignments::new(log.source);
        let mut left_out = 0;
        for line in log.index.range(1, log.index.lines()) {
            let text = plain(line);
            if text.is_empty() {
                assignments.take("", line.number);
                continue;
            }
            let full = [setup.commands.len(), assignments.all.len(), setup.limits.len(), setup.machine.len()];
            if full.into_iter().any(|length| length >= MOST) {
                left_out += 1;
                continue;
            }
            let in_head = setup.heads.last().is_some_and(|(_, end)| line.number <= *end);
            if let Some(head) = step_head(log.index, line.number, &text).filter(|_| !in_head) {
                setup.commands.extend(commands::of_head(log.source, &head));
                assignments.take_head(&head);
                setup.heads.push((head.line, head.end));
            } else if !in_head {
                setup.commands.extend(commands::on_line(log.source, line.number, &text));
            }
            assignments.take(&text, line.number);
            setup.limits.extend(limits::on_line(log.source, line.number, &text));
            setup.seeds.extend(seeds::on_line(log.source, line.number, &text));
            setup.machine.extend(machine::on_line(log.source, line.number, &text));
        }
        coverage.cut(Bound::Setup, MOST as u64, left_out);
        setup.assignments = assignments.finish();
        setup.commands.dedup_by(|b, a| a.at.line == b.at.line);
        if passed {
            let place = |event: &Event| Place::new(log.source, event.headline);
            setup.expected = failures.iter().map(|event| (event.message.clone(), place(event))).collect();
        } else {
            setup.failures = failures.iter().map(|event| log.lines_of(event, &setup.heads)).collect();
        }
        let ran = tests.ran.iter().chain(&tests.summed).map(|test| test.line);
        setup.times = ran.filter_map(|line| Some((line, log.time(line)?))).collect();
        setup.times.extend(log.times(&setup.commands, failures));
        setup
    }

    /// Returns the variables in force at line `until`, by name. A later line overrides an earlier one; what a step
    /// sets for itself counts for the last step before `until` only.
    pub fn variables(&self, until: u64) -> Vec<Variable> {
        let step = self.step_of(until);
        let before =
            self.assignments.iter().filter(|one| one.variable.at.line <= until && one.step.is_none());
        let own = self.assignments.iter().filter(|one| one.step.is_some() && one.step == step);
        let named = before.chain(own).map(|one| (one.variable.name.as_str(), &one.variable));
        named.collect::<BTreeMap<_, _>>().into_values().cloned().collect()
    }

    /// Returns the first line of the step that runs at line `until`.
    pub fn step_of(&self, until: u64) -> Option<u64> {
        self.heads.iter().map(|(line, _)| *line).take_while(|line| *line <= until).last()
    }

    /// Returns when a line of a command, a test or a failure was written, in nanoseconds.
    pub fn time(&self, line: u64) -> Option<i64> {
        self.times.get(&line).copied()
    }

    /// Returns the seconds from one line to another.
    pub fn seconds(&self, from: u64, to: u64) -> Option<f64> {
        Some((self.time(to)? - self.time(from)?) as f64 / 1e9)
    }

    /// Reads a log that nothing failed in.
    #[cfg(test)]
    pub fn of(text: &str) -> Self {
        let index = Index::new(text.as_bytes());
        let log = Log { source: "a.log", index: &index, reader: &Reader::guess(text.as_bytes()) };
        Self::read(&log, &[], false, &TestResults::default(), &mut Coverage::default())
    }
}

/// One log, to be read.
pub(in crate::facts) struct Log<'l> {
    pub source: &'l str,
    pub index: &'l Index<'l>,
    pub reader: &'l Reader,
}

impl Log<'_> {
    fn time(&self, line: u64) -> Option<i64> {
        self.reader.parse(self.index.line(line)?).time
    }

    /// Returns the times of the first and the last line, of the commands, and of the failures and the lines before
    /// them; where such a line has none, that of a line near it.
    fn times(&self, commands: &[Command], failures: &[Event]) -> BTreeMap<u64, i64> {
        let last = self.index.lines();
        let after = |line: u64| (line, (line..=last.min(line + NEAR)).find_map(|near| self.time(near)));
        let before = |line: u64| {
            (line, (line.saturating_sub(NEAR).max(1)..=line).rev().find_map(|near| self.time(near)))
        };
        let failed = failures.iter().flat_map(|event| [event.first_line.saturating_sub(1), event.first_line]);
        let ends = std::iter::once(after(1)).chain([before(last)]);
        let inner = commands.iter().map(|command| after(command.at.line)).chain(failed.map(before));
        ends.chain(inner).filter_map(|(line, time)| Some((line, time?))).collect()
    }

    fn lines_of(&self, event: &Event, heads: &[(u64, u64)]) -> FailureLines {
        let last = event.last_line.min(event.first_line.saturating_add(LINES));
        let lines = self.index.range(event.first_line, last);
        FailureLines {
            lines: lines.map(|line| (line.number, plain(line).into_owned())).collect(),
            progress: self.progress(event.first_line, heads),
        }
    }

    /// Returns the line before the failure that tells a step: no rule, no heading, no verdict.
    fn progress(&self, first: u64, heads: &[(u64, u64)]) -> Option<(String, Place)> {
        let before = self.index.range_from_end(first.saturating_sub(BEFORE).max(1), first.saturating_sub(1));
        let is_verdict =
            |text: &str| runners::test_line(text.as_bytes()).is_some_and(|test| test.stage.is_verdict());
        let mut lines = before.map(|line| (line.number, plain(line)));
        let (number, text) = lines.find(|(_, text)| tells_a_step(text.trim()) && !is_verdict(text))?;
        let is_head = heads.iter().any(|(line, end)| (*line..=*end).contains(&number));
        (!is_head).then(|| (text.trim().to_owned(), Place::new(self.source, number)))
    }
}

/// Returns true for a line that says what the program does: not a rule, a heading, a single word or
/// a mark of the CI system.
pub fn tells_a_step(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let heading = !text.contains(' ') && text.ends_with(':');
    letters >= LEAST_LETTERS && !heading && !text.starts_with("##[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_shows_too_much_says_what_was_left_out() {
        let text = "+ make ring\n".repeat(MOST + 7);
        let index = Index::new(text.as_bytes());
        let log = Log { source: "a.log", index: &index, reader: &Reader::default() };
        let mut coverage = Coverage::default();
        let setup = Setup::read(&log, &[], false, &TestResults::default(), &mut coverage);
        assert_eq!(setup.commands.len(), MOST);
        let [cut] = coverage.cut.as_slice() else { panic!("{:?}", coverage.cut) };
        assert_eq!((cut.bound, cut.left_out), (Bound::Setup, 7));
    }

    #[test]
    fn the_last_line_that_tells_what_the_program_did_is_its_progress() {
        let text = "##[group]Run make\nmake ring\n##[endgroup]\nopening ring 3\nt.py::a PASSED\n====\nboom\n";
        let index = Index::new(text.as_bytes());
        let log = Log { source: "a.log", index: &index, reader: &Reader::default() };
        let progress = |line| log.progress(line, &[(1, 2)]).map(|(text, at)| (text, at.line));
        assert_eq!(progress(7), Some(("opening ring 3".to_owned(), 4)));
        assert_eq!(progress(3), None, "the script has not begun");
    }
}
