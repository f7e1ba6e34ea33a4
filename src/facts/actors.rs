//! When each actor wrote, in the lines before the first failure: what a timeline is drawn from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::lines::Index;
use crate::text::records::{Actor, Reader};

/// When one actor wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorTimes {
    /// Its most telling name, such as `rank 3`.
    pub name: String,
    /// In nanoseconds, ascending.
    pub times: Vec<i64>,
}

/// Lines before a failure, and after it, in which actors are looked for.
pub const BEFORE: u64 = 2000;
const AFTER: u64 = 300;

/// Returns when each actor wrote round the line `failed`, in the order of their names; nothing where lines bear no
/// times.
pub fn actors(index: &Index<'_>, reader: &Reader, failed: u64) -> Vec<ActorTimes> {
    let mut spoke: BTreeMap<(usize, u64, String), Vec<i64>> = BTreeMap::new();
    for line in index.range(failed.saturating_sub(BEFORE).max(1), failed.saturating_add(AFTER)) {
        let record = reader.parse(line);
        if let Some(time) = record.time {
            spoke.entry(name(&record.actor)).or_default().push(time);
        }
    }
    let actor = |((.., name), mut times): ((usize, u64, String), Vec<i64>)| {
        times.sort_unstable();
        ActorTimes { name, times }
    };
    spoke.into_iter().map(actor).collect()
}

/// Returns the most telling name of an actor, after what orders it among the others.
fn name(actor: &Actor) -> (usize, u64, String) {
    let numbered = [
        ("rank", actor.rank),
        ("worker", actor.worker),
        ("device", actor.device),
        ("process", actor.process),
    ];
    let number = numbered
        .iter()
        .enumerate()
        .find_map(|(place, (kind, number))| number.map(|number| (place, number, format!("{kind} {number}"))));
    let text = || actor.thread.as_ref().map(|thread| (4, 0, format!("thread {thread}")));
    let host = || actor.host.as_ref().map(|host| (5, 0, host.clone()));
    number.or_else(text).or_else(host).unwrap_or((6, 0, "other lines".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_actor_has_its_own_times() {
        let log = "2026-02-01T10:00:00Z rank 0: step 1\n2026-02-01T10:00:00Z rank 1: step 1\n\
                   2026-02-01T10:00:10Z rank 0: step 2\n2026-02-01T10:30:00Z job cancelled\n";
        let found = actors(&Index::new(log.as_bytes()), &Reader::guess(log.as_bytes()), 4);
        let told: Vec<(&str, usize)> =
            found.iter().map(|actor| (actor.name.as_str(), actor.times.len())).collect();
        assert_eq!(told, [("rank 0", 2), ("rank 1", 1), ("other lines", 1)]);
    }
}
