//! What the stacks of all threads say of the causes: of many alike actors the few that differ are where to look.

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::weights::Weights;
use crate::facts::clues::{Class, Folded};

/// Functions named of a stack.
const NAMED: usize = 3;

impl Folded {
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
    let notice = Notice { family: Family::Stacks, text, place, grade, share: 1.0 };
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
    use crate::facts::clues::fold;
    use crate::facts::failures::dumps::dump;
    use crate::signatures::Cause;
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
        assert!(evidence.iter().any(|one| one.cause == Cause::Hang && one.weight > 0.0), "{evidence:?}");
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
        let deadlock = evidence.iter().find(|one| one.cause == Cause::Deadlock).unwrap();
        assert_eq!(
            (deadlock.grade, deadlock.text.as_str()),
            (Grade::Explicit, "each waits for the next: a -> b -> a")
        );
    }
}
