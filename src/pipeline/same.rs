//! A failed test that a run's log and its report both tell is one failure.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use xxhash_rust::xxh3::xxh3_128;

use super::runs::Runs;
use crate::clusters::{Cluster, Occurrence};
use crate::runs::Ran;

/// Moves what reports tell of a test into the cluster of what the log of the same run tells of it, and what only says that
/// it failed into that of what says why. A cluster of which all is moved to one other becomes another name of it.
pub fn one_failure_a_run(mut clusters: Vec<Cluster>, runs: &Runs) -> Vec<Cluster> {
    let best = BestOccurrences::of(&clusters, runs);
    let mut moved: Vec<(usize, Occurrence)> = Vec::new();
    for (at, cluster) in clusters.iter_mut().enumerate() {
        let targets: Vec<Option<usize>> =
            cluster.occurrences.iter().map(|one| target(one, runs, &best).filter(|to| *to != at)).collect();
        let all: BTreeSet<usize> = targets.iter().flatten().copied().collect();
        // Where everything that is tied goes to one cluster, reports without a log beside them go there, too.
        let whole = (all.len() == 1 && cluster.occurrences.iter().all(|one| runs.is_report(&one.source)))
            .then(|| all.first().copied())
            .flatten();
        let mut targets = targets.into_iter();
        cluster.occurrences.retain(|one| match targets.next().flatten().or(whole) {
            Some(to) => {
                moved.push((to, one.clone()));
                false
            }
            None => true,
        });
    }
    let names: Vec<(usize, String)> = moved.iter().map(|(to, one)| (*to, one.signature.id.clone())).collect();
    for (to, occurrence) in moved {
        if let Some(cluster) = clusters.get_mut(to) {
            cluster.occurrences.push(occurrence);
        }
    }
    let gone: BTreeSet<String> = clusters
        .iter()
        .filter(|cluster| cluster.occurrences.is_empty())
        .map(|cluster| cluster.id.clone())
        .collect();
    for (to, id) in names {
        if let Some(cluster) = clusters.get_mut(to).filter(|cluster| gone.contains(&id) && cluster.id != id) {
            cluster.aliases.push(id);
        }
    }
    for cluster in &mut clusters {
        cluster.aliases.sort();
        cluster.aliases.dedup();
        cluster
            .occurrences
            .sort_by(|a, b| (&a.source, a.event.first_line).cmp(&(&b.source, b.event.first_line)));
    }
    clusters.retain(|cluster| !cluster.occurrences.is_empty());
    clusters
}

/// Returns the cluster of what tells best of the test of a report, or of a line that only names it.
fn target(one: &Occurrence, runs: &Runs, best: &BestOccurrences) -> Option<usize> {
    let test = failed_test(one, runs)?;
    let best = best.0.get(&key(test))?;
    (runs.is_report(&one.source) || best.tells && !tells(one, test.1)).then_some(best.cluster)
}

/// Returns true if the message says more than which test failed.
fn tells(one: &Occurrence, test: &str) -> bool {
    test.rsplit("::").next().is_none_or(|name| !one.event.message.contains(name))
}

/// Of all that is told of one failed test of one run, what tells it best: one report of several lines that is to be
/// read before others, of the log where it says why. What else is told of the test does not count again.
#[derive(Debug, Default)]
pub struct BestOccurrences(HashMap<Test, Best>);

/// The run, and a hash of the name that the run knows the test by: there may be very many.
type Test = (usize, u128);

#[derive(Debug)]
struct Best {
    cluster: usize,
    place: (String, u64),
    is_log: bool,
    /// True if its message says more than which test failed.
    tells: bool,
    is_report: bool,
}

impl BestOccurrences {
    /// Chooses among the occurrences of all clusters.
    pub fn of(clusters: &[Cluster], runs: &Runs) -> Self {
        let mut best: HashMap<Test, Best> = HashMap::new();
        for (cluster, one) in clusters
            .iter()
            .enumerate()
            .flat_map(|(at, cluster)| cluster.occurrences.iter().map(move |one| (at, one)))
        {
            let Some(test) = failed_test(one, runs) else { continue };
            let key = key(test);
            let own = Best {
                cluster,
                place: (one.source.clone(), one.rank),
                is_log: !runs.is_report(&one.source),
                tells: tells(one, test.1),
                is_report: one.event.last_line > one.event.first_line,
            };
            if best.get(&key).is_none_or(|held| own.worth() > held.worth()) {
                best.insert(key, own);
            }
        }
        Self(best)
    }

    /// Returns true if nothing tells the failed test of this occurrence better; `None` if it names none.
    pub fn is_best(&self, one: &Occurrence, runs: &Runs) -> Option<bool> {
        let best = self.0.get(&key(failed_test(one, runs)?))?;
        Some(best.place.0 == one.source && best.place.1 == one.rank)
    }
}

impl Best {
    /// Returns what the best has more of.
    fn worth(&self) -> impl Ord + '_ {
        let (source, rank) = &self.place;
        (self.tells, self.is_log, self.is_report, Reverse(*rank), Reverse(source))
    }
}

/// Returns the run and the failed test of an occurrence, under the name that the run knows it by.
fn failed_test<'o>(one: &'o Occurrence, runs: &'o Runs) -> Option<(usize, &'o str)> {
    let (at, test) = (runs.at(&one.source)?, one.event.test.as_deref()?);
    let run = runs.run(&one.source)?;
    let full = run.tests.full(test).unwrap_or(test);
    (run.tests.ran(full) == Ran::Failed).then_some((at, full))
}

fn key((run, test): (usize, &str)) -> Test {
    (run, xxh3_128(test.as_bytes()))
}
