//! Where it ran: machines, devices, actors, and what is peculiar to the failing ones.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::failing_run::FailingRun;
use crate::causes;
use crate::facts::environment::{Exposure, What};
use crate::facts::setup::List;
use crate::facts::{Facts, Place};

/// Where the failing runs ran, as far as their logs say. Lists hold each value once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Surroundings {
    /// Host or runner names.
    #[serde(default)]
    pub hosts: Vec<Seen>,
    /// Operating systems and runner images.
    #[serde(default)]
    pub images: Vec<Seen>,
    /// Boards and device architectures, such as `n300` or `wormhole_b0`.
    #[serde(default)]
    pub hardware: Vec<Seen>,
    /// Devices or chips that the failure names.
    #[serde(default)]
    pub devices: Vec<Seen>,
    /// Ranks, workers and threads that the failure names.
    #[serde(default)]
    pub actors: Vec<Seen>,
    /// Versions of interpreters, drivers, firmware and frameworks.
    #[serde(default)]
    pub versions: Vec<Seen>,
}

/// A value, how many failing logs have it, and one place where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// Such as `host`, `runner`, `arch`, `device`, `rank`, `python`.
    pub what: String,
    pub value: String,
    /// Failing logs that have it.
    pub failing: u64,
    pub at: Place,
}

/// A place that failing runs share more than passing ones do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Concentration {
    /// Such as `host` or `device`.
    pub what: String,
    pub value: String,
    /// Failing runs there, and failing runs in all; failures in a row at one place count once.
    pub failing: [u64; 2],
    /// Passing runs there, and passing runs in all.
    pub passing: [u64; 2],
    /// The chance of a place that stands out as much, corrected for all places and kinds that were compared.
    pub p_adjusted: f64,
    pub at: Place,
}

/// Values kept in each list.
const MOST_VALUES: usize = 24;

/// Returns where the failing runs ran: each value once, with the number of logs that have it.
pub(super) fn surroundings(failing: &[FailingRun<'_>]) -> Surroundings {
    let (mut hosts, mut devices, mut actors) = (Values::default(), Values::default(), Values::default());
    let (mut images, mut hardware, mut versions) = (Values::default(), Values::default(), Values::default());
    for run in failing {
        let environment = &run.facts.environment;
        let named = |what| environment.all(what).into_iter().map(|(value, line, _)| (value.to_owned(), line));
        named(What::Host).for_each(|(value, line)| hosts.add(run, "host", &value, line));
        named(What::Board).for_each(|(value, line)| hardware.add(run, "board id", &value, line));
        named(What::Commit).for_each(|(value, line)| versions.add(run, "commit", &value, line));
        for part in run.setup.iter().flat_map(|setup| &setup.machine).filter(|part| part.at.line <= run.until)
        {
            let list = match part.list {
                List::Images => &mut images,
                List::Hardware => &mut hardware,
                List::Versions => &mut versions,
            };
            list.add(run, &part.what, &part.value, part.at.line);
        }
        let Some(actor) = &run.occurrence.actor else { continue };
        let line = run.headline.1.line;
        let number = |value: Option<u64>| value.map(|value| value.to_string());
        actor.host.iter().for_each(|host| hosts.add(run, "host", host, line));
        number(actor.device).iter().for_each(|device| devices.add(run, "device", device, line));
        number(actor.rank).iter().for_each(|rank| actors.add(run, "rank", rank, line));
        number(actor.worker).iter().for_each(|worker| actors.add(run, "worker", worker, line));
        actor.thread.iter().for_each(|thread| actors.add(run, "thread", thread, line));
    }
    Surroundings {
        hosts: hosts.most(),
        images: images.most(),
        hardware: hardware.most(),
        devices: devices.most(),
        actors: actors.most(),
        versions: versions.most(),
    }
}

/// The values of one list, each with the last log that was counted for it.
#[derive(Default)]
struct Values(BTreeMap<(String, String), (Seen, String)>);

impl Values {
    fn add(&mut self, run: &FailingRun<'_>, what: &str, value: &str, line: u64) {
        let source = run.source();
        let seen = || Seen {
            what: what.to_owned(),
            value: value.to_owned(),
            failing: 0,
            at: Place::new(source, line.max(1)),
        };
        let key = (what.to_owned(), value.to_owned());
        let (seen, counted) = self.0.entry(key).or_insert_with(|| (seen(), String::new()));
        if counted != source {
            seen.failing += 1;
            source.clone_into(counted);
        }
    }

    fn most(self) -> Vec<Seen> {
        let mut seen: Vec<Seen> = self.0.into_values().map(|(seen, _)| seen).collect();
        seen.sort_by_key(|seen| std::cmp::Reverse(seen.failing));
        seen.truncate(MOST_VALUES);
        seen
    }
}

/// Returns the hosts, boards, chips and links at which the failure proved to keep, most telling first; none
/// without passing runs.
pub(super) fn concentration(failing: &[FailingRun<'_>], passing: &[&Facts]) -> Vec<Concentration> {
    if passing.is_empty() {
        return Vec::new();
    }
    let failed: Vec<&Exposure> = failing.iter().map(|run| &run.facts.environment).collect();
    let passed: Vec<&Exposure> = passing.iter().map(|facts| &facts.environment).collect();
    let found = causes::concentrations(&failed, &passed).into_iter();
    let is_place = |what| matches!(what, What::Host | What::Board | What::Chip | What::Link);
    let kept = found.filter(|one| one.is_proved() && is_place(one.what)).filter_map(|one| {
        let (source, line) = one.at?;
        let without = |runs: u64, failures: u64| runs.saturating_sub(failures);
        Some(Concentration {
            what: one.what.name().to_owned(),
            value: one.value,
            failing: [one.failures.0, one.failures.1],
            passing: [without(one.exposures.0, one.failures.0), without(one.exposures.1, one.failures.1)],
            p_adjusted: one.p_value,
            at: Place { source, line },
        })
    });
    kept.collect()
}
