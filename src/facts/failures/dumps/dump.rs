//! What every thread of a process was doing at one moment.

use std::collections::{BTreeMap, BTreeSet};

/// One thread, goroutine or task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// As the dump names it.
    pub name: String,
    /// What it was doing, without how long: `chan receive`, `BLOCKED`; empty where the dump does not say.
    pub state: String,
    /// Functions, innermost first, without arguments and addresses.
    pub frames: Vec<String>,
    /// Locks that it waits for, and those that it holds.
    pub wants: Vec<String>,
    pub holds: Vec<String>,
    /// The 1-based line that begins it.
    pub line: u64,
    /// How its frames are told.
    pub(super) form: Form,
}

/// How the frames of a thread are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    #[default]
    Go,
    Jvm,
    Gdb,
    Python,
    /// Python's way with the innermost frame last.
    PythonUpwards,
}

/// One who waits for another, as a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub waiter: String,
    pub owner: String,
    /// 1-based.
    pub line: u64,
}

/// All threads of one log's dumps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump {
    pub threads: Vec<Thread>,
    pub waits: Vec<Wait>,
}

impl Dump {
    /// Returns those who wait for one another in a cycle, each for the next and the last for the first,
    /// and a line that says so; `None` unless the lines close one.
    pub fn cycle(&self) -> Option<(Vec<String>, u64)> {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for thread in &self.threads {
            for lock in &thread.holds {
                owners.insert(lock, &thread.name);
            }
        }
        let mut edges: BTreeMap<&str, BTreeSet<(&str, u64)>> = BTreeMap::new();
        for thread in &self.threads {
            let wanted = thread.wants.iter().filter_map(|lock| owners.get(lock.as_str()));
            for owner in wanted.filter(|owner| **owner != thread.name) {
                edges.entry(&thread.name).or_default().insert((owner, thread.line));
            }
        }
        for wait in self.waits.iter().filter(|wait| wait.waiter != wait.owner) {
            edges.entry(&wait.waiter).or_default().insert((&wait.owner, wait.line));
        }
        edges.keys().find_map(|start| walk(start, &edges))
    }
}

/// More steps than any cycle that a person would read has.
const LONGEST: usize = 64;

/// Follows the first edge from each until one comes again; waiting is for one thing at a time.
fn walk(start: &str, edges: &BTreeMap<&str, BTreeSet<(&str, u64)>>) -> Option<(Vec<String>, u64)> {
    let mut path: Vec<(&str, u64)> = Vec::new();
    let mut at = start;
    while path.len() < LONGEST {
        let (next, line) = edges.get(at)?.first()?;
        path.push((at, *line));
        if let Some(begin) = path.iter().position(|(name, _)| name == next) {
            let cycle = path.get(begin..)?;
            let names = cycle.iter().map(|(name, _)| (*name).to_owned()).collect();
            return Some((names, cycle.first()?.1));
        }
        at = next;
    }
    None
}
