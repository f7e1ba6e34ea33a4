//! What is better seen than read: when each actor of a failing log spoke.

use super::shown::Shown;
use crate::facts::ActorTimes;
use crate::findings::{ClusterSummary, Findings, Lane, Mark, Plot, Timeline};
use crate::signatures::Cause;

/// Clusters that get drawings; reports show no more of them in full.
const CLUSTERS: usize = 20;
/// Moments of one actor that a drawing can tell apart.
const MOMENTS: f64 = 2000.0;
/// Causes of which who fell silent when is worth a look.
const WAITING: [Cause; 6] =
    [Cause::Timeout, Cause::Deadlock, Cause::Hang, Cause::Race, Cause::Link, Cause::Contention];

/// Adds a timeline to the clusters that fail most and whose causes drew none.
pub fn add(findings: &mut Findings, shown: &Shown) {
    let failing = findings.clusters.iter_mut().filter(|cluster| cluster.is_primary()).take(CLUSTERS);
    let is_drawn =
        |cluster: &ClusterSummary| cluster.plots.iter().any(|plot| matches!(plot, Plot::Timeline(_)));
    for cluster in failing.filter(|cluster| waits(cluster) && !is_drawn(cluster)) {
        let timeline = draw(cluster, shown).map(Plot::Timeline);
        cluster.plots.splice(0..0, timeline);
    }
}

fn waits(cluster: &ClusterSummary) -> bool {
    cluster.kind.is_waiting() || cluster.causes.first().is_some_and(|first| WAITING.contains(&first.cause))
}

/// Draws a cluster's example log.
fn draw(cluster: &ClusterSummary, shown: &Shown) -> Option<Timeline> {
    let example = cluster.example()?;
    let (start, timeline) = timeline(&example.source, shown.actors.get(&example.source)?)?;
    let failed = example.timestamp().map(|time| Mark {
        second: (time.as_nanosecond() - i128::from(start)) as f64 / 1e9,
        name: cluster.kind.to_string(),
    });
    let marks = failed.into_iter().filter(|mark| (0.0..=timeline.seconds).contains(&mark.second)).collect();
    Some(Timeline { marks, ..timeline })
}

/// Returns the first time in nanoseconds, and when each actor spoke since.
fn timeline(source: &str, actors: &[ActorTimes]) -> Option<(i64, Timeline)> {
    let times = || actors.iter().flat_map(|actor| actor.times.iter().copied());
    let (start, end) = times().min().zip(times().max())?;
    let seconds = (end - start) as f64 / 1e9;
    let lanes = actors.iter().map(|actor| lane(actor, start, seconds)).collect();
    let timeline = Timeline { source: source.to_owned(), seconds, lanes, straggler: None, marks: Vec::new() };
    (seconds > 0.0).then_some((start, timeline))
}

/// Keeps as many moments as a drawing can tell apart, and always the last.
fn lane(actor: &ActorTimes, start: i64, seconds: f64) -> Lane {
    let mut spoke: Vec<f64> = Vec::new();
    let last = actor.times.last().copied();
    for time in actor.times.iter().copied() {
        let second = (time - start) as f64 / 1e9;
        if spoke.last().is_none_or(|before| second - before >= seconds / MOMENTS) || Some(time) == last {
            spoke.push(second);
        }
    }
    spoke.dedup();
    Lane { name: actor.name.clone(), spoke, last_step: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_actor_has_a_lane_that_ends_where_it_fell_silent() {
        let actor = |name: &str, seconds: &[i64]| ActorTimes {
            name: name.to_owned(),
            times: seconds.iter().map(|second| second * 1_000_000_000).collect(),
        };
        let (_, timeline) =
            timeline("a.log", &[actor("rank 0", &[5, 15]), actor("rank 1", &[5]), actor("other", &[1805])])
                .unwrap();
        let lanes: Vec<_> =
            timeline.lanes.iter().map(|lane| (lane.name.as_str(), lane.spoke.as_slice())).collect();
        assert_eq!(timeline.seconds, 1800.0);
        assert_eq!(lanes, [("rank 0", [0.0, 10.0].as_slice()), ("rank 1", &[0.0]), ("other", &[1800.0])]);
    }

    #[test]
    fn a_chatty_actor_keeps_its_last_moment() {
        let times = (0..100_000).map(|milli| milli * 1_000_000).collect();
        let lane = lane(&ActorTimes { name: "rank 0".to_owned(), times }, 0, 100.0);
        assert!(lane.spoke.len() <= 2001);
        assert_eq!(lane.spoke.last(), Some(&99.999));
    }
}
