//! The two events of a race: by how much the first came in time, or too late.

use serde::Serialize;

use super::dots::dots;
use super::scale::{Scale, Tick, WIDTH, seconds};
use crate::findings::Window;

const EDGE: f64 = 24.0;
/// The height of all dots, and how far one steps aside.
const MIDDLE: f64 = 60.0;
const STEP: f64 = 5.0;

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
    dots: String,
}

impl WindowChart {
    /// Lays the runs out, with at most so many dots on a side; their number is told beside them.
    pub fn of(window: &Window, most: usize) -> Option<Self> {
        let all = || window.slack.iter().chain(&window.lateness).copied();
        let widest = all().filter(|value| value.is_finite()).map(f64::abs).reduce(f64::max)?;
        let scale = Scale::new(-widest * 1.1, widest * 1.1, EDGE, WIDTH - EDGE);
        Some(Self {
            first: window.first.clone(),
            second: window.second.clone(),
            zero: scale.at(0.0),
            in_time: Side::of(&window.slack, most, |value| scale.at(-value)),
            late: Side::of(&window.lateness, most, |value| scale.at(value)),
            ticks: scale.ticks(),
        })
    }
}

impl Side {
    fn of(values: &[f64], most: usize, at: impl Fn(f64) -> f64) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let range = sorted.first().zip(sorted.last());
        Self {
            runs: sorted.len(),
            range: range.map(|(least, most)| (seconds(*least), seconds(*most))),
            dots: dots(&sorted, most, at, MIDDLE, STEP),
        }
    }
}
