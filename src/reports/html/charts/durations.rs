//! How long failing runs took against passing ones, with the limit.

use serde::Serialize;

use super::dots::dots;
use super::scale::{Scale, Tick, WIDTH, seconds};
use crate::findings::Durations;

const LEFT: f64 = 110.0;
const ROW: f64 = 44.0;
const TOP: f64 = 34.0;
/// How far a dot steps aside.
const STEP: f64 = 4.0;

#[derive(Serialize)]
pub struct DurationsChart {
    what: String,
    height: f64,
    rows: Vec<Row>,
    limit: Option<Tick>,
    ticks: Vec<Tick>,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    y: f64,
    runs: usize,
    median: Tick,
    dots: String,
}

impl DurationsChart {
    /// Lays the runs out, with at most so many dots in a row; their number is told beside them.
    pub fn of(durations: &Durations, most: usize) -> Option<Self> {
        let rows = [("failing", &durations.failing), ("passing", &durations.passing)];
        let all = || rows.iter().flat_map(|(_, runs)| runs.iter()).chain(&durations.limit).copied();
        let longest = all().filter(|value| value.is_finite()).reduce(f64::max)?;
        let scale = Scale::new(0.0, longest * 1.05, LEFT, WIDTH - 16.0);
        let mut y = TOP - ROW / 2.0;
        let mut row = |(name, runs): (&'static str, &Vec<f64>)| {
            let row = Row::of(name, runs, &scale, most, y + ROW)?;
            y = row.y;
            Some(row)
        };
        let rows: Vec<Row> = rows.into_iter().filter_map(&mut row).collect();
        Some(Self {
            what: durations.what.clone(),
            height: TOP + ROW * rows.len() as f64 + 30.0,
            rows,
            limit: durations.limit.map(|limit| Tick { x: scale.at(limit), label: seconds(limit) }),
            ticks: scale.ticks(),
        })
    }
}

impl Row {
    fn of(name: &'static str, runs: &[f64], scale: &Scale, most: usize, y: f64) -> Option<Self> {
        let mut sorted: Vec<f64> = runs.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let median = *sorted.get(sorted.len() / 2)?;
        Some(Self {
            name,
            y,
            runs: sorted.len(),
            median: Tick { x: scale.at(median), label: seconds(median) },
            dots: dots(&sorted, most, |value| scale.at(value), y, STEP),
        })
    }
}
