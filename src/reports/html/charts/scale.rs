//! From values to places on the plane.

use serde::Serialize;

/// The width of every drawing, in its own units.
pub const WIDTH: f64 = 720.0;

/// Steps between ticks that people can count in, in seconds.
const STEPS: [f64; 24] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0,
    300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 21600.0,
];
const TICKS: f64 = 7.0;

/// A straight map from values to the horizontal.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    start: f64,
    end: f64,
    left: f64,
    right: f64,
}

/// A value that the axis names.
#[derive(Debug, PartialEq, Serialize)]
pub struct Tick {
    pub x: f64,
    pub label: String,
}

impl Scale {
    /// Maps `start..end` to `left..right`; a range without extent gets one.
    pub fn new(start: f64, end: f64, left: f64, right: f64) -> Self {
        let end = if end > start { end } else { start + 1.0 };
        Self { start, end, left, right }
    }

    /// Returns where a value stands, to a tenth of a unit, never outside the range.
    pub fn at(&self, value: f64) -> f64 {
        let share = ((value - self.start) / (self.end - self.start)).clamp(0.0, 1.0);
        tenth(self.left + share * (self.right - self.left))
    }

    /// Returns ticks for a range in seconds, at round values.
    pub fn ticks(&self) -> Vec<Tick> {
        let span = self.end - self.start;
        let days = (span / TICKS / 86400.0).ceil() * 86400.0;
        let step = STEPS.into_iter().find(|step| span / step <= TICKS).unwrap_or(days);
        let first = (self.start / step).ceil() as i64;
        (first..)
            .map(|number| number as f64 * step)
            .take_while(|value| *value <= self.end + step * 1e-9)
            .map(|value| Tick { x: self.at(value), label: seconds(value) })
            .collect()
    }
}

/// Returns a number with one digit after the point.
pub fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// Returns a duration in the unit that suits it: `250 ms`, `12 s`, `5 min`, `1.5 h`, `2 d`.
pub fn seconds(seconds: f64) -> String {
    let size = seconds.abs();
    let (divisor, unit) = match size {
        _ if size == 0.0 => return "0".to_owned(),
        ..1.0 => (0.001, "ms"),
        ..120.0 => (1.0, "s"),
        ..7200.0 => (60.0, "min"),
        ..172_800.0 => (3600.0, "h"),
        _ => (86400.0, "d"),
    };
    let text = format!("{:.1}", seconds / divisor);
    format!("{} {unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_the_unit_that_suits_them() {
        for (value, text) in [
            (0.0, "0"),
            (0.25, "250 ms"),
            (-0.002, "-2 ms"),
            (12.0, "12 s"),
            (90.0, "90 s"),
            (1800.0, "30 min"),
            (5400.0, "90 min"),
            (9000.0, "2.5 h"),
            (200_000.0, "2.3 d"),
        ] {
            assert_eq!(seconds(value), text);
        }
    }

    #[test]
    fn ticks_stand_at_round_values_inside_the_range() {
        let labels = |start, end| -> Vec<String> {
            Scale::new(start, end, 0.0, 100.0).ticks().into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels(0.0, 1800.0), ["0", "5 min", "10 min", "15 min", "20 min", "25 min", "30 min"]);
        assert_eq!(labels(-0.03, 0.03), ["-30 ms", "-20 ms", "-10 ms", "0", "10 ms", "20 ms", "30 ms"]);
        assert!(labels(0.0, 3e7).len() <= 9);
    }

    #[test]
    fn a_value_outside_or_a_range_without_extent_stays_on_the_plane() {
        let scale = Scale::new(5.0, 5.0, 10.0, 20.0);
        assert_eq!([scale.at(4.0), scale.at(5.0), scale.at(99.0)], [10.0, 10.0, 20.0]);
    }
}
