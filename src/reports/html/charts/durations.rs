//! How long failing runs took against passing ones, with the limit.

use serde::Serialize;

use super::scale::{Scale, Tick, WIDTH, seconds, tenth};
use crate::findings::Durations;

const LEFT: f64 = 110.0;
const ROW: f64 = 44.0;
const TOP: f64 = 34.0;
/// Dots drawn in a row; their number is told beside them.
const DOTS: usize = 400;

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
    dots: Vec<(f64, f64)>,
}

impl DurationsChart {
    pub fn of(durations: &Durations) -> Option<Self> {
        let rows = [("failing", &durations.failing), ("passing", &durations.passing)];
        let all = || rows.iter().flat_map(|(_, runs)| runs.iter()).chain(&durations.limit).copied();
        let longest = all().filter(|value| value.is_finite()).reduce(f64::max)?;
        let scale = Scale::new(0.0, longest * 1.05, LEFT, WIDTH - 16.0);
        let rows: Vec<Row> =
            rows.into_iter().filter_map(|(name, runs)| Row::of(name, runs, &scale)).collect();
        let rows: Vec<Row> = rows
            .into_iter()
            .enumerate()
            .map(|(index, row)| Row { y: TOP + ROW * (index as f64 + 0.5), ..row })
            .collect();
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
    fn of(name: &'static str, runs: &[f64], scale: &Scale) -> Option<Self> {
        let mut sorted: Vec<f64> = runs.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let median = *sorted.get(sorted.len() / 2)?;
        // Dots of like value would hide one another, so they step up and down.
        let dot = |(index, value): (usize, &f64)| (scale.at(*value), tenth(((index % 5) as f64 - 2.0) * 4.0));
        Some(Self {
            name,
            y: 0.0,
            runs: sorted.len(),
            median: Tick { x: scale.at(median), label: seconds(median) },
            dots: sorted.iter().step_by(sorted.len().div_ceil(DOTS)).enumerate().map(dot).collect(),
        })
    }
}
