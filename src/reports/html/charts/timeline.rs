//! When each actor of a failing log spoke, and where it fell silent.

use serde::Serialize;

use super::scale::{Scale, Tick, WIDTH, seconds, tenth};
use crate::findings::{Lane, Timeline};
use crate::reports::{phrases, visible};

const LEFT: f64 = 110.0;
/// Room for the words behind a lane.
const RIGHT: f64 = 205.0;
const WORDS: usize = 42;
const ROW: f64 = 22.0;
const TOP: f64 = 40.0;
/// Lanes drawn; the rest are counted.
const LANES: usize = 40;
/// Units of the plane below which two lines of an actor are drawn as one stretch.
const NEAR: f64 = 3.0;

#[derive(Serialize)]
pub struct TimelineChart {
    source: String,
    height: f64,
    bottom: f64,
    right: f64,
    lanes: Vec<Row>,
    more: usize,
    marks: Vec<Tick>,
    ticks: Vec<Tick>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    y: f64,
    straggler: bool,
    /// Start and width of each stretch of speech.
    stretches: Vec<(f64, f64)>,
    /// Where speech ends for good.
    silent: f64,
    /// How long the silence lasts, and the last step.
    note: String,
}

impl TimelineChart {
    pub fn of(timeline: &Timeline) -> Option<Self> {
        timeline.lanes.first()?;
        let scale = Scale::new(0.0, timeline.seconds, LEFT, WIDTH - RIGHT);
        let lane = |(index, lane): (usize, &Lane)| {
            Row::of(lane, index, timeline.straggler == Some(index), timeline.seconds, &scale)
        };
        let lanes: Vec<Row> = timeline.lanes.iter().take(LANES).enumerate().map(lane).collect();
        let bottom = TOP + ROW * lanes.len() as f64;
        Some(Self {
            source: timeline.source.clone(),
            height: bottom + 28.0,
            bottom,
            right: WIDTH - RIGHT,
            lanes,
            more: timeline.lanes.len().saturating_sub(LANES),
            marks: timeline
                .marks
                .iter()
                .map(|mark| Tick { x: scale.at(mark.second), label: mark.name.clone() })
                .collect(),
            ticks: scale.ticks(),
        })
    }
}

impl Row {
    fn of(lane: &Lane, index: usize, straggler: bool, end: f64, scale: &Scale) -> Self {
        let last = lane.spoke.last().copied().unwrap_or(0.0);
        Self {
            name: lane.name.clone(),
            y: TOP + ROW * index as f64 + ROW / 2.0,
            straggler,
            stretches: stretches(&lane.spoke, scale),
            silent: scale.at(last),
            note: phrases::cut(&note(lane, straggler, (end - last).max(0.0)), WORDS),
        }
    }
}

fn note(lane: &Lane, straggler: bool, silence: f64) -> String {
    let mut note = format!("silent {}", seconds(silence));
    if straggler {
        note.insert_str(0, "straggler, ");
    }
    if let Some(step) = &lane.last_step {
        note += &format!(", last: {}", visible(step));
    }
    note
}

/// Joins neighbouring moments, so that a million lines are a few rectangles.
fn stretches(moments: &[f64], scale: &Scale) -> Vec<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    for x in moments.iter().map(|moment| scale.at(*moment)) {
        match stretches.last_mut() {
            Some((start, width)) if x - (*start + *width) <= NEAR => *width = tenth((x - *start).max(1.5)),
            _ => stretches.push((x, 1.5)),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chatty_actor_is_one_stretch_and_a_gap_stays_a_gap() {
        let scale = Scale::new(0.0, 100.0, 0.0, 720.0);
        let chatty: Vec<f64> = (0..10_000).map(|moment| f64::from(moment) / 1000.0).collect();
        assert_eq!(stretches(&chatty, &scale), [(0.0, 72.0)]);
        assert_eq!(stretches(&[1.0, 50.0], &scale).len(), 2);
        assert_eq!(stretches(&[], &scale), []);
    }
}
