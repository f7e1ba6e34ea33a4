//! Stack dumps folded into classes of equal stacks, of which the smallest is the one to look at.

use std::collections::BTreeMap;

use super::evidence::{Evidence, Grade, Notice};
use super::weights::Weights;
use crate::facts::failures::dumps::{Dump, Thread};

/// Threads with the same state and the same stack.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, Default, PartialEq)]
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
/// Functions named of a stack.
const NAMED: usize = 3;

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

    fn is_most(&self, class: &Class) -> bool {
        self.threads() >= LEAST && class.threads.len() as f64 >= MOST * self.threads() as f64
    }

    /// Returns what the stacks say about the causes: a deadlock only where a cycle is shown.
    pub fn evidence(&self, source: &str) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        if let Some((names, line)) = &self.cycle {
            let text = format!(
                "each waits for the next: {} -> {}",
                names.join(" -> "),
                names.first().map_or("", String::as_str)
            );
            evidence.extend(notice("wait-for-cycle", &text, source, *line, Grade::Explicit));
        }
        let Some(most) = self.classes.first().filter(|class| self.is_most(class)) else { return evidence };
        let (name, line) = match self.suspect() {
            Some(suspect) => ("one-differs", suspect.line),
            None => ("all-wait", most.line),
        };
        evidence.extend(notice(name, &self.says(most), source, line, Grade::Heuristic));
        evidence
    }

    fn says(&self, most: &Class) -> String {
        let mut text = format!(
            "{} threads have {} different stacks; {} of them {}",
            self.threads(),
            self.classes.len(),
            most.threads.len(),
            most.says()
        );
        match self.suspect() {
            Some(suspect) => text += &format!("; {} differ: {}", suspect.threads.join(", "), suspect.says()),
            None => text += "; none stands out, so this is no more than where they wait",
        }
        text
    }
}

fn notice(name: &str, text: &str, source: &str, line: u64, grade: Grade) -> Vec<Evidence> {
    let place = Some((source.to_owned(), line));
    let notice = Notice { family: "stacks", text, place, grade, share: 1.0 };
    notice.weighed(Weights::embedded().finding.get(name))
}

impl Class {
    /// Returns the state and the innermost functions: `chan receive in ring.Pop < ring.Gather`.
    pub fn says(&self) -> String {
        let frames: Vec<&str> = self.frames.iter().take(NAMED).map(String::as_str).collect();
        match self.state.as_str() {
            "" => format!("in {}", frames.join(" < ")),
            state => format!("{state} in {}", frames.join(" < ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::failures::dumps::dump;
    use crate::text::lines::Index;
    use crate::text::records::Reader;

    fn folded(text: &str) -> Folded {
        let dump = dump(&Index::new(text.as_bytes()), &Reader::guess(text.as_bytes()), 1, u64::MAX);
        fold(&dump).unwrap()
    }

    fn goroutines(stacks: &[(usize, &str, &str)]) -> String {
        let stack = |(count, state, function): &(usize, &str, &str)| {
            let one = |number| {
                format!(
                    "goroutine {number} [{state}, {number} minutes]:\n{function}(0x{number})\n\t/src/a.go:{number}\n\n"
                )
            };
            (0..*count).map(one).collect::<String>()
        };
        stacks.iter().map(stack).collect()
    }

    #[test]
    fn equal_stacks_are_one_class_and_the_smallest_is_the_suspect() {
        let text = goroutines(&[
            (31, "semacquire", "ring.Pop"),
            (1, "IO wait", "ring.Flush"),
            (2, "select", "ring.Serve"),
            (4, "idle", "runtime.gopark"),
        ]);
        let folded = folded(&text);
        let sizes: Vec<usize> = folded.classes.iter().map(|class| class.threads.len()).collect();
        assert_eq!(sizes, [31, 2, 1], "those of the runtime are left out");
        assert_eq!(folded.suspect().unwrap().frames, ["ring.Flush"]);
        let evidence = folded.evidence("a.log");
        assert!(evidence.iter().any(|one| one.cause == "hang" && one.weight > 0.0), "{evidence:?}");
        assert!(evidence.iter().all(|one| one.grade < Grade::Explicit), "waiting alone is no deadlock");
    }

    #[test]
    fn where_all_differ_nobody_is_the_suspect() {
        let folded = folded(&goroutines(&[(1, "select", "a.A"), (1, "select", "b.B"), (1, "select", "c.C")]));
        assert_eq!((folded.suspect(), folded.evidence("a.log")), (None, Vec::new()));
    }

    #[test]
    fn a_cycle_is_a_deadlock_outright() {
        let text = "\"a\":\n  which is held by \"b\"\n\"b\":\n  which is held by \"a\"\n";
        let evidence = folded(text).evidence("a.log");
        let deadlock = evidence.iter().find(|one| one.cause == "deadlock").unwrap();
        assert_eq!(
            (deadlock.grade, deadlock.text.as_str()),
            (Grade::Explicit, "each waits for the next: a -> b -> a")
        );
    }
}
