//! What the output of a run says, and the failures in it.

use super::named_test::is_time;
use super::oracle::Oracle;
use super::recognise;
use crate::clusters::{Cluster, Occurrence};
use crate::facts::Facts;

/// What the output of a run says: its facts, read for what [`Oracle::sought`] seeks, and its failures in groups.
#[derive(Clone, Copy, Debug)]
pub struct Output<'o> {
    pub facts: &'o [Facts],
    pub clusters: &'o [Cluster],
}

/// One failure of the output.
pub struct Failed<'a> {
    pub message: &'a str,
    pub lines: Vec<&'a str>,
    pub test: Option<&'a str>,
    /// True if the oracle names its group.
    pub has_id: bool,
}

/// Returns the failures that were found, those to be read first in front.
pub fn failures<'o>(oracle: &Oracle, output: Output<'o>) -> Vec<Failed<'o>> {
    let occurrences =
        output.clusters.iter().flat_map(|cluster| cluster.occurrences.iter().map(move |one| (cluster, one)));
    let mut found: Vec<(&Cluster, &Occurrence)> = occurrences.collect();
    found.sort_by_key(|(_, occurrence)| occurrence.rank);
    let failed = |(cluster, occurrence): (&Cluster, &'o Occurrence)| {
        let event = &occurrence.event;
        Failed {
            message: &event.message,
            lines: lines(output.facts, occurrence),
            test: event.test.as_deref().filter(|test| !is_time(test)),
            has_id: !recognise::is_heading(&event.message) && oracle.has_id(cluster, occurrence),
        }
    };
    found.into_iter().map(|(cluster, occurrence)| failed((cluster, occurrence))).collect()
}

/// Returns the lines of a failure.
fn lines<'o>(facts: &'o [Facts], occurrence: &Occurrence) -> Vec<&'o str> {
    let of = |facts: &'o Facts| {
        let own = facts.source.name == occurrence.source;
        let at =
            facts.failures.iter().position(|event| own && event.first_line == occurrence.event.first_line)?;
        facts.setup.as_ref()?.failures.get(at)
    };
    facts.iter().find_map(of).into_iter().flat_map(|own| &own.lines).map(|(_, text)| text.as_str()).collect()
}

impl Oracle {
    fn has_id(&self, cluster: &Cluster, occurrence: &Occurrence) -> bool {
        let own = [&cluster.id, &occurrence.signature.id];
        let is = |id: &String| own.contains(&id) || cluster.aliases.contains(id);
        std::iter::once(&self.cluster).chain(&self.aliases).any(is)
    }
}
