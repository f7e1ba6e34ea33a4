//! Which failures a statement of success takes back.

use std::collections::{BTreeMap, HashMap};

use super::end::{End, Scope, Verdict};

/// The statements of one log that something went well, and where its runs began.
pub struct Passes<'e> {
    /// Of whole jobs and runs.
    wide: Vec<&'e End>,
    /// The last line of each rule about each subject.
    subjects: HashMap<(&'e str, &'e str), u64>,
    /// The last line about tests or a step.
    narrow: u64,
    begins: Begins<'e>,
}

/// Where jobs and runs begin, in order.
struct Begins<'e> {
    /// Each with its CI system.
    all: Vec<(u64, &'e str)>,
    of_system: BTreeMap<&'e str, Vec<u64>>,
}

impl<'e> Passes<'e> {
    /// Takes the statements of a log, in the order of their lines.
    pub fn of(ends: &[&'e End]) -> Self {
        let passed = || ends.iter().copied().filter(|end| end.verdict == Verdict::Pass);
        let subject = |end: &'e End| Some(((end.rule.as_str(), end.subject.as_deref()?), end.line));
        let is_narrow = |end: &&End| matches!(end.scope, Scope::Suite | Scope::Step);
        Self {
            wide: passed().filter(|end| end.scope >= Scope::Job).collect(),
            subjects: passed().filter(|end| end.scope < Scope::Job).filter_map(subject).collect(),
            narrow: passed().filter(is_narrow).map(|end| end.line).max().unwrap_or_default(),
            begins: Begins::of(ends),
        }
    }

    /// Returns true if something later went well that a failure is a part of, or the same thing that failed.
    pub fn take_back(&self, failed: &End) -> bool {
        let subject =
            failed.subject.as_deref().and_then(|subject| self.subjects.get(&(&failed.rule, subject)));
        subject.is_some_and(|line| *line > failed.line)
            // Tests provoke crashes, and a build probes with programs that fail.
            || failed.scope == Scope::Process && self.narrow > failed.line
            || self.wide.iter().any(|passed| self.wide_takes_back(passed, failed))
    }

    fn wide_takes_back(&self, passed: &End, failed: &End) -> bool {
        let later = passed.line > failed.line;
        if self.is_of_another_run(failed, passed) {
            return false;
        }
        match (passed.scope, failed.scope) {
            // Two systems closed a whole run each: the log is several runs in a row.
            (Scope::Run, Scope::Run) => later && system(passed) == system(failed),
            _ => passed.scope >= failed.scope && (later || failed.scope == Scope::Process),
        }
    }

    /// Returns true if the run that a statement closes began only behind a failure, or if the failure stands in a run of
    /// another CI system: one log may hold several runs, and not all of them whole.
    pub fn is_of_another_run(&self, failed: &End, closing: &End) -> bool {
        self.begins.last_before(closing).is_some_and(|began| began > failed.line)
            || self.begins.system_at(failed.line).is_some_and(|own| own != system(closing))
    }
}

impl<'e> Begins<'e> {
    fn of(ends: &[&'e End]) -> Self {
        let mut of_system: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        let began = ends.iter().filter(|end| end.verdict == Verdict::Began && end.scope >= Scope::Job);
        let all: Vec<(u64, &str)> = began.map(|end| (end.line, system(end))).collect();
        all.iter().for_each(|(line, system)| of_system.entry(system).or_default().push(*line));
        Self { all, of_system }
    }

    /// Returns the CI system of the last job or run that began before a line.
    fn system_at(&self, line: u64) -> Option<&'e str> {
        let before = self.all.partition_point(|(began, _)| *began < line);
        self.all.get(before.checked_sub(1)?).map(|(_, system)| *system)
    }

    /// Returns where the job or run began that a statement closes.
    fn last_before(&self, closing: &End) -> Option<u64> {
        let begins = self.of_system.get(system(closing))?;
        let before = begins.partition_point(|line| *line < closing.line);
        begins.get(before.checked_sub(1)?).copied()
    }
}

/// Returns the CI system whose statement it is, as the names of the rules begin.
fn system(end: &End) -> &str {
    end.rule.split('-').next().unwrap_or_default()
}
