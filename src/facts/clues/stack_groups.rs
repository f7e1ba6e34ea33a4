//! Stack dumps folded into classes of equal stacks, of which the smallest is the one to look at.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::facts::failures::dumps::{Dump, Thread};

/// Threads with the same state and the same stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// What the threads were doing; empty where the dump does not say.
    pub state: String,
    /// Functions, innermost first.
    pub frames: Vec<String>,
    /// Their names, in the order of the dump.
    pub threads: Vec<String>,
    /// The line of the first.
    pub line: u64,
}

/// What a log's stack dumps say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Folded {
    /// Most threads first.
    pub classes: Vec<Class>,
    /// Those who wait for one another in a cycle, and a line that says so.
    pub cycle: Option<(Vec<String>, u64)>,
}

/// Threads that a dump needs for its classes to tell anything.
const LEAST: usize = 3;
/// Share of all threads from which a class is what most of them do.
const MOST: f64 = 0.5;

/// Folds a dump; threads that belong to the runtime alone are left out. `None` for no dump.
///
/// D. Arnold and others, "Stack trace analysis for large scale debugging" (STAT), 2007: of many alike
/// actors the few that do something else are where to look.
pub fn fold(dump: &Dump) -> Option<Folded> {
    let mut classes: BTreeMap<(&str, &[String]), Vec<&Thread>> = BTreeMap::new();
    for thread in dump.threads.iter().filter(|thread| !is_runtime(thread)) {
        classes.entry((&thread.state, &thread.frames)).or_default().push(thread);
    }
    let class = |((state, frames), threads): ((&str, &[String]), Vec<&Thread>)| Class {
        state: state.to_owned(),
        frames: frames.to_vec(),
        line: threads.iter().map(|thread| thread.line).min().unwrap_or_default(),
        threads: threads.iter().map(|thread| thread.name.clone()).collect(),
    };
    let mut classes: Vec<Class> = classes.into_iter().map(class).collect();
    classes.sort_by_key(|class| (std::cmp::Reverse(class.threads.len()), class.line));
    let cycle = dump.cycle();
    (!classes.is_empty() || cycle.is_some()).then_some(Folded { classes, cycle })
}

/// Beginnings of functions that belong to a runtime and wait in any healthy process.
const RUNTIME: [&str; 12] = [
    "runtime.",
    "testing.",
    "os/signal.",
    "internal/poll.",
    "time.",
    "java.lang.ref.",
    "jdk.internal.",
    "sun.misc.",
    "java.lang.Object.wait",
    "_bootstrap",
    "__libc_start",
    "start_thread",
];

fn is_runtime(thread: &Thread) -> bool {
    thread.frames.iter().all(|frame| RUNTIME.iter().any(|begin| frame.starts_with(begin)))
}

impl Folded {
    /// Returns the line of the cycle and that of the class to look at.
    pub fn lines(&self) -> impl Iterator<Item = u64> {
        let cycle = self.cycle.iter().map(|(_, line)| *line);
        cycle
            .chain(self.classes.first().map(|class| class.line))
            .chain(self.suspect().map(|class| class.line))
    }

    /// Returns how many threads were folded.
    pub fn threads(&self) -> usize {
        self.classes.iter().map(|class| class.threads.len()).sum()
    }

    /// Returns the one smallest class, if most threads do the same and it does not.
    pub fn suspect(&self) -> Option<&Class> {
        let [first, .., before, last] = self.classes.as_slice() else {
            let [first, last] = self.classes.as_slice() else { return None };
            return (self.is_most(first) && last.threads.len() < first.threads.len()).then_some(last);
        };
        (self.is_most(first) && last.threads.len() < before.threads.len()).then_some(last)
    }

    /// Returns true if most threads are of this class.
    pub fn is_most(&self, class: &Class) -> bool {
        self.threads() >= LEAST && class.threads.len() as f64 >= MOST * self.threads() as f64
    }
}
