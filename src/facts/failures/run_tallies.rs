//! The hot lines of a log, run by run where it holds several: those of a run that failed are read as if it stood alone.

use super::event::StepEnd;
use super::selection::LOOKED_AT;
use super::steps::{Statements, Steps};
use super::tally::Tally;
use crate::text::lines::Line;
use crate::text::records::Reader;

/// Places that are kept of all runs that failed.
const MOST: usize = 1 << 20;

/// The hot lines of one part of a log.
#[derive(Default)]
pub struct PartTallies {
    statements: Statements,
    /// Those before the first line that bounds a run, those from there to the next, and so on.
    stretches: Vec<Tally>,
    /// Those behind the last such line.
    open: Tally,
}

impl PartTallies {
    /// Counts the next hot line, which begins at `start`.
    pub fn count(&mut self, start: u64, line: &[u8], loud: bool) {
        self.open.count(start, line, loud);
    }

    /// Takes what the next line says of the end of a step or a run.
    pub fn take(&mut self, line: Line<'_>, reader: &Reader) {
        if self.statements.take(line, reader) {
            self.stretches.push(std::mem::take(&mut self.open));
        }
    }
}

/// The hot lines of a log that is being read.
pub struct RunTallies {
    steps: Steps,
    /// Those of the runs that are over.
    over: Tally,
    /// Those of the run at hand.
    open: Tally,
    /// Of each run that failed where the lines begin that may be read, those first that matter most.
    failed: Vec<Vec<u64>>,
    /// Places that are kept of one run.
    most: usize,
}

/// The hot lines of a log.
pub struct HotLines {
    pub tally: Tally,
    pub steps: Steps,
    /// Where the lines begin that may be read of each run that failed, if the log holds other runs, too.
    pub failed: Vec<Vec<u64>>,
}

impl Default for RunTallies {
    fn default() -> Self {
        let (steps, failed) = (Steps::default(), Vec::new());
        Self { steps, over: Tally::default(), open: Tally::default(), failed, most: LOOKED_AT }
    }
}

impl RunTallies {
    /// Adds the part that comes next.
    pub fn add(&mut self, part: PartTallies) {
        let mut stretches = part.stretches.into_iter();
        for end in self.steps.add(part.statements) {
            stretches.next().into_iter().for_each(|stretch| self.open.add(stretch));
            self.close_run(end);
        }
        // Statements that are too many to be kept bound nothing.
        stretches.chain([part.open]).for_each(|stretch| self.open.add(stretch));
    }

    /// Returns all, as the log is over.
    pub fn close(mut self) -> HotLines {
        let end = self.steps.close();
        self.close_run(end);
        let failed = if self.steps.are_of_several_runs() { self.failed } else { Vec::new() };
        HotLines { tally: self.over, steps: self.steps, failed }
    }

    fn close_run(&mut self, end: StepEnd) {
        let run = std::mem::take(&mut self.open);
        if end == StepEnd::Failed {
            let mut places = run.places();
            places.truncate(self.most);
            self.failed.push(places);
            self.bound();
        }
        if self.over.lines == 0 {
            self.over = run;
        } else {
            self.over.add(run);
        }
    }

    /// Keeps fewer places of each run if there are too many: the more runs, the fewer lines of each are read.
    fn bound(&mut self) {
        while self.failed.iter().map(Vec::len).sum::<usize>() > MOST {
            self.most /= 2;
            self.failed.iter_mut().for_each(|places| places.truncate(self.most));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::scan::scan;
    use crate::text::records::Reader;

    /// The lines to read of each failed run of a log.
    fn failed(log: &str) -> Vec<Vec<&str>> {
        let found = scan(log.as_bytes(), &Reader::guess(log.as_bytes()), &|_| {}).1;
        let line = |start: u64| log[start as usize..].lines().next().unwrap_or_default();
        let lines = |mut places: Vec<u64>| {
            places.sort_unstable();
            places.into_iter().map(line).collect()
        };
        found.hot.failed.into_iter().map(lines).collect()
    }

    #[test]
    fn the_lines_of_failed_runs_are_known_where_there_are_others() {
        let (passed, failing) = ("error: a\nFinished: SUCCESS\n", "error: b\nFinished: FAILURE\n");
        let nothing: [Vec<&str>; 0] = [];
        for (log, expected, why) in [
            (format!("{passed}{failing}"), vec![vec!["error: b"]], "the first passed"),
            (
                failing.repeat(2),
                vec![vec!["error: b"], vec!["Finished: FAILURE", "error: b"]],
                "what ends a run belongs to the next",
            ),
            (failing.to_owned(), nothing.to_vec(), "one run is the whole log"),
            (passed.to_owned(), nothing.to_vec(), "nothing failed"),
        ] {
            assert_eq!(failed(&log), expected, "{why}");
        }
    }

    #[test]
    fn chunks_change_nothing() {
        let filler = "fine\n".repeat(300_000);
        let run = format!("{filler}error: b\n{filler}Finished: FAILURE\n");
        assert_eq!(failed(&run.repeat(3)).concat().iter().filter(|line| **line == "error: b").count(), 3);
    }
}
