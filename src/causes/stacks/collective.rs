//! What it says of the causes how a collective hangs.

use crate::causes::evidence::{Evidence, Grade, Notice};
use crate::causes::weights::Weights;
use crate::facts::clues::Stuck;

impl Stuck {
    /// Returns what it says about the causes.
    pub fn evidence(&self, source: &str) -> Vec<Evidence> {
        let Some((name, text)) = self.says() else { return Vec::new() };
        let place = Some((source.to_owned(), self.line));
        let notice = Notice { family: "collective", text: &text, place, grade: Grade::Heuristic, share: 1.0 };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::clues::Collectives;
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
        assert!(late.unwrap().evidence("a.log").iter().any(|one| one.cause == "link" && one.weight < 0.0));
        let all = all.unwrap();
        assert!(
            all.missing.is_empty()
                && all.evidence("a.log").iter().any(|one| one.cause == "link" && one.weight > 0.0)
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
}
