//! Days and commits in the few letters that a page has room for.

use jiff::Timestamp;

use crate::findings::{ClusterSummary, RunSummary};
use crate::reports::visible;
use crate::runs::Seen;

/// Letters of a commit that are shown.
const COMMIT: usize = 12;

/// Returns the day of an RFC 3339 time: `4 Oct 2026`.
pub fn day(time: &str) -> Option<String> {
    let time: Timestamp = time.parse().ok()?;
    Some(time.strftime("%-d %b %Y").to_string())
}

/// Returns an RFC 3339 time to the minute: `4 Oct 2026 12:30`.
pub fn minute(time: &str) -> Option<String> {
    let time: Timestamp = time.parse().ok()?;
    Some(time.strftime("%-d %b %Y %H:%M").to_string())
}

/// Returns the first letters of a commit.
pub fn short(commit: &str) -> String {
    visible(&commit.chars().take(COMMIT).collect::<String>()).into_owned()
}

/// Returns when and at which commits a failure came first and last.
pub fn seen(cluster: &ClusterSummary) -> Option<String> {
    let (first, last) = (at(cluster.first_seen.as_ref()?)?, at(cluster.last_seen.as_ref()?)?);
    Some(if first == last { format!("on {first}") } else { format!("since {first}, last {last}") })
}

fn at(seen: &Seen) -> Option<String> {
    let day = day(seen.time.as_deref()?)?;
    Some(match seen.commit.as_deref() {
        Some(commit) => format!("{day} ({})", short(commit)),
        None => day,
    })
}

/// Returns the days from the first to the last of some runs: `4 Oct 2026` or `4 Oct 2026 to 9 Oct 2026`.
pub fn days<'r>(runs: impl Iterator<Item = &'r RunSummary>) -> Option<String> {
    let times: Vec<Timestamp> =
        runs.filter_map(|run| run.time.as_deref()).filter_map(|time| time.parse().ok()).collect();
    let (first, last) = times.iter().min().zip(times.iter().max())?;
    let (first, last) = (day(&first.to_string())?, day(&last.to_string())?);
    Some(if first == last { first } else { format!("{first} to {last}") })
}

/// Returns the seconds since 1970 of a sighting, to sort by; 0 where no time is known.
pub fn seconds(seen: Option<&Seen>) -> i64 {
    let time = seen.and_then(|seen| seen.time.as_deref()).and_then(|time| time.parse::<Timestamp>().ok());
    time.map_or(0, Timestamp::as_second)
}
