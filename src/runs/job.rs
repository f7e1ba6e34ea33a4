//! Which runs are of one job, so that they may be held against each other.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::value;
use super::run::Run;

/// The job of each run, as far as anything tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    /// The number of the job of each run; runs of one number are of one job.
    of_runs: Vec<Option<usize>>,
    /// What identifies each job.
    by: Vec<By>,
}

/// What identifies a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Its name.
    Name(String),
    /// No name is known: its runs run one command.
    Command(String),
    /// No name is known: its runs run one set of tests.
    Tests,
    /// No name is known: the user gave runs that passed to compare with.
    Given,
}

impl Jobs {
    /// Returns the number of the job of a run; `None` where it is unknown.
    pub fn of(&self, run: usize) -> Option<usize> {
        self.of_runs.get(run).copied().flatten()
    }

    /// Returns what identifies the job of a run.
    pub fn by(&self, run: usize) -> Option<&By> {
        self.by.get(self.of(run)?)
    }

    /// Returns the runs of a job.
    pub fn runs(&self, job: usize) -> impl Iterator<Item = usize> + '_ {
        self.of_runs.iter().enumerate().filter(move |(_, own)| **own == Some(job)).map(|(run, _)| run)
    }
}

/// Sorts runs by job. A job has a name and a repository; where a name is known and no repository, runs must also
/// have a command or a test in common. Where no name is known, one command with a test in common or one set of
/// tests identifies it. `given` is true if the user gave runs that passed.
pub fn jobs(runs: &[Run]) -> Jobs {
    let mut classes: Vec<Class<'_>> = Vec::new();
    let mut jobs = Jobs { of_runs: vec![None; runs.len()], by: Vec::new() };
    // The longest list of tests first: shorter ones are then found to be a part of it.
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order
        .sort_by_key(|at| runs.get(*at).map(|run| (std::cmp::Reverse(run.tests.len()), run.sources.clone())));
    let mut by_name: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for at in order {
        let Some(run) = runs.get(at) else { continue };
        let Some(own) = Class::of(run) else { continue };
        let name = value(&run.identity.job);
        let held = by_name.entry(name).or_default();
        let found = held
            .iter()
            .take(MOST)
            .copied()
            .find(|class| classes.get(*class).is_some_and(|class| class.holds(&own)));
        let class = found.unwrap_or_else(|| {
            held.push(classes.len());
            classes.push(own.clone());
            jobs.by.push(own.by());
            classes.len() - 1
        });
        classes.iter_mut().skip(class).take(1).for_each(|class| class.take(&own));
        jobs.of_runs.iter_mut().skip(at).take(1).for_each(|job| *job = Some(class));
    }
    jobs.given(runs);
    jobs
}

/// Jobs of one name, or of none, that are told apart.
const MOST: usize = 500;

impl Jobs {
    /// Runs that the user gave as having passed are of the job of the failing ones: of the only job that there is,
    /// or of the one without a name.
    fn given(&mut self, runs: &[Run]) {
        let is_loose = |(at, run): &(usize, &Run)| {
            run.identity.job.is_none() && self.of(*at).is_none() || run.baseline && run.identity.job.is_none()
        };
        if !runs.iter().any(|run| run.baseline && run.identity.job.is_none()) {
            return;
        }
        let loose: Vec<usize> = runs.iter().enumerate().filter(is_loose).map(|(at, _)| at).collect();
        let failing: BTreeSet<Option<usize>> =
            runs.iter().enumerate().filter(|(_, run)| !run.baseline).map(|(at, _)| self.of(at)).collect();
        let job = match failing.into_iter().collect::<Vec<_>>().as_slice() {
            [Some(job)] => *job,
            _ => {
                self.by.push(By::Given);
                self.by.len() - 1
            }
        };
        for at in loose {
            self.of_runs.iter_mut().skip(at).take(1).for_each(|own| *own = Some(job));
        }
    }
}

/// What the runs of one job have in common.
#[derive(Clone, Debug)]
struct Class<'r> {
    job: Option<&'r str>,
    repository: Option<&'r str>,
    commands: BTreeSet<&'r str>,
    tests: BTreeSet<&'r str>,
    /// False if only tests that failed are named, which is no set of tests.
    names_passes: bool,
}

/// Share of a run's tests that a job must know, where tests identify it.
const SHARE: f64 = 0.8;
/// Tests from which a part of a set identifies a job.
const FEW: usize = 3;

impl<'r> Class<'r> {
    /// Returns the job that a run alone tells; `None` if nothing about it does.
    fn of(run: &'r Run) -> Option<Self> {
        let class = Self {
            job: value(&run.identity.job),
            repository: value(&run.identity.repository),
            commands: run.commands.iter().map(String::as_str).collect(),
            tests: run.tests.names(),
            names_passes: run.tests.names_passes(),
        };
        (class.job.is_some()
            || class.names_tests()
            || class.repository.is_some() && !class.commands.is_empty())
        .then_some(class)
    }

    fn names_tests(&self) -> bool {
        self.names_passes && !self.tests.is_empty()
    }

    fn by(&self) -> By {
        match (self.job, self.commands.iter().next_back()) {
            (Some(job), _) => By::Name(job.to_owned()),
            (None, Some(command)) => By::Command((*command).to_owned()),
            (None, None) => By::Tests,
        }
    }

    /// Returns true if a run that tells `own` is of this job.
    fn holds(&self, own: &Self) -> bool {
        let same_repository = self.repository.is_some() && self.repository == own.repository;
        let other_repository = !same_repository && self.repository.is_some() && own.repository.is_some();
        let shares_command = !self.commands.is_disjoint(&own.commands);
        let other_commands = !shares_command && !self.commands.is_empty() && !own.commands.is_empty();
        let shares_test = !self.tests.is_disjoint(&own.tests);
        let other_tests = !shares_test && self.names_tests() && own.names_tests();
        match self.job {
            _ if other_repository => false,
            Some(_) if same_repository => true,
            Some(_) => !(other_commands && (other_tests || !shares_test)),
            None if other_commands => false,
            None if shares_command && same_repository => !other_tests,
            None if shares_command => shares_test,
            None => self.is_same_set(own),
        }
    }

    fn is_same_set(&self, own: &Self) -> bool {
        let common = self.tests.intersection(&own.tests).count();
        let is_part =
            own.tests.len() >= FEW && own.names_passes && common as f64 >= SHARE * own.tests.len() as f64;
        common > 0 && (is_part || self.tests == own.tests)
    }

    fn take(&mut self, own: &Self) {
        self.repository = self.repository.or(own.repository);
        self.commands.extend(&own.commands);
        self.tests.extend(&own.tests);
        self.names_passes |= own.names_passes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::identity::Named;
    use crate::runs::join;
    use crate::runs::part::Part;
    use crate::runs::test_results::{TestResult, TestState};

    /// A run: `job | repository | commands | tests`, each part empty where nothing tells it.
    fn part(number: usize, text: &str) -> Part {
        let mut fields = text.split('|').map(str::trim);
        let mut next = || fields.next().unwrap_or_default();
        let source = format!("{number}.log");
        let named = |value: &str| (!value.is_empty()).then(|| Named::at(value, &source, 1));
        let words = |list: &str| {
            list.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let mut part = Part::of(&source);
        part.baseline = text.starts_with('+');
        part.identity.job = named(next().trim_start_matches('+'));
        part.identity.repository = named(next());
        part.commands = words(next());
        let tests: Vec<String> = words(next());
        let result = |name: String| match name.strip_prefix('!') {
            Some(name) => TestResult { name: name.to_owned(), state: TestState::Failed },
            None => TestResult { name, state: TestState::Passed },
        };
        part.tests = tests.into_iter().map(result).collect();
        part
    }

    #[test]
    fn only_runs_of_one_job_are_of_one_job() {
        // The letter of each run's job; `-` where it is unknown.
        let cases: [(&str, &[&str], &str); 15] = [
            ("the name of the job in one project", &["unit | acme/ring", "unit | acme/ring"], "aa"),
            ("another leg", &["unit (1) | acme/ring", "unit (2) | acme/ring"], "ab"),
            ("another project", &["unit | acme/ring | make", "unit | acme/fork | make"], "ab"),
            ("a name, no project, one command", &["unit | | make test", "unit | | make test"], "aa"),
            ("a name, no project, other commands", &["build | | cargo build", "build | | npm ci"], "ab"),
            ("a name and nothing else", &["unit", "unit"], "aa"),
            ("no name: one command and one test", &["| | make test | t1, t2", "| | make test | t1"], "aa"),
            (
                "no name: one command, other tests",
                &["| | make test | t1, t2", "| | make test | u1, u2"],
                "ab",
            ),
            ("no name: one command, no tests", &["| | make test", "| | make test"], "--"),
            (
                "no name: one project and one command",
                &["| acme/ring | make test", "| acme/ring | make test"],
                "aa",
            ),
            ("no name: one set of tests", &["| | | t1, t2, t3", "| | | t1, t2, t3"], "aa"),
            ("no name: a part of the set", &["| | | t1, t2, t3, t4", "| | | t1, t2, t3"], "aa"),
            ("no name: few tests in common", &["| | | t1, t2, t3, t4", "| | | t1, u2, u3"], "ab"),
            ("no name: only failures are named", &["| | | !t1", "| | | !t1"], "--"),
            ("nothing at all", &["", ""], "--"),
        ];
        for (why, texts, expected) in cases {
            assert_eq!(letters(texts), expected, "{why}");
        }
    }

    #[test]
    fn runs_that_the_user_gave_as_passing_are_of_the_job_that_failed() {
        for (why, texts, expected) in [
            ("no job is known", vec!["", "+", "+"], "aaa"),
            ("the failing ones have a job", vec!["unit", "+", "+"], "aaa"),
            ("a passing run of another job", vec!["unit", "+docs"], "ab"),
            ("two failing jobs: whose they are is unknown", vec!["docs", "unit", "+"], "abc"),
        ] {
            assert_eq!(letters(&texts), expected, "{why}");
        }
    }

    fn letters(texts: &[&str]) -> String {
        let parts: Vec<Part> = texts.iter().enumerate().map(|(number, text)| part(number, text)).collect();
        let jobs = jobs(&join(&parts, &[], &[], None));
        let mut seen: Vec<usize> = Vec::new();
        (0..texts.len())
            .map(|run| {
                let Some(job) = jobs.of(run) else { return '-' };
                let place = seen.iter().position(|one| *one == job).unwrap_or_else(|| {
                    seen.push(job);
                    seen.len() - 1
                });
                char::from(b'a' + place as u8)
            })
            .collect()
    }
}
