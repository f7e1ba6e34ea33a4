//! Collectives that hang: whether one rank never arrived, or all arrived and none finished.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::evidence::{Evidence, Grade, Notice};
use super::weights::Weights;
use crate::rules::captured;
use crate::text::records::Record;

/// The last work of one rank, as its watchdog reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Work {
    enqueued: u64,
    completed: u64,
    line: u64,
}

/// What the watchdogs of all ranks reported, by process group and rank.
#[derive(Clone, Debug, Default)]
pub struct Collectives {
    groups: BTreeMap<String, BTreeMap<u64, Work>>,
}

/// How a collective came to hang.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Ranks that never enqueued what the others did, or of which no line was seen.
    pub missing: Vec<u64>,
    /// Ranks of the group that reported.
    pub reported: usize,
    /// The last work that any rank enqueued, and the last that every one completed.
    pub enqueued: u64,
    pub completed: u64,
    /// The line that tells it best.
    pub line: u64,
}

static WORK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i-u)last enqueued (?:NCCL )?work: (?P<enqueued>\d+), last completed (?:NCCL )?work: (?P<completed>\d+)").ok()
});
static RANK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i-u)\[(?:PG (?P<group>.{1,60}?) )?Rank (?P<rank>\d+)\]").ok());

/// Ranks below which silence of one says nothing.
const LEAST: usize = 3;
/// Ranks kept of one group.
const MOST: usize = 100_000;

impl Collectives {
    /// Takes note of a watchdog's line.
    pub fn see(&mut self, record: &Record<'_>) {
        let Some(found) = WORK.as_ref().and_then(|work| work.captures(&record.message)) else { return };
        let number = |name| captured(&found, name)?.parse::<u64>().ok();
        let named = RANK.as_ref().and_then(|rank| rank.captures(record.line.bytes));
        let part = |name| Some(String::from_utf8_lossy(named.as_ref()?.name(name)?.as_bytes()).into_owned());
        let rank = part("rank").and_then(|rank| rank.parse().ok()).or(record.actor.rank);
        let (Some(enqueued), Some(completed), Some(rank)) = (number("enqueued"), number("completed"), rank)
        else {
            return;
        };
        let ranks = self.groups.entry(part("group").unwrap_or_default()).or_default();
        if ranks.len() < MOST {
            ranks.insert(rank, Work { enqueued, completed, line: record.line.number });
        }
    }

    /// Returns how the group hangs that most ranks report of; `None` where fewer than two do.
    pub fn stuck(&self) -> Option<Stuck> {
        let ranks = self.groups.values().max_by_key(|ranks| ranks.len()).filter(|ranks| ranks.len() > 1)?;
        let enqueued = ranks.values().map(|work| work.enqueued).max()?;
        let completed = ranks.values().map(|work| work.completed).min()?;
        let behind = ranks.iter().filter(|(_, work)| work.enqueued < enqueued);
        let mut missing: Vec<u64> = behind.map(|(rank, _)| *rank).collect();
        if missing.is_empty() && ranks.len() >= LEAST {
            let last = ranks.keys().next_back().copied().unwrap_or_default().min(MOST as u64);
            missing = (0..=last).filter(|rank| !ranks.contains_key(rank)).collect();
        }
        // A few that are missing are suspects; most of them missing is a log of one machine of many.
        if missing.len() * 2 > ranks.len() {
            missing.clear();
        }
        let suspect = missing.iter().find_map(|rank| ranks.get(rank));
        let line = suspect.or_else(|| ranks.values().next()).map(|work| work.line)?;
        Some(Stuck { missing, reported: ranks.len(), enqueued, completed, line })
    }
}

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
