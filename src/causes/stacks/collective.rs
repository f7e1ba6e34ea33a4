//! What it says of the causes how a collective hangs.

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::weights::Weights;
use crate::facts::clues::{Differing, Stuck};

impl Stuck {
    /// Returns what it says about the causes.
    pub fn evidence(&self, source: &str) -> Vec<Evidence> {
        let Some((name, text)) = self.says() else { return Vec::new() };
        let place = Some((source.to_owned(), self.line));
        let notice =
            Notice { family: Family::Collective, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get(name))
    }

    fn says(&self) -> Option<(&'static str, String)> {
        let missing: Vec<String> = self.missing.iter().take(8).map(|rank| format!("rank {rank}")).collect();
        if !missing.is_empty() {
            let text = format!(
                "{} never arrived at collective {} that the others had enqueued: its program, or its machine",
                missing.join(", "),
                self.enqueued
            );
            return Some(("never-arrived", text));
        }
        let text = format!(
            "all {} ranks that reported had enqueued collective {} and none had finished more than {}: all arrived, the transport is suspect",
            self.reported, self.enqueued, self.completed
        );
        (self.completed < self.enqueued).then_some(("all-arrived", text))
    }
}

impl Differing {
    /// Returns what it says about the causes.
    pub fn evidence(&self, source: &str) -> Vec<Evidence> {
        let of = |(rank, work): &(u64, String)| format!("rank {rank} in {work}");
        let text = format!(
            "ranks do not run the same collective at number {}: {}, {}",
            self.number,
            of(&self.one),
            of(&self.other)
        );
        let place = Some((source.to_owned(), self.line));
        let notice =
            Notice { family: Family::Collective, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get("ranks-differ"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::clues::Collectives;
    use crate::signatures::Cause;
    use crate::text::lines::split;
    use crate::text::records::parse;

    fn stuck(ranks: &[(u64, u64, u64)]) -> Option<Stuck> {
        let mut collectives = Collectives::default();
        for (rank, enqueued, completed) in ranks {
            let text = format!(
                "[PG ID 0 PG GUID 0(default_pg) Rank {rank}] Timeout at NCCL work: 42, last enqueued NCCL work: {enqueued}, last completed NCCL work: {completed}."
            );
            collectives.see(&parse(split(text.as_bytes()).next().unwrap()));
        }
        collectives.stuck()
    }

    #[test]
    fn who_never_arrived_and_who_never_finished_are_told_apart() {
        let (late, all) = (
            stuck(&[(0, 42, 41), (1, 42, 41), (2, 41, 41), (3, 42, 41)]),
            stuck(&[(0, 42, 41), (1, 42, 41), (2, 42, 41)]),
        );
        assert_eq!(late.as_ref().map(|stuck| stuck.missing.clone()), Some(vec![2]));
        assert!(
            late.unwrap().evidence("a.log").iter().any(|one| one.cause == Cause::Link && one.weight < 0.0)
        );
        let all = all.unwrap();
        assert!(
            all.missing.is_empty()
                && all.evidence("a.log").iter().any(|one| one.cause == Cause::Link && one.weight > 0.0)
        );
    }

    #[test]
    fn a_rank_without_a_word_is_missing_and_one_rank_alone_tells_nothing() {
        assert_eq!(stuck(&[(0, 42, 41), (1, 42, 41), (3, 42, 41)]).unwrap().missing, [2]);
        assert_eq!(stuck(&[(7, 42, 41)]), None);
        assert!(
            stuck(&[(6, 42, 41), (7, 42, 41)]).unwrap().missing.is_empty(),
            "the log of one machine of four"
        );
        let done = stuck(&[(0, 42, 42), (1, 42, 42)]).unwrap();
        assert!(done.evidence("a.log").is_empty(), "nothing is stuck");
    }

    #[test]
    fn ranks_that_wait_in_different_collectives_are_told_apart_from_those_that_wait_in_one() {
        let wait = |rank: u64, work: &str| {
            format!(
                "[rank{rank}]: [Rank {rank}] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=31, {work}, NumelOut=8, Timeout(ms)=600000) ran for 600041 milliseconds\n"
            )
        };
        let read = |log: &str| {
            let mut collectives = Collectives::default();
            split(log.as_bytes()).for_each(|line| collectives.see(&parse(line)));
            collectives.differing()
        };
        let (reduce, scatter) = ("OpType=ALLREDUCE, NumelIn=8", "OpType=BROADCAST, NumelIn=8");
        assert_eq!(read(&format!("{}{}", wait(1, reduce), wait(3, reduce))), None, "they wait together");
        assert_eq!(read(&format!("{}{}", wait(1, reduce), wait(1, scatter))), None, "one rank");
        let differing = read(&format!("{}{}", wait(1, reduce), wait(3, scatter))).unwrap();
        assert_eq!((differing.number, differing.one.0, differing.other.0, differing.line), (31, 1, 3, 2));
        let causes: Vec<Cause> =
            differing.evidence("a.log").iter().filter(|one| one.weight > 1.5).map(|one| one.cause).collect();
        assert_eq!(causes, [Cause::Defect]);
    }
}
