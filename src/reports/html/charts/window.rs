//! The two events of a race: by how much the first came in time, or too late.

use serde::Serialize;

use super::scale::{Scale, Tick, WIDTH, seconds, tenth};
use crate::findings::Window;

const EDGE: f64 = 24.0;
const DOTS: usize = 400;

#[derive(Serialize)]
pub struct WindowChart {
    first: String,
    second: String,
    /// Where the second event stands.
    zero: f64,
    in_time: Side,
    late: Side,
    ticks: Vec<Tick>,
}

#[derive(Serialize)]
struct Side {
    runs: usize,
    /// From the least to the most.
    range: Option<(String, String)>,
    dots: Vec<(f64, f64)>,
}

impl WindowChart {
    pub fn of(window: &Window) -> Option<Self> {
        let all = || window.slack.iter().chain(&window.lateness).copied();
        let widest = all().filter(|value| value.is_finite()).map(f64::abs).reduce(f64::max)?;
        let scale = Scale::new(-widest * 1.1, widest * 1.1, EDGE, WIDTH - EDGE);
        Some(Self {
            first: window.first.clone(),
            second: window.second.clone(),
            zero: scale.at(0.0),
            in_time: Side::of(&window.slack, |value| scale.at(-value)),
            late: Side::of(&window.lateness, |value| scale.at(value)),
            ticks: scale.ticks(),
        })
    }
}

impl Side {
    fn of(values: &[f64], at: impl Fn(f64) -> f64) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let range = sorted.first().zip(sorted.last());
        let step = sorted.len().div_ceil(DOTS).max(1);
        let dot = |(index, value): (usize, &f64)| (at(*value), tenth(((index % 5) as f64 - 2.0) * 5.0));
        Self {
            runs: sorted.len(),
            range: range.map(|(least, most)| (seconds(*least), seconds(*most))),
            dots: sorted.iter().step_by(step).enumerate().map(dot).collect(),
        }
    }
}
