//! The tests of one run: which ran, and which of them failed.

use std::collections::{BTreeSet, HashMap};

/// How a test ended in one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TestState {
    /// It was skipped or not run.
    Skipped,
    Passed,
    Failed,
}

/// One test as one source tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// As the runner prints it.
    pub name: String,
    pub state: TestState,
}

/// The tests of one run, by name and by the end of the name, as reports and logs write names differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tests {
    states: HashMap<String, TestState>,
    /// By the last part of the name; `None` where it stands for several tests.
    tails: HashMap<String, Option<String>>,
    /// How many tests ran, where a summary counts them.
    pub counted: Option<u64>,
    /// How many of them passed.
    passed: usize,
    /// False if the list of a source was cut.
    pub whole: bool,
}

/// Whether a test ran in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    Failed,
    Passed,
    /// The run names its tests, and this one is not among them or was skipped.
    No,
    /// The run does not name the tests that passed.
    Unknown,
}

impl Tests {
    /// Adds what one source says; of two words on one test the worse counts.
    pub fn add(&mut self, results: &[TestResult], counted: Option<u64>, whole: bool) {
        for result in results {
            let name = self.full(&result.name).unwrap_or(&result.name).to_owned();
            match self.states.get_mut(&name) {
                Some(state) if *state >= result.state => continue,
                Some(state) => {
                    self.passed -= usize::from(*state == TestState::Passed);
                    *state = result.state;
                }
                None => self.take_name(name, result.state),
            }
            self.passed += usize::from(result.state == TestState::Passed);
        }
        self.counted = self.counted.max(counted);
        self.whole &= whole;
    }

    fn take_name(&mut self, name: String, state: TestState) {
        // A second test of this end takes the name away: the end then stands for neither.
        let tail = self.tails.entry(tail(&name).to_owned());
        tail.and_modify(|held| *held = None).or_insert_with(|| Some(name.clone()));
        self.states.insert(name, state);
    }

    /// Returns the tests of a run of which no source has been added yet.
    pub fn none() -> Self {
        Self { whole: true, ..Self::default() }
    }

    /// Returns whether the test ran.
    pub fn ran(&self, name: &str) -> Ran {
        match self.full(name).and_then(|name| self.states.get(name)) {
            Some(TestState::Failed) => Ran::Failed,
            Some(TestState::Passed) => Ran::Passed,
            Some(TestState::Skipped) => Ran::No,
            None if self.whole && self.names_passes() => Ran::No,
            None => Ran::Unknown,
        }
    }

    /// Returns the name under which the run knows the test.
    pub fn full<'t>(&'t self, name: &'t str) -> Option<&'t str> {
        match self.states.get_key_value(name) {
            Some((name, _)) => Some(name),
            None => self.tails.get(tail(name))?.as_deref().filter(|held| is_one(held, name)),
        }
    }

    /// Returns true if the run names the tests that passed, not only those that failed.
    pub fn names_passes(&self) -> bool {
        self.passed > 0
    }

    /// Returns all names.
    pub fn names(&self) -> BTreeSet<&str> {
        self.states.keys().map(String::as_str).collect()
    }

    pub fn len(&self) -> usize {
        self.states.len()
    }
}

/// Returns the part of a test's name that logs and reports agree on: behind the last `::`, without the class
/// that unittest puts behind a name.
pub fn tail(name: &str) -> &str {
    let name = name.split_once(" (").map_or(name, |(name, _)| name);
    let head = name.find('[').unwrap_or(name.len());
    let begin = name.get(..head).and_then(|head| head.rfind("::")).map_or(0, |at| at + 2);
    name.get(begin..).unwrap_or(name)
}

/// Returns true if two names with one tail may mean one test: what both say in front must agree.
pub fn is_one(one: &str, other: &str) -> bool {
    let front = |name: &str| name.strip_suffix(tail(name)).unwrap_or_default().to_owned();
    let (one, other) = (front(one), front(other));
    one.is_empty() || other.is_empty() || one.ends_with(&other) || other.ends_with(&one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(name: &str, state: TestState) -> TestResult {
        TestResult { name: name.to_owned(), state }
    }

    #[test]
    fn a_test_is_found_by_its_name_or_by_the_end_of_it() {
        use TestState::{Failed, Passed, Skipped};
        let mut tests = Tests::none();
        let log = [
            result("t/a.py::test_push", Passed),
            result("t/a.py::Ring::test_pop[x::y]", Failed),
            result("t/a.py::test_twice", Passed),
            result("t/b.py::test_twice", Failed),
            result("t/b.py::test_far", Skipped),
        ];
        tests.add(&log, None, true);
        for (name, ran, why) in [
            ("t/a.py::test_push", Ran::Passed, "the name itself"),
            ("test_push", Ran::Passed, "the heading of a failure leaves out the file"),
            ("test_pop[x::y]", Ran::Failed, "a parameter may hold anything"),
            ("b.py::test_push", Ran::No, "another file"),
            ("test_twice", Ran::No, "two tests end so: neither is meant"),
            ("t/b.py::test_twice", Ran::Failed, "the name itself"),
            ("t/b.py::test_far", Ran::No, "it was skipped"),
            ("test_gone", Ran::No, "the run names its tests"),
        ] {
            assert_eq!(tests.ran(name), ran, "{name}: {why}");
        }
        tests.add(&[], None, false);
        assert_eq!(tests.ran("test_gone"), Ran::Unknown, "the list was cut");
    }

    #[test]
    fn where_only_failures_are_named_others_may_have_run() {
        let mut tests = Tests::none();
        tests.add(&[result("test_pop", TestState::Failed)], Some(6), true);
        assert_eq!((tests.ran("test_push"), tests.counted), (Ran::Unknown, Some(6)));
    }

    #[test]
    fn a_report_and_a_log_of_one_test_are_one() {
        let mut tests = Tests::none();
        tests.add(&[result("t/a.py::test_pop", TestState::Passed)], None, true);
        tests.add(&[result("test_pop", TestState::Failed)], None, true);
        assert_eq!((tests.len(), tests.ran("t/a.py::test_pop")), (1, Ran::Failed));
    }
}
