//! The lines near one failure as a whole: when they were written, how far work was, and how long something took. Most
//! failures need none of it, so the lines are read when first asked.

use super::idle_time::{self, Pace, Silence, Times};
use super::straggler::{Progress, Straggler};
use super::time_limits;
use crate::facts::failures::Event;
use crate::facts::steps::numbers;
use crate::text::lines::Line;
use crate::text::records::Reader;

/// Lines near a failure.
pub struct Nearby<'n> {
    pub event: &'n Event,
    pub reader: &'n Reader,
    /// In order.
    pub lines: &'n [Line<'n>],
}

impl Nearby<'_> {
    /// Returns how work went on until the limit of so many seconds that fired at `line`, and who had fallen behind.
    pub fn until(&self, seconds: f64, line: u64) -> (Option<Pace>, Option<Straggler>) {
        let times = self.times();
        let straggler = self.progress().straggler(line).map(|straggler| {
            let limit = times.at(line).map(|time| (format!("limit of {seconds} s fired"), time));
            Straggler { limit, ..straggler }
        });
        (times.pace(seconds, line), straggler)
    }

    /// Returns when the lines up to the end of the failure were written.
    fn times(&self) -> Times {
        let mut times = Times::default();
        let until = self.lines.iter().take_while(|line| line.number <= self.event.last_line);
        until.for_each(|line| times.see(line.number, self.time(line)));
        times
    }

    /// Returns the steps that actors reported.
    fn progress(&self) -> Progress {
        let mut progress = Progress::default();
        for line in self.lines {
            let record = self.reader.parse(*line);
            let numbers = numbers(&String::from_utf8_lossy(&record.message));
            progress.see(line.number, record.time, &numbers);
        }
        progress
    }

    /// Returns the seconds that something of the failure took, each with the line that says so.
    pub fn took(&self) -> Vec<(f64, u64)> {
        let own = (self.event.first_line)..=(self.event.last_line);
        let own = self.lines.iter().filter(|line| own.contains(&line.number));
        own.filter_map(|line| Some((time_limits::took(&self.reader.message(*line))?, line.number))).collect()
    }

    /// Returns the silence that the failure ended, if it was long.
    pub fn silence(&self) -> Option<Silence> {
        let (before, rest) = self.lines.split_at_checked(self.behind(self.event.first_line))?;
        let after = rest.first().filter(|line| line.number == self.event.first_line)?;
        let after = self.time(after)?;
        let (since, time) = before.iter().rev().find_map(|line| Some((line.number, self.time(line)?)))?;
        idle_time::silence(since, time, after)
    }

    /// Returns true if no other line with words stands between this one and the failure.
    pub fn is_last_word(&self, line: u64) -> bool {
        let between = self.lines.get(self.behind(line + 1)..self.behind(self.event.first_line));
        between.unwrap_or_default().iter().all(|line| self.reader.message(*line).trim_ascii().is_empty())
    }

    /// Returns how many lines stand before the line with this number.
    fn behind(&self, number: u64) -> usize {
        self.lines.partition_point(|line| line.number < number)
    }

    fn time(&self, line: &Line<'_>) -> Option<i64> {
        self.reader.parse(*line).time
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::assemble;
    use crate::text::lines::{Index, split};

    /// What `ask` says of the lines near the one failure of a log.
    fn near<T>(log: &str, ask: impl Fn(&Nearby<'_>) -> T) -> T {
        let (index, reader) = (Index::new(log.as_bytes()), Reader::guess(log.as_bytes()));
        let events = assemble(&index, &reader);
        let lines: Vec<Line<'_>> = split(log.as_bytes()).collect();
        let event = events.last().unwrap_or_else(|| panic!("{log}: nothing failed"));
        ask(&Nearby { event, reader: &reader, lines: &lines })
    }

    #[test]
    fn a_long_silence_is_one_that_the_failure_ended() {
        let silence = |times: &[&str]| {
            let line = |(at, time): (usize, &&str)| match at + 1 == times.len() {
                true => format!("2026-11-22T{time} error: the ring is torn\n"),
                false => format!("2026-11-22T{time} the ring turns\n"),
            };
            near(&times.iter().enumerate().map(line).collect::<String>(), |nearby| nearby.silence())
        };
        let long = silence(&["10:00:00Z", "10:00:10Z", "10:15:10Z"]);
        assert_eq!(long, Some(Silence { seconds: 900.0, since: 2 }));
        assert_eq!(
            silence(&["10:00:10Z", "10:15:10Z", "10:15:11Z"]),
            None,
            "something was written just before"
        );
        assert_eq!(silence(&["10:00:00Z", "10:02:10Z"]), None, "a connection may take so long");
    }

    #[test]
    fn blank_lines_are_no_words() {
        let is_last = |between: &str| {
            let log = format!("fetching the ring\n{between}error: the ring is torn\n");
            near(&log, |nearby| nearby.is_last_word(1))
        };
        assert!(is_last("") && is_last("\n  \n\x1b[0m\n"));
        assert!(!is_last("done\n") && !is_last("\ndone\n\n"));
    }
}
