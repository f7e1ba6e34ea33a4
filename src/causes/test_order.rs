//! The tests that a run ran, in their order.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::run_environment::Exposure;
use crate::facts::runners::{self, Stage};
use crate::text::lines::{Index, Line, Literals, clean};
use crate::text::records::Reader;

/// One test that a run ran.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ran {
    pub name: String,
    /// The worker that ran it, such as `gw3`; tests of other workers do not come before it.
    pub worker: Option<String>,
    /// 1-based: where it began, or else its verdict.
    pub line: u64,
    pub failed: bool,
    /// How long it took, as the runner says or the times of the lines do.
    pub seconds: Option<f64>,
}

/// Tests kept of one log, and lines looked at for them.
const MOST: usize = 4000;
const LINES: usize = 10_000;

static SOUGHT: LazyLock<Literals> = LazyLock::new(|| Literals::new(&runners::WORDS));

/// Returns the tests of a log in their order, each as often as it ran.
pub fn roll(index: &Index<'_>, reader: &Reader) -> Vec<Ran> {
    let mut roll = Roll::default();
    for line in SOUGHT.lines(index, 0..index.bytes().len()).take(LINES) {
        if roll.ran.len() == MOST {
            break;
        }
        roll.read(line, reader);
    }
    roll.ran
}

/// Tests as their lines come.
#[derive(Default)]
struct Roll {
    ran: Vec<Ran>,
    /// For each worker the test that began last, and when.
    open: BTreeMap<Option<String>, (usize, Option<i64>)>,
    /// Those that began and have no verdict yet.
    unfinished: Vec<usize>,
    /// For each worker the time of its last line about a test.
    since: BTreeMap<Option<String>, i64>,
}

impl Roll {
    fn read(&mut self, line: Line<'_>, reader: &Reader) {
        let Some(told) = runners::told(&clean(line.bytes)) else { return };
        let record = reader.parse(line);
        let worker = told.worker.or_else(|| record.actor.worker.map(|worker| format!("gw{worker}")));
        let failed = told.stage.is_failure();
        let ran = Ran { name: told.id, worker, line: line.number, failed, seconds: told.seconds };
        let (worker, time) = (ran.worker.clone(), record.time);
        match told.stage {
            Stage::Began => self.begin(ran, time),
            Stage::Ended(_) => self.end(ran, time),
            Stage::Summed(_) => return self.correct(&ran.name, failed),
        }
        self.since.extend(time.map(|time| (worker.clone(), time)));
    }

    fn begin(&mut self, ran: Ran, time: Option<i64>) {
        self.close(&ran.worker, time);
        self.open.insert(ran.worker.clone(), (self.ran.len(), time));
        self.unfinished.push(self.ran.len());
        self.ran.push(ran);
    }

    fn end(&mut self, ran: Ran, time: Option<i64>) {
        self.close(&ran.worker, time);
        let is_it = |at: &usize| self.ran.get(*at).is_some_and(|begun| begun.name == ran.name);
        let begun = self.unfinished.iter().rposition(is_it).map(|at| self.unfinished.remove(at));
        match begun.and_then(|at| self.ran.get_mut(at)) {
            Some(held) => (held.failed, held.seconds) = (ran.failed, ran.seconds.or(held.seconds)),
            None => {
                let since = self.since.get(&ran.worker).copied();
                let seconds = ran.seconds.or_else(|| span(since, time));
                self.ran.push(Ran { seconds, ..ran });
            }
        }
    }

    /// Ends the open test of a worker: another line about a test follows it.
    fn close(&mut self, worker: &Option<String>, time: Option<i64>) {
        let Some((at, began)) = self.open.remove(worker) else { return };
        if let Some(ran) = self.ran.get_mut(at) {
            ran.seconds = span(began, time);
        }
        self.since.extend(time.map(|time| (worker.clone(), time)));
    }

    /// Takes the word of a summary for a test that has no verdict of its own.
    fn correct(&mut self, name: &str, failed: bool) {
        let own = self.ran.iter_mut().rev().find(|ran| ran.name == name);
        own.into_iter().for_each(|ran| ran.failed |= failed);
    }
}

fn span(from: Option<i64>, to: Option<i64>) -> Option<f64> {
    Some((to? - from?) as f64 / 1e9).filter(|seconds| *seconds >= 0.0)
}

impl Exposure {
    /// Returns the tests that ran before `test` on its worker, nearest last; `None` if it did not run.
    pub fn before(&self, test: &str) -> Option<Vec<&str>> {
        let own = self.tests.iter().position(|ran| is_same(&ran.name, test))?;
        let worker = &self.tests.get(own)?.worker;
        let before = self.tests.iter().take(own).filter(|ran| ran.worker == *worker);
        Some(before.map(|ran| ran.name.as_str()).collect())
    }

    /// Returns how long `test` took in this run.
    pub fn seconds_of(&self, test: &str) -> Option<f64> {
        self.tests.iter().find(|ran| is_same(&ran.name, test))?.seconds
    }

    /// Returns true if `test` ran and did not fail.
    pub fn passed(&self, test: &str) -> bool {
        let mut own = self.tests.iter().filter(|ran| is_same(&ran.name, test)).peekable();
        own.peek().is_some() && own.all(|ran| !ran.failed)
    }
}

/// Returns true where both name one test; one of them may leave out the folder or the class.
pub fn is_same(one: &str, other: &str) -> bool {
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', ':', '.']))
    };
    ends(one, other) || ends(other, one) || before_paren(one) == before_paren(other)
}

/// Returns a name without the class that unittest puts behind it.
fn before_paren(name: &str) -> &str {
    name.split_once(" (").map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Exposure {
        let (index, reader) = (Index::new(text.as_bytes()), Reader::guess(text.as_bytes()));
        Exposure { tests: roll(&index, &reader), ..Exposure::default() }
    }

    #[test]
    fn tests_stand_in_order_on_their_own_worker() {
        let run = read(
            "[gw0] [10%] PASSED t.py::a\n[gw1] [20%] PASSED t.py::b\n[gw0] [30%] PASSED t.py::c\n\
             [gw0] [40%] FAILED t.py::d[8]\nFAILED t.py::d[8] - boom\n",
        );
        assert_eq!(run.before("t.py::d[8]"), Some(vec!["t.py::a", "t.py::c"]));
        assert!(run.passed("t.py::b") && !run.passed("t.py::d[8]") && !run.passed("t.py::e"));
        assert_eq!(run.tests.len(), 4, "the summary tells nothing of the order");
    }

    #[test]
    fn tests_take_as_long_as_the_runner_or_the_times_say() {
        let run = read(
            "2026-02-01T10:00:00Z test_a (t.T.test_a) ... \n2026-02-01T10:00:02Z ok\n\
             2026-02-01T10:00:02Z test_b (t.T.test_b) ... step 1\n2026-02-01T10:00:07Z test_c (t.T.test_c) ... ok\n\
             2026-02-01T10:00:08Z ERROR: test_b (t.T.test_b)\n2026-02-01T10:00:08Z [       OK ] Ring.Pop (30 ms)\n",
        );
        let told: Vec<_> = run.tests.iter().map(|ran| (ran.name.as_str(), ran.seconds, ran.failed)).collect();
        let expected = [
            ("test_a (t.T.test_a)", Some(2.0), false),
            ("test_b (t.T.test_b)", Some(5.0), true),
            ("test_c (t.T.test_c)", Some(0.0), false),
            ("Ring.Pop", Some(0.03), false),
        ];
        assert_eq!(told, expected);
    }
}
