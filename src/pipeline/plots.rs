//! What is better seen than read: when each actor of a failing log spoke.

use std::collections::BTreeMap;

use crate::findings::{ClusterSummary, Findings, Lane, Mark, Plot, Timeline};
use crate::input::{self, Limits, Request, Source};
use crate::text::lines::split;
use crate::text::records::{Actor, Reader};

/// Clusters that get drawings; reports show no more of them in full.
const CLUSTERS: usize = 20;
/// Moments of one actor that a drawing can tell apart.
const MOMENTS: f64 = 2000.0;
/// Kinds of failure, and causes, in which who fell silent when is worth a look.
const WAITING: [&str; 7] = ["timeout", "silence", "deadlock", "hang", "race", "link", "contention"];

/// Adds a timeline to the clusters that fail most and whose causes drew none. A log that cannot be read
/// again gets none.
pub fn add(findings: &mut Findings, request: &Request) {
    let failing = findings.clusters.iter().filter(|cluster| cluster.is_primary()).take(CLUSTERS);
    let is_drawn =
        |cluster: &&ClusterSummary| cluster.plots.iter().any(|plot| matches!(plot, Plot::Timeline(_)));
    let waiting: Vec<_> = failing.filter(|cluster| waits(cluster) && !is_drawn(cluster)).collect();
    let mut timelines = timelines(&waiting, request);
    for cluster in &mut findings.clusters {
        let timeline = timelines.remove(&cluster.id).map(Plot::Timeline);
        cluster.plots.splice(0..0, timeline);
    }
}

fn waits(cluster: &ClusterSummary) -> bool {
    let cause = cluster.causes.first().map(|cause| cause.cause.as_str());
    WAITING.contains(&cluster.kind.as_str()) || cause.is_some_and(|cause| WAITING.contains(&cause))
}

/// Draws each cluster's example log, by the cluster's id.
fn timelines(clusters: &[&ClusterSummary], request: &Request) -> BTreeMap<String, Timeline> {
    let mut timelines = BTreeMap::new();
    let holds = |name: &str, source: &str| {
        source == name || source.strip_prefix(name).is_some_and(|rest| rest.starts_with('!'))
    };
    for input in input::find(request).inputs {
        let here = |cluster: &&&ClusterSummary| {
            cluster.example().is_some_and(|example| holds(input.name(), &example.source))
        };
        let clusters: Vec<_> = clusters.iter().filter(here).collect();
        if clusters.is_empty() {
            continue;
        }
        input::open(&input, &Limits::default(), &mut |source| {
            let drawn = clusters.iter().filter_map(|cluster| draw(cluster, &source));
            timelines.extend(drawn);
        });
    }
    timelines
}

fn draw(cluster: &ClusterSummary, source: &Source) -> Option<(String, Timeline)> {
    let example = cluster.example().filter(|example| example.source == source.name)?;
    let (start, timeline) = timeline(source)?;
    let failed = example.timestamp().map(|time| Mark {
        second: (time.as_nanosecond() - i128::from(start)) as f64 / 1e9,
        name: cluster.kind.clone(),
    });
    let marks = failed.into_iter().filter(|mark| (0.0..=timeline.seconds).contains(&mark.second)).collect();
    Some((cluster.id.clone(), Timeline { marks, ..timeline }))
}

/// Returns the first time in nanoseconds, and when each actor spoke since.
fn timeline(source: &Source) -> Option<(i64, Timeline)> {
    let reader = Reader::guess(&source.bytes);
    let mut spoke: BTreeMap<(usize, u64, String), Vec<i64>> = BTreeMap::new();
    for record in split(&source.bytes).map(|line| reader.parse(line)) {
        if let Some(time) = record.time {
            spoke.entry(name(&record.actor)).or_default().push(time);
        }
    }
    let times = || spoke.values().flatten().copied();
    let (start, end) = times().min().zip(times().max())?;
    let seconds = (end - start) as f64 / 1e9;
    let lanes = spoke.into_iter().map(|((.., name), times)| lane(name, times, start, seconds)).collect();
    let timeline =
        Timeline { source: source.name.clone(), seconds, lanes, straggler: None, marks: Vec::new() };
    (seconds > 0.0).then_some((start, timeline))
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

/// Keeps as many moments as a drawing can tell apart, and always the last.
fn lane(name: String, mut times: Vec<i64>, start: i64, seconds: f64) -> Lane {
    times.sort_unstable();
    let mut spoke: Vec<f64> = Vec::new();
    let last = times.last().copied();
    for time in times {
        let second = (time - start) as f64 / 1e9;
        if spoke.last().is_none_or(|before| second - before >= seconds / MOMENTS) || Some(time) == last {
            spoke.push(second);
        }
    }
    spoke.dedup();
    Lane { name, spoke, last_step: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_actor_has_a_lane_that_ends_where_it_fell_silent() {
        let log = "2026-02-01T10:00:00Z rank 0: step 1\n2026-02-01T10:00:00Z rank 1: step 1\n\
                   2026-02-01T10:00:10Z rank 0: step 2\n2026-02-01T10:30:00Z job cancelled\n";
        let mut drawn = None;
        input::open_bytes("a.log", log.into(), &Limits::default(), &mut |source| drawn = timeline(&source));
        let (_, timeline) = drawn.unwrap();
        let lanes: Vec<_> =
            timeline.lanes.iter().map(|lane| (lane.name.as_str(), lane.spoke.as_slice())).collect();
        assert_eq!(timeline.seconds, 1800.0);
        assert_eq!(
            lanes,
            [("rank 0", [0.0, 10.0].as_slice()), ("rank 1", &[0.0]), ("other lines", &[1800.0])]
        );
    }

    #[test]
    fn a_chatty_actor_keeps_its_last_moment() {
        let times = (0..100_000).map(|milli| milli * 1_000_000).collect();
        let lane = lane("rank 0".to_owned(), times, 0, 100.0);
        assert!(lane.spoke.len() <= 2001);
        assert_eq!(lane.spoke.last(), Some(&99.999));
    }
}
