//! Days as a person writes them, with no more of them than is needed.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::findings::{ClusterSummary, Findings};
use crate::runs::Seen;

/// The days of the runs that were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    first: jiff::civil::Date,
    last: jiff::civil::Date,
}

impl Days {
    /// Returns the days of the first and the last run; `None` where the time of one is not known.
    pub fn of(findings: &Findings) -> Option<Self> {
        let runs = || findings.runs.iter().filter(|run| !run.baseline);
        let days: Vec<_> = runs().filter_map(|run| date(run.time.as_deref()?)).collect();
        let known = !days.is_empty() && days.len() == runs().count();
        known.then_some(())?;
        Some(Self { first: *days.iter().min()?, last: *days.iter().max()? })
    }

    /// Returns the days in words: `1–25 Oct 2026`.
    pub fn words(self) -> String {
        let (first, last) = (self.first, self.last);
        let of = |date: jiff::civil::Date, form: &str| date.strftime(form).to_string();
        let whole = of(last, "%-d %b %Y");
        if first == last {
            return whole;
        }
        if first.year() != last.year() {
            return format!("{} – {whole}", of(first, "%-d %b %Y"));
        }
        match first.month() == last.month() {
            true => format!("{}–{whole}", first.day()),
            false => format!("{} – {whole}", of(first, "%-d %b")),
        }
    }

    /// Returns the year that all of them have.
    fn year(self) -> Option<i16> {
        (self.first.year() == self.last.year()).then_some(self.first.year())
    }
}

/// Returns when a failure came first and last, by day, as far as is remembered: `since 4 Oct, last 24 Oct`. The year is
/// left out where the headline says it.
pub fn first_and_last(cluster: &ClusterSummary, days: Option<Days>) -> Option<String> {
    let past = cluster.past.as_ref();
    let first = past.map(|past| &past.first_seen).or(cluster.first_seen.as_ref());
    let last = past.map(|past| &past.last_seen).or(cluster.last_seen.as_ref());
    let year = days.and_then(Days::year);
    let words = |seen: &Seen| {
        let date = date(seen.time.as_deref()?)?;
        Some(date.strftime(if year == Some(date.year()) { "%-d %b" } else { "%-d %b %Y" }).to_string())
    };
    let (first, last) = (words(first?)?, words(last?)?);
    Some(if first == last { format!("on {first}") } else { format!("since {first}, last {last}") })
}

/// Returns the day on which a run was seen: `4 Oct 2026`.
pub fn day(seen: &Seen) -> Option<String> {
    Some(date(seen.time.as_deref()?)?.strftime("%-d %b %Y").to_string())
}

/// Returns the day and minute at which a run was seen, in UTC: `4 Oct 2026 08:00`.
pub fn minute(seen: &Seen) -> Option<String> {
    let time: Timestamp = seen.time.as_deref()?.parse().ok()?;
    Some(time.strftime("%-d %b %Y %H:%M").to_string())
}

fn date(time: &str) -> Option<jiff::civil::Date> {
    let time: Timestamp = time.parse().ok()?;
    Some(TimeZone::UTC.to_datetime(time).date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::example;

    #[test]
    fn days_are_written_with_no_more_than_is_needed() {
        for (first, last, words) in [
            ("2026-10-01T00:00:00Z", "2026-10-25T23:59:59Z", "1–25 Oct 2026"),
            ("2026-10-01T00:00:00Z", "2026-10-01T23:59:59Z", "1 Oct 2026"),
            ("2026-09-28T00:00:00Z", "2026-10-02T00:00:00Z", "28 Sep – 2 Oct 2026"),
            ("2025-12-30T00:00:00Z", "2026-01-02T00:00:00Z", "30 Dec 2025 – 2 Jan 2026"),
        ] {
            let days = Days { first: date(first).unwrap(), last: date(last).unwrap() };
            assert_eq!(days.words(), words);
        }
    }

    #[test]
    fn a_run_without_a_time_makes_the_days_unknown() {
        let mut findings = example::findings();
        findings.runs.iter_mut().for_each(|run| run.time = Some("2026-10-01T00:00:00Z".to_owned()));
        assert_eq!(Days::of(&findings).map(Days::words).as_deref(), Some("1 Oct 2026"));
        findings.runs[0].time = None;
        assert_eq!(Days::of(&findings), None);
        findings.runs.clear();
        assert_eq!(Days::of(&findings), None);
    }

    #[test]
    fn the_year_is_left_out_only_where_the_headline_says_it() {
        let mut findings = example::findings();
        let seen = |time: &str| Some(Seen { run: "7".to_owned(), time: Some(time.to_owned()), commit: None });
        let cluster = &mut findings.clusters[0];
        (cluster.first_seen, cluster.last_seen) =
            (seen("2026-10-04T00:00:00Z"), seen("2026-10-24T00:00:00Z"));
        let days = |first: &str, last: &str| Days { first: date(first).unwrap(), last: date(last).unwrap() };
        let one_year = days("2026-10-01T00:00:00Z", "2026-10-25T00:00:00Z");
        let two_years = days("2025-10-01T00:00:00Z", "2026-10-25T00:00:00Z");
        for (days, words) in [
            (Some(one_year), "since 4 Oct, last 24 Oct"),
            (Some(two_years), "since 4 Oct 2026, last 24 Oct 2026"),
            (None, "since 4 Oct 2026, last 24 Oct 2026"),
        ] {
            assert_eq!(first_and_last(cluster, days).as_deref(), Some(words));
        }
    }
}
