//! The copies of one run, each with how it is to be counted, and which of them says most.

use super::ending::Ending;
use super::oracle::{Judgement, Verdict};
use super::process::{Exit, Process};
use super::trial::Failed;

/// How a copy is to be counted, and how it went if it failed with the signature's words.
type CountedCopy = (Judgement, Option<Ending>);

/// Copies that have ended.
pub struct Judged<'p> {
    processes: &'p [Process],
    /// In the order of the copies.
    all: Vec<CountedCopy>,
    best_at: usize,
}

impl<'p> Judged<'p> {
    pub fn of(processes: &'p [Process], all: Vec<CountedCopy>) -> Self {
        // A copy that was stopped says less than any other.
        let rank = |(_, (one, _)): &(usize, &CountedCopy)| (one.verdict != Verdict::Interrupted, one.verdict);
        let best_at = all.iter().enumerate().max_by_key(rank).map_or(0, |(at, _)| at);
        Self { processes, all, best_at }
    }

    /// Returns the position of the copy that says most.
    pub fn best_at(&self) -> usize {
        self.best_at
    }

    /// Returns what was made of that copy.
    pub fn best(&self) -> Option<&CountedCopy> {
        self.all.get(self.best_at)
    }

    pub fn verdicts(&self) -> Vec<Verdict> {
        self.all.iter().map(|(one, _)| one.verdict).collect()
    }

    fn each(&self) -> impl Iterator<Item = (&'p Process, &Judgement)> {
        self.processes.iter().zip(self.all.iter().map(|(one, _)| one))
    }

    /// Returns when copies failed as looked for, in seconds since the run began, ascending.
    pub fn hits_at(&self) -> Vec<f64> {
        let hits = self.each().filter(|(_, one)| one.verdict == Verdict::Exact);
        let mut hits_at: Vec<f64> = hits.map(|(process, _)| process.ended_at.as_secs_f64()).collect();
        hits_at.sort_by(f64::total_cmp);
        hits_at
    }

    /// Returns the seconds of the longest copy that ended by itself.
    pub fn longest(&self) -> Option<f64> {
        let by_itself = self.processes.iter().filter(|process| process.exit != Exit::Interrupted);
        by_itself.map(|process| process.wall.as_secs_f64()).reduce(f64::max)
    }

    /// Returns the first copy that passed.
    pub fn passed(&self) -> Option<&'p Process> {
        self.each().find(|(_, one)| one.verdict == Verdict::Passed).map(|(process, _)| process)
    }

    /// Returns the copies that failed in another way, but for the one that says most.
    pub fn others(&self) -> Vec<Failed> {
        let others = self.each().enumerate().filter(|(at, _)| *at != self.best_at).map(|(_, one)| one);
        let missed = others.filter(|(_, one)| {
            !matches!(one.verdict, Verdict::Passed | Verdict::Exact | Verdict::Interrupted)
        });
        let failed = missed.map(|(process, one)| Failed {
            verdict: one.verdict,
            headline: one.headline.clone().or_else(|| Some(process.exit.to_string())),
            difference: one.difference.clone(),
        });
        failed.collect()
    }
}
