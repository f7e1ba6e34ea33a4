//! How much a run's processes did while they ran: one that is stuck stands still until its limit ends it,
//! one that load has slowed still works when the limit comes.
//!
//! The scheduler counts for every thread how long it had a core and how often it got one. Both together
//! make its *steps*: one for each time that it was woken or gave way, one for each millisecond of computing.
//! Processes that left the session are not seen. Where there is no `/proc` nothing can be told.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::tree;
use crate::stats::quantile;

/// How long to rest between two looks: so many times longer than a look took, within these bounds. A look
/// takes long under load as well, and then is when looks are needed.
const REST: u32 = 20;
const EVERY: Duration = Duration::from_millis(25);
const RAREST: Duration = Duration::from_millis(100);
/// How often to look for new processes, which costs more.
const SEARCH: Duration = Duration::from_millis(200);
/// From so many looks on every second one is dropped, and looks become as rare.
const MOST_LOOKS: usize = 2048;
/// A run is compared with itself in so many parts, of at least two looks each.
const PARTS: usize = 40;
/// It stands still below this part of its usual pace: load of a tenth of the machine still moves it.
const STILL: f64 = 0.05;
/// Being stopped and continued costs a thread two steps.
const STEPS_A_STOP: u64 = 2;

/// Looks at the sessions of a run's copies now and then.
#[derive(Debug, Default)]
pub struct Watch {
    copies: Vec<Copy>,
    every: Duration,
    due: Duration,
    search_due: Duration,
}

#[derive(Debug, Default)]
struct Copy {
    leader: u32,
    processes: Vec<u32>,
    threads: HashMap<u32, Thread>,
    steps: f64,
    looks: Vec<Look>,
}

#[derive(Clone, Copy, Debug)]
struct Look {
    /// Since the beginning of the run, without the time in which it was stopped.
    seconds: f64,
    steps: f64,
    /// True if a thread could go on but had no core, or waited for the disk.
    held_up: bool,
}

#[derive(Debug, Default)]
struct Thread {
    nanoseconds: u64,
    /// The most steps so far beyond those that stops explain.
    woken: u64,
    /// Times that it got a core, and stops of the session, when it was first seen.
    first: (u64, u64),
}

impl Watch {
    /// Watches the session that this process leads, a copy of the program.
    pub fn add(&mut self, leader: u32) {
        self.copies.push(Copy { leader, ..Copy::default() });
        // The new one is sought at once.
        (self.due, self.search_due) = (Duration::ZERO, Duration::ZERO);
    }

    /// Looks if it is time to. The run has lasted `elapsed`; for `let_run` of it the sessions were not
    /// stopped, and they were stopped `stops` times.
    pub fn look(&mut self, elapsed: Duration, let_run: Duration, stops: u64) {
        if elapsed < self.due {
            return;
        }
        let began = Instant::now();
        if elapsed >= self.search_due {
            self.search();
            self.search_due = elapsed + SEARCH;
        }
        self.copies.iter_mut().for_each(|copy| copy.look(let_run, stops));
        if self.copies.iter().any(|copy| copy.looks.len() >= MOST_LOOKS) {
            self.every *= 2;
            self.copies.iter_mut().for_each(Copy::thin_out);
        }
        self.due = elapsed + (began.elapsed() * REST).min(RAREST).max(self.every).max(EVERY);
    }

    fn search(&mut self) {
        let sessions = tree::sessions();
        for copy in &mut self.copies {
            let own = sessions.iter().filter(|(_, session)| *session == copy.leader);
            copy.processes = own.map(|(process, _)| *process).collect();
        }
    }

    /// Returns how each copy went, in their order.
    pub fn finish(self) -> Vec<Pace> {
        self.copies.iter().map(|copy| Pace::of(&copy.looks)).collect()
    }
}

impl Copy {
    fn look(&mut self, let_run: Duration, stops: u64) {
        let threads: Vec<tree::Thread> =
            self.processes.iter().flat_map(|&process| tree::threads(process)).collect();
        if threads.is_empty() {
            return;
        }
        for thread in &threads {
            let first = || Thread { first: (thread.times_on_core, stops), ..Thread::default() };
            self.steps += self.threads.entry(thread.number).or_insert_with(first).advance(thread, stops);
        }
        let held_up = threads.iter().any(|thread| matches!(thread.state, 'R' | 'D'));
        self.looks.push(Look { seconds: let_run.as_secs_f64(), steps: self.steps, held_up });
    }

    fn thin_out(&mut self) {
        let mut odd = false;
        self.looks.retain(|_| {
            odd = !odd;
            odd
        });
    }
}

impl Thread {
    /// Returns the steps that it made since the last look.
    fn advance(&mut self, seen: &tree::Thread, stops: u64) -> f64 {
        let stopped = STEPS_A_STOP * (stops - self.first.1);
        let woken = (seen.times_on_core - self.first.0).saturating_sub(stopped).max(self.woken);
        let computed = seen.nanoseconds.saturating_sub(self.nanoseconds);
        let steps = (woken - self.woken) as f64 + computed as f64 / 1e6;
        (self.woken, self.nanoseconds) = (woken, seen.nanoseconds);
        steps
    }
}

/// How one copy of a program went: its time in parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    seconds: f64,
    steps: f64,
    held_up: bool,
}

impl Pace {
    fn of(looks: &[Look]) -> Self {
        let gaps: Vec<(Look, Look)> = looks.iter().copied().zip(looks.iter().skip(1).copied()).collect();
        let parts = gaps.chunks((gaps.len() / PARTS).max(2)).filter_map(|gaps| {
            let ((from, _), (_, to)) = (gaps.first()?, gaps.last()?);
            let held_up = gaps.iter().filter(|(_, look)| look.held_up).count();
            let steps = to.steps - from.steps;
            Some(Part { seconds: to.seconds - from.seconds, steps, held_up: 2 * held_up >= gaps.len() })
        });
        Self(parts.collect())
    }

    /// Returns the seconds that were watched.
    pub fn seconds(&self) -> f64 {
        self.0.iter().map(|part| part.seconds).sum()
    }

    /// Returns true if it was watched closely enough to tell anything.
    pub fn is_known(&self) -> bool {
        self.0.len() >= PARTS / 4
    }

    /// Returns its steps a second, the median over its parts; `None` where too little was seen.
    pub fn usual(&self) -> Option<f64> {
        let rates: Vec<f64> = self.0.iter().map(|part| part.steps / part.seconds.max(1e-3)).collect();
        quantile(&rates, 0.5).filter(|_| self.is_known())
    }

    /// Returns the longest time in a row, in seconds, that it did next to nothing, although nobody held
    /// it up, against `usual` steps a second.
    pub fn longest_still(&self, usual: f64) -> f64 {
        let still = |part: &Part| !part.held_up && part.steps < (STILL * usual * part.seconds).max(1.0);
        let add = |(longest, now): (f64, f64), part: &Part| {
            let now = if still(part) { now + part.seconds } else { 0.0 };
            (longest.max(now), now)
        };
        self.0.iter().fold((0.0, 0.0), add).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standing_still_is_told_from_being_slow_and_from_being_held_up() {
        let part = |steps: f64, held_up| Part { seconds: 0.1, steps, held_up };
        let cases = [
            (
                "it works to the end",
                [(part(50.0, false), 10), (part(40.0, false), 20), (part(50.0, false), 10)],
                0.0,
            ),
            (
                "it waits for ever",
                [(part(50.0, false), 10), (part(0.0, false), 29), (part(90.0, false), 1)],
                2.9,
            ),
            (
                "its clock ticks meanwhile",
                [(part(50.0, false), 10), (part(2.0, false), 29), (part(90.0, false), 1)],
                2.9,
            ),
            (
                "a tenth of a core is left to it",
                [(part(50.0, false), 1), (part(5.0, false), 38), (part(5.0, false), 1)],
                0.0,
            ),
            ("it gets no core", [(part(50.0, false), 1), (part(0.0, true), 38), (part(5.0, false), 1)], 0.0),
        ];
        for (name, parts, expected) in cases {
            let parts = parts.iter().flat_map(|&(part, times)| std::iter::repeat_n(part, times));
            let still = Pace(parts.collect()).longest_still(500.0);
            assert!((still - expected).abs() < 1e-9, "{name}: {still}");
        }
    }

    #[test]
    fn stops_and_goes_are_no_steps_of_a_thread_that_waits() {
        let mut thread = Thread { first: (7, 0), ..Thread::default() };
        let seen = |times_on_core| tree::Thread { number: 1, state: 'S', nanoseconds: 0, times_on_core };
        let steps: f64 = (1..20).map(|stop| thread.advance(&seen(7 + 2 * stop), stop)).sum();
        assert_eq!(steps, 0.0);
        assert_eq!(thread.advance(&seen(7 + 2 * 20 + 3), 20), 3.0);
    }
}
