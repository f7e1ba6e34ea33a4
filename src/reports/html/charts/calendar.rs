//! How often something happened, by time and by host or cluster.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::scale::{Scale, Tick, WIDTH};
use crate::findings::{ClusterSummary, Findings, OccurrenceSummary, Spread};
use crate::reports::{phrases, visible};

const LEFT: f64 = 190.0;
const ROW: f64 = 18.0;
const COLUMNS: usize = 60;
/// Rows drawn; the rest are counted.
const ROWS: usize = 12;

/// A strip for each row, with a darker cell where more happened.
#[derive(Serialize)]
pub struct Calendar {
    /// What the rows are: `host` or `cluster`.
    of: &'static str,
    height: f64,
    bottom: f64,
    cell: f64,
    rows: Vec<Row>,
    more: usize,
    ticks: Vec<Tick>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    full_name: String,
    y: f64,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    x: f64,
    count: usize,
    /// From the fewest, 1, to the most, 4.
    level: usize,
    time: String,
}

struct Span {
    start: Timestamp,
    seconds: f64,
}

impl Calendar {
    /// Lays out the clusters over time; `None` without two different times.
    pub fn of_clusters(clusters: &[&ClusterSummary]) -> Option<Self> {
        let rows = clusters.iter().enumerate().map(|(index, cluster)| {
            let times = cluster.occurrences.iter().filter_map(OccurrenceSummary::timestamp).collect();
            (format!("{} {}", index + 1, visible(&cluster.title)), times)
        });
        Self::of("cluster", rows.collect())
    }

    /// Lays out the hosts of one cluster over time; `None` without two different times.
    pub fn of_hosts(cluster: &ClusterSummary, findings: &Findings) -> Option<Self> {
        let mut times: BTreeMap<&str, Vec<Timestamp>> = BTreeMap::new();
        for occurrence in &cluster.occurrences {
            let host = findings.host(occurrence).unwrap_or("unknown host");
            times.entry(host).or_default().extend(occurrence.timestamp());
        }
        let known = Spread::of(findings, cluster).hosts;
        let names = known.iter().map(|(host, _)| *host).chain(["unknown host"]);
        Self::of("host", names.filter_map(|host| Some((host.to_owned(), times.remove(host)?))).collect())
    }

    fn of(of: &'static str, mut rows: Vec<(String, Vec<Timestamp>)>) -> Option<Self> {
        rows.retain(|(_, times)| !times.is_empty());
        let span = Span::of(rows.iter().flat_map(|(_, times)| times))?;
        let more = rows.len().saturating_sub(ROWS);
        rows.truncate(ROWS);
        let counts: Vec<BTreeMap<usize, usize>> = rows.iter().map(|(_, times)| span.count(times)).collect();
        let most = counts.iter().flat_map(BTreeMap::values).copied().max()?;
        let bottom = 8.0 + ROW * rows.len() as f64;
        let row = |(index, ((full_name, _), counts)): (usize, ((String, _), BTreeMap<_, _>))| Row {
            name: phrases::cut(&full_name, 28),
            full_name,
            y: 8.0 + ROW * index as f64,
            cells: counts.into_iter().map(|(column, count)| span.cell(column, count, most)).collect(),
        };
        Some(Self {
            of,
            height: bottom + 28.0,
            bottom,
            cell: width() - 1.0,
            rows: rows.into_iter().zip(counts).enumerate().map(row).collect(),
            more,
            ticks: span.ticks(),
        })
    }
}

impl Span {
    fn of<'a>(times: impl Iterator<Item = &'a Timestamp> + Clone) -> Option<Self> {
        let (start, end) = times.clone().min().zip(times.max())?;
        let seconds = end.duration_since(*start).as_secs_f64();
        (seconds > 0.0).then_some(Self { start: *start, seconds })
    }

    fn count(&self, times: &[Timestamp]) -> BTreeMap<usize, usize> {
        let mut counts = BTreeMap::new();
        for time in times {
            let share = time.duration_since(self.start).as_secs_f64() / self.seconds;
            *counts.entry(((share * COLUMNS as f64) as usize).min(COLUMNS - 1)).or_insert(0) += 1;
        }
        counts
    }

    fn cell(&self, column: usize, count: usize, most: usize) -> Cell {
        let share = (count as f64).ln_1p() / (most as f64).ln_1p();
        Cell {
            x: LEFT + width() * column as f64,
            count,
            level: ((share * 4.0).ceil() as usize).clamp(1, 4),
            time: self.label(column as f64 / COLUMNS as f64, "%Y-%m-%d %H:%M UTC"),
        }
    }

    fn ticks(&self) -> Vec<Tick> {
        let format = match self.seconds {
            ..7200.0 => "%H:%M:%S",
            ..172_800.0 => "%d %b %H:%M",
            _ => "%d %b %Y",
        };
        let scale = Scale::new(0.0, 1.0, LEFT, LEFT + width() * COLUMNS as f64);
        let shares = [0.0, 0.25, 0.5, 0.75, 1.0].into_iter();
        shares.map(|share| Tick { x: scale.at(share), label: self.label(share, format) }).collect()
    }

    fn label(&self, share: f64, format: &str) -> String {
        let seconds = jiff::SignedDuration::from_secs((self.seconds * share) as i64);
        self.start.saturating_add(seconds).map_or(String::new(), |time| time.strftime(format).to_string())
    }
}

fn width() -> f64 {
    (WIDTH - LEFT - 40.0) / COLUMNS as f64
}
