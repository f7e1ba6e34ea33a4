//! Collectives that hang: whether one rank never arrived, or all arrived and none finished.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::bytes::Regex;
use serde::{Deserialize, Serialize};

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
    /// By process group and number, the first rank that waits there, and what for.
    waiting: BTreeMap<(String, u64), (u64, String)>,
    differing: Option<Differing>,
}

/// Two ranks that wait in different collectives at one number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differing {
    pub number: u64,
    /// The ranks, each with the collective and its size.
    pub one: (u64, String),
    pub other: (u64, String),
    /// The line of the second.
    pub line: u64,
}

/// How a collective came to hang.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Each line of a watchdog holds one of these, in whatever case.
pub const STRINGS: [&str; 2] = ["last enqueued ", "WorkNCCL(SeqNum="];

static WORK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i-u)last enqueued (?:NCCL )?work: (?P<enqueued>\d+), last completed (?:NCCL )?work: (?P<completed>\d+)").ok()
});
static WAITING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u)WorkNCCL\(SeqNum=(?P<number>\d+), (?P<work>OpType=\w+(?:, NumelIn=\d+)?)").ok()
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
        self.see_waiting(record);
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

    /// Takes note of what a rank waits for.
    fn see_waiting(&mut self, record: &Record<'_>) {
        let Some(found) = WAITING.as_ref().and_then(|form| form.captures(&record.message)) else { return };
        let named = RANK.as_ref().and_then(|rank| rank.captures(record.line.bytes));
        let text = |name| Some(String::from_utf8_lossy(named.as_ref()?.name(name)?.as_bytes()).into_owned());
        let rank = text("rank").and_then(|rank| rank.parse().ok()).or(record.actor.rank);
        let number = captured(&found, "number").and_then(|number| number.parse().ok());
        let (Some(rank), Some(number)) = (rank, number) else { return };
        if self.waiting.len() >= MOST || self.differing.is_some() {
            return;
        }
        let work = captured(&found, "work").unwrap_or_default().to_owned();
        let key = (text("group").unwrap_or_default(), number);
        let first = self.waiting.entry(key).or_insert_with(|| (rank, work.clone())).clone();
        if first.0 != rank && first.1 != work {
            let line = record.line.number;
            self.differing = Some(Differing { number, one: first, other: (rank, work), line });
        }
    }

    /// Returns two ranks that wait in different collectives at one number.
    pub fn differing(&self) -> Option<Differing> {
        self.differing.clone()
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
