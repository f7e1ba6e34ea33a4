//! The tempo of one run: where it paused, and when it took a step further.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::trace::numbers;
use crate::facts::failures::{Word, classes};
use crate::stats::median;

/// Where a run paused, and when it took a step further, as far as its lines bear times.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tempo {
    /// The longest pause after each kind of line, by its words.
    pub pauses: BTreeMap<String, Pause>,
    /// The steps of each kind of line that counts upwards or says that something is done.
    pub steps: BTreeMap<String, Steps>,
    /// The last time before the failure or the end, in nanoseconds.
    pub ended: Option<i64>,
    last: Option<(String, u64, i64)>,
}

/// A time in which nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    pub seconds: f64,
    /// When it ended, in nanoseconds.
    pub until: i64,
    /// The line after which it began, 1-based.
    pub line: u64,
}

/// Times at which work got further, all told in the same words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    /// In nanoseconds.
    times: Vec<i64>,
    /// The highest number of each word.
    reached: BTreeMap<String, u64>,
    /// The line of the last step, 1-based.
    pub line: u64,
}

/// Shorter pauses are not kept.
const SHORTEST: f64 = 0.01;
/// Steps kept of one kind; a rate needs this many.
const MOST: usize = 1000;
const LEAST: usize = 3;

impl Tempo {
    /// Takes in one line with its masked words.
    pub fn see(&mut self, line: u64, time: i64, text: &str, words: &str) {
        if let Some((after, begun, from)) = self.last.take() {
            let pause = Pause { seconds: time.saturating_sub(from) as f64 / 1e9, until: time, line: begun };
            let held = self.pauses.get(&after).map_or(SHORTEST, |held| held.seconds);
            if pause.seconds > held {
                self.pauses.insert(after, pause);
            }
        }
        self.last = Some((words.to_owned(), line, time));
        self.ended = Some(time);
        let numbers = numbers(text);
        if is_done(text) || !numbers.is_empty() {
            let steps = self.steps.entry(words.to_owned()).or_default();
            steps.see(line, time, &numbers, is_done(text));
        }
    }
}

impl Steps {
    fn see(&mut self, line: u64, time: i64, numbers: &[(String, u64)], done: bool) {
        let mut rises = done;
        for (word, number) in numbers {
            let reached = self.reached.entry(word.clone()).or_insert(*number);
            rises |= *number > *reached || self.times.is_empty();
            *reached = (*reached).max(*number);
        }
        if rises && self.times.len() < MOST {
            self.times.push(time);
            self.line = line;
        }
    }

    /// Returns the median of the seconds from one step to the next; `None` of too few.
    pub fn usual(&self) -> Option<f64> {
        let pairs = self.times.iter().zip(self.times.iter().skip(1));
        let apart: Vec<f64> = pairs.map(|(time, next)| next.saturating_sub(*time) as f64 / 1e9).collect();
        median(&apart).filter(|_| self.times.len() >= LEAST)
    }

    /// Returns the time of the last step, in nanoseconds.
    pub fn last(&self) -> Option<i64> {
        self.times.last().copied()
    }
}

/// Returns true if and only if a line says that something is done; to try again is no progress.
fn is_done(text: &str) -> bool {
    let found = classes(text.as_bytes());
    let any = |words: &[Word]| words.iter().any(|word| found.contains(*word as u32));
    any(&[Word::Done, Word::Success]) && !any(&[Word::Retry, Word::Timeout, Word::Hang])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::masks::mask;

    fn tempo(lines: &[(f64, &str)]) -> Tempo {
        let mut tempo = Tempo::default();
        for (line, (second, text)) in (1..).zip(lines) {
            tempo.see(line, (second * 1e9) as i64, text, &mask(text));
        }
        tempo
    }

    #[test]
    fn the_longest_pause_after_each_kind_of_line_is_kept() {
        let tempo = tempo(&[(0.0, "ring waits"), (0.5, "go"), (1.0, "ring waits"), (4.0, "end")]);
        let pause = tempo.pauses[&mask("ring waits")];
        assert_eq!((pause.seconds, pause.line), (3.0, 3));
    }

    #[test]
    fn what_counts_upwards_or_is_done_is_a_step_and_a_heartbeat_is_none() {
        let counted = tempo(&[(0.0, "frame 1"), (1.0, "frame 2"), (2.0, "frame 3"), (3.0, "frame 3")]);
        assert_eq!(counted.steps[&mask("frame 1")].usual(), Some(1.0));
        assert_eq!(counted.steps[&mask("frame 1")].last(), Some(2_000_000_000));
        let alive = tempo(&[(0.0, "heartbeat"), (1.0, "heartbeat"), (2.0, "retry 1: done")]);
        assert!(alive.steps.values().all(|steps| steps.usual().is_none()));
    }
}
