//! The tests that a run ran, in their order.

use std::collections::BTreeMap;

use memchr::memmem;
use serde::{Deserialize, Serialize};

use super::runners::{self, Framework, Stage, TestLine};
use super::scan::scan;
use crate::text::lines::{Index, Line, clean};
use crate::text::records::Reader;

/// One test that a run ran.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    pub name: String,
    pub framework: Framework,
    /// Its verdict in the runner's own word; empty while there is none.
    pub word: String,
    /// The worker that ran it, such as `gw3`; tests of other workers do not come before it.
    pub worker: Option<String>,
    /// 1-based: where it began, or else its verdict.
    pub line: u64,
    pub failed: bool,
    /// True if it was skipped or not run.
    pub skipped: bool,
    /// True if it failed only because parts of it did.
    #[serde(default)]
    pub only_by_parts: bool,
    /// How long it took, as the runner says or the times of the lines do.
    pub seconds: Option<f64>,
    /// The line of the runner's summary that says how it failed, with its number.
    pub summary: Option<(u64, String)>,
}

impl TestResult {
    /// Returns true if and only if a verdict says that it passed.
    pub fn passed(&self) -> bool {
        !self.word.is_empty() && !self.failed && !self.skipped
    }
}

/// Tests kept of one log, and lines looked at for them.
pub const MOST: usize = 4000;
const LINES: usize = 50_000;
/// Lines whose places are kept.
const PLACES: usize = 1 << 20;

/// The tests that one source tells of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TestResults {
    /// In their order, each as often as it ran.
    pub ran: Vec<TestResult>,
    /// Those that failed and that only a summary names, which tells nothing of the order.
    pub summed: Vec<TestResult>,
    /// True if there were more than are kept.
    pub cut: bool,
    /// Lines that may tell of a test and were not read.
    pub left_out: u64,
}

impl TestResults {
    /// Returns each test that failed in the end, by its last verdict, and not only because parts of it did.
    pub fn failed(&self) -> impl Iterator<Item = &TestResult> {
        let mut last: BTreeMap<&str, &TestResult> = BTreeMap::new();
        for test in self.ran.iter().chain(&self.summed).filter(|test| !test.skipped) {
            last.insert(&test.name, test);
        }
        let mut failed: Vec<&TestResult> =
            last.into_values().filter(|test| test.failed && !test.only_by_parts).collect();
        failed.sort_by_key(|test| test.line);
        failed.into_iter()
    }
}

/// The lines of a log that may tell of a test.
#[derive(Default)]
pub struct TestLines {
    /// Number and place of each, as far as they are kept.
    lines: Vec<(u64, u64)>,
    /// How many there are.
    count: u64,
}

impl TestLines {
    /// Seeks the lines of a log that may tell of a test.
    pub fn of(index: &Index<'_>) -> Self {
        let mut lines = Self::default();
        runners::SOUGHT.literals.lines(index, 0..index.bytes().len()).for_each(|line| lines.push(line));
        lines
    }

    /// Returns those that are looked at for results, in order.
    pub fn lines<'a>(&self, index: &Index<'a>) -> impl Iterator<Item = Line<'a>> {
        self.lines.iter().take(LINES).map(|(number, start)| index.known(*number, *start))
    }

    /// Returns those of the lines `first..=last`, in order.
    pub fn within<'a>(&self, index: &Index<'a>, first: u64, last: u64) -> Vec<Line<'a>> {
        let kept = self.lines.last().map_or(0, |(number, _)| *number);
        if last > kept && self.count > self.lines.len() as u64 {
            return index.range(first, last).collect();
        }
        let from = self.lines.partition_point(|(number, _)| *number < first);
        let lines = self.lines.get(from..).unwrap_or_default();
        let lines = lines.iter().take_while(|(number, _)| *number <= last);
        lines.map(|(number, start)| index.known(*number, *start)).collect()
    }

    /// Takes the next line.
    pub fn push(&mut self, line: Line<'_>) {
        if self.lines.len() < PLACES {
            self.lines.push((line.number, line.start));
        }
        self.count += 1;
    }

    /// Adds later lines, whose numbers count from the line behind `before`.
    pub fn add(&mut self, later: Self, before: u64) {
        let room = PLACES.saturating_sub(self.lines.len());
        self.lines.extend(later.lines.into_iter().take(room).map(|(number, start)| (before + number, start)));
        self.count += later.count;
    }
}

/// Returns the tests of a log.
pub fn test_results(index: &Index<'_>, reader: &Reader) -> TestResults {
    tests_in(index, reader, &scan(index.bytes(), reader, &|_| {}).1.tests)
}

/// Returns the tests of a log from the lines that may tell of them.
pub fn tests_in(index: &Index<'_>, reader: &Reader, lines: &TestLines) -> TestResults {
    let mut order = Order::default();
    let mut read = 0;
    for line in lines.lines(index) {
        if order.ran.len() == MOST {
            break;
        }
        read += 1;
        order.read(line, reader);
    }
    let left_out = lines.count - read;
    let cut = order.cut || left_out > 0;
    TestResults { ran: order.ran, summed: order.summed.into_values().collect(), cut, left_out }
}

/// Tests as their lines come.
#[derive(Default)]
struct Order {
    ran: Vec<TestResult>,
    summed: BTreeMap<String, TestResult>,
    cut: bool,
    /// For each worker the test that began last, and when.
    open: BTreeMap<Option<String>, (usize, Option<i64>)>,
    /// Those that began and have no verdict yet, and when.
    unfinished: Vec<(usize, Option<i64>)>,
    /// For each worker the time of its last line about a test.
    since: BTreeMap<Option<String>, i64>,
    /// The last line that may belong to a list of tests.
    listed: Option<u64>,
}

impl Order {
    fn read(&mut self, line: Line<'_>, reader: &Reader) {
        let text = clean(line.bytes);
        let Some(test) = runners::test_line(&text).or_else(|| self.verdict_alone(line, reader)) else {
            return;
        };
        if test.listed && self.goes_on_list(line.number) {
            return;
        }
        let record = reader.parse(line);
        let worker = test.worker.or_else(|| record.actor.worker.map(|worker| format!("gw{worker}")));
        let failed = test.stage.is_failure();
        let skipped = test.stage.is_verdict() && !failed && !test.stage.is_pass();
        let word = match &test.stage {
            Stage::Began => String::new(),
            Stage::Ended(verdict) | Stage::Summed(verdict) => verdict.word.clone(),
        };
        let summed = failed && matches!(test.stage, Stage::Summed(_));
        let says = summed && memmem::find(behind(&text, &test.id), MESSAGE).is_some();
        let summary = says.then(|| (line.number, summary(&clean(&reader.message(line)))));
        let (name, framework, seconds) = (test.id, test.framework, test.seconds);
        let line = line.number;
        let ran = TestResult {
            name,
            framework,
            word,
            worker,
            line,
            failed,
            skipped,
            seconds,
            summary,
            only_by_parts: false,
        };
        let (worker, time) = (ran.worker.clone(), record.time);
        match test.stage {
            Stage::Began => self.begin(ran, time),
            Stage::Ended(_) => self.end(ran, time),
            Stage::Summed(_) => return self.correct(ran),
        }
        self.since.extend(time.map(|time| (worker.clone(), time)));
    }

    /// Returns what a line tells that names no test: the verdict on the one that began last.
    fn verdict_alone(&self, line: Line<'_>, reader: &Reader) -> Option<TestLine> {
        let open = self.unfinished.last().and_then(|(at, _)| self.ran.get(*at))?;
        let (framework, verdict) = runners::verdict_alone(&reader.message(line))?;
        let (id, worker, stage) = (open.name.clone(), open.worker.clone(), Stage::Ended(verdict));
        let told = TestLine { framework, id, stage, worker, seconds: None, listed: false };
        (framework == open.framework).then_some(told)
    }

    /// Returns true if the line right above, which may belong to a list of tests, shows that this one does. The test that
    /// it names did not begin either.
    fn goes_on_list(&mut self, line: u64) -> bool {
        let above = self.listed.replace(line);
        let goes_on = above.is_some_and(|above| above + 1 == line);
        if goes_on && let Some(first) = self.ran.pop_if(|ran| Some(ran.line) == above) {
            self.unfinished.pop();
            self.open.remove(&first.worker);
        }
        goes_on
    }

    fn begin(&mut self, ran: TestResult, time: Option<i64>) {
        // A runner that says for how long it runs by now speaks of one that began before.
        let is_it = |at: &&usize| self.ran.get(**at).is_some_and(|begun| begun.name == ran.name);
        let held = ran.seconds.and_then(|_| self.unfinished.iter().map(|(at, _)| at).rfind(is_it).copied());
        if let Some(begun) = held.and_then(|at| self.ran.get_mut(at)) {
            begun.seconds = ran.seconds;
            return;
        }
        self.close(&ran.worker, time);
        self.open.insert(ran.worker.clone(), (self.ran.len(), time));
        self.unfinished.push((self.ran.len(), time));
        self.ran.push(ran);
    }

    fn end(&mut self, ran: TestResult, time: Option<i64>) {
        self.close(&ran.worker, time);
        let is_it =
            |(at, _): &(usize, Option<i64>)| self.ran.get(*at).is_some_and(|begun| begun.name == ran.name);
        let begun = self.unfinished.iter().rposition(is_it).map(|at| self.unfinished.remove(at));
        match begun.and_then(|(at, began)| Some((self.ran.get_mut(at)?, began))) {
            Some((held, began)) => {
                (held.failed, held.skipped, held.word) = (ran.failed, ran.skipped, ran.word);
                held.seconds = ran.seconds.or_else(|| span(began, time)).or(held.seconds);
                held.worker = ran.worker.or(held.worker.take());
            }
            None => {
                let since = self.since.get(&ran.worker).copied();
                let seconds = ran.seconds.or_else(|| span(since, time));
                self.ran.push(TestResult { seconds, ..ran });
            }
        }
    }

    /// Ends the open test of a worker: another line about a test follows it.
    fn close(&mut self, worker: &Option<String>, time: Option<i64>) {
        let Some((at, began)) = self.open.remove(worker) else { return };
        if let Some(ran) = self.ran.get_mut(at) {
            ran.seconds = span(began, time).or(ran.seconds);
        }
        self.since.extend(time.map(|time| (worker.clone(), time)));
    }

    /// Takes the word of a summary for a test that has no verdict of its own.
    fn correct(&mut self, summed: TestResult) {
        match self.ran.iter_mut().rev().find(|ran| ran.name == summed.name) {
            Some(own) => {
                own.failed |= summed.failed;
                if own.word.is_empty() {
                    own.word = summed.word;
                }
                own.summary = summed.summary.or(own.summary.take());
            }
            None if summed.failed && self.summed.len() < MOST => {
                self.summed.entry(summed.name.clone()).or_insert(summed);
            }
            None => self.cut |= summed.failed,
        }
    }
}

/// What stands between the name of a test and how it failed.
const MESSAGE: &[u8] = b" - ";
/// Bytes of a summary that are kept.
const SUMMARY: usize = 2000;

/// Returns what stands behind the name of the test; all of it where it is written in another way.
fn behind<'t>(text: &'t [u8], id: &str) -> &'t [u8] {
    let name = memmem::find(text, id.as_bytes()).map(|at| at + id.len());
    name.and_then(|end| text.get(end..)).unwrap_or(text)
}

fn summary(text: &[u8]) -> String {
    String::from_utf8_lossy(text.get(..SUMMARY).unwrap_or(text)).trim().to_owned()
}

fn span(from: Option<i64>, to: Option<i64>) -> Option<f64> {
    Some((to? - from?) as f64 / 1e9).filter(|seconds| *seconds >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<TestResult> {
        test_results(&Index::new(text.as_bytes()), &Reader::guess(text.as_bytes())).ran
    }

    #[test]
    fn a_summary_is_what_stands_behind_the_name_without_the_time_of_its_line() {
        let stamp = "2026-02-01T10:00:00.1234567Z ";
        let kept = |line: &str| {
            let text = format!("{stamp}{line}\n{stamp}done\n");
            let all = test_results(&Index::new(text.as_bytes()), &Reader::guess(text.as_bytes()));
            all.ran.into_iter().chain(all.summed).find_map(|test| Some(test.summary?.1))
        };
        for (line, expected) in [
            (
                "FAILED t/test_a.py::test_b - ValueError: torn",
                Some("FAILED t/test_a.py::test_b - ValueError: torn"),
            ),
            ("FAILED t/test_a.py::test_b", None),
            ("\t  2 - ring.pops (Failed)", None),
        ] {
            assert_eq!(kept(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_test_of_pytest_is_open_from_its_name_to_its_verdict() {
        let words = |log: &str| -> Vec<String> {
            let told = |ran: &TestResult| format!("{} {}", ran.name.rsplit("::").next().unwrap(), ran.word);
            read(log).iter().map(told).collect()
        };
        for (log, expected, why) in [
            ("t.py::a PASSED\nt.py::b ", "a PASSED,b ", "it waits for its verdict"),
            (
                "t.py::a opened 3 links\nmore\nPASSED\nt.py::b opened 2 links\n",
                "a PASSED,b ",
                "what it printed stands between",
            ),
            ("t.py::a\nt.py::b\nt.py::c\n\nt.py::a PASSED\n", "a PASSED", "a list of tests begins none"),
            (
                "t.py::a \n[gw1] [ 50%] PASSED t.py::a \nt.py::b \n",
                "a PASSED,b ",
                "a worker says how it ended",
            ),
            ("PASSED\nt.py::a PASSED\nFAILED\n", "a PASSED", "a verdict on no test that is open"),
            (
                "t.py::a PASSED\n0.3s call     t.py::a\nPASSED t.py::a\n",
                "a PASSED",
                "a report of a whole run",
            ),
        ] {
            assert_eq!(words(log).join(","), expected, "{why}");
        }
    }

    #[test]
    fn tests_take_as_long_as_the_runner_or_the_times_say() {
        let tests = read(
            "2026-02-01T10:00:00Z test_a (t.T.test_a) ... \n2026-02-01T10:00:02Z ok\n\
             2026-02-01T10:00:02Z test_b (t.T.test_b) ... step 1\n2026-02-01T10:00:07Z test_c (t.T.test_c) ... ok\n\
             2026-02-01T10:00:08Z ERROR: test_b (t.T.test_b)\n2026-02-01T10:00:08Z [       OK ] Ring.Pop (30 ms)\n",
        );
        let told: Vec<_> = tests.iter().map(|ran| (ran.name.as_str(), ran.seconds, ran.failed)).collect();
        let expected = [
            ("test_a (t.T.test_a)", Some(2.0), false),
            ("test_b (t.T.test_b)", Some(5.0), true),
            ("test_c (t.T.test_c)", Some(0.0), false),
            ("Ring.Pop", Some(0.03), false),
        ];
        assert_eq!(told, expected);
    }
}
