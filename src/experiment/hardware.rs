//! Machines, devices, boards and versions that a log names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::pattern::Place;
use super::said::Said;
use super::surroundings::{Seen, Surroundings};
use crate::rules::{Wordings, captured};
use crate::text::records::Actor;

static TABLE: LazyLock<Wordings<Row>> =
    LazyLock::new(|| Wordings::embedded(include_str!("../rules/hardware.toml")));

/// Values kept in each list.
const MOST_VALUES: usize = 24;

#[derive(Debug, Deserialize)]
struct Row {
    list: List,
    what: String,
}

/// The list of [`Surroundings`] that a value goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum List {
    Hosts,
    Images,
    Hardware,
    Devices,
    Actors,
    Versions,
}

/// One value of one log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fact {
    pub list: List,
    pub what: String,
    pub value: String,
    pub at: Place,
}

/// Returns what the lines up to `until` say of where they were written, each value once.
pub(super) fn facts(source: &str, log: &[Said<'_>], until: u64) -> Vec<Fact> {
    let mut facts = BTreeMap::new();
    for said in log.iter().take_while(|said| said.number() <= until) {
        for fact in on_line(source, said.number(), said.text.trim_start()) {
            facts.entry((fact.list, fact.what.clone(), fact.value.clone())).or_insert(fact);
        }
    }
    facts.into_values().collect()
}

fn on_line<'t>(source: &'t str, line: u64, text: &'t str) -> impl Iterator<Item = Fact> + 't {
    TABLE.matches(text.as_bytes()).filter_map(move |(_, row, captures)| {
        let value = captured(&captures, "value")?;
        let at = Place { source: source.to_owned(), line };
        Some(Fact { list: row.list, what: row.what.clone(), value, at })
    })
}

/// Returns what an actor's parts say; its process number is new in each run and says nothing.
pub(super) fn of_actor(actor: &Actor, at: &Place) -> Vec<Fact> {
    let fact = |list, what: &str, value: Option<String>| {
        Some(Fact { list, what: what.to_owned(), value: value?, at: at.clone() })
    };
    let number = |value: Option<u64>| value.map(|value| value.to_string());
    [
        fact(List::Hosts, "host", actor.host.clone()),
        fact(List::Devices, "device", number(actor.device)),
        fact(List::Actors, "rank", number(actor.rank)),
        fact(List::Actors, "worker", number(actor.worker)),
        fact(List::Actors, "thread", actor.thread.clone()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the facts of several logs together: each value once, with the number of logs.
pub(super) fn surroundings<'a>(logs: impl Iterator<Item = &'a [Fact]>) -> Surroundings {
    let mut counts: BTreeMap<(List, String, String), Seen> = BTreeMap::new();
    for facts in logs {
        let mut own: Vec<&Fact> = facts.iter().collect();
        own.sort_by_key(|fact| (fact.list, &fact.what, &fact.value));
        own.dedup_by_key(|fact| (fact.list, &fact.what, &fact.value));
        for fact in own {
            let key = (fact.list, fact.what.clone(), fact.value.clone());
            let seen = counts.entry(key).or_insert_with(|| Seen {
                what: fact.what.clone(),
                value: fact.value.clone(),
                failing: 0,
                at: fact.at.clone(),
            });
            seen.failing += 1;
        }
    }
    let list = |wanted: List| {
        let of_list = counts.iter().filter(|((list, ..), _)| *list == wanted);
        let mut seen: Vec<Seen> = of_list.map(|(_, seen)| seen.clone()).collect();
        seen.sort_by_key(|seen| std::cmp::Reverse(seen.failing));
        seen.truncate(MOST_VALUES);
        seen
    };
    Surroundings {
        hosts: list(List::Hosts),
        images: list(List::Images),
        hardware: list(List::Hardware),
        devices: list(List::Devices),
        actors: list(List::Actors),
        versions: list(List::Versions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_examples;

    #[test]
    fn every_row_finds_its_example() {
        check_examples::<Row>(include_str!("../rules/hardware.toml"), |row, example| {
            let found = facts("x", &Said::all(example.as_bytes()), u64::MAX);
            found.iter().any(|fact| fact.what == row.what)
        });
    }

    #[test]
    fn values_of_several_logs_are_counted_once_a_log() {
        let log = Said::all(b"Machine name: 'a'\nMachine name: 'a'\nPython 3\n");
        let facts = facts("x", &log, u64::MAX);
        let all = surroundings([facts.as_slice(), facts.as_slice()].into_iter());
        assert_eq!(
            all.hosts.iter().map(|seen| (seen.value.as_str(), seen.failing)).collect::<Vec<_>>(),
            [("a", 2)]
        );
        assert!(all.versions.is_empty());
    }
}
