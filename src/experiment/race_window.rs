//! The race window as the causes tell it: the pair of steps that they found, actor by actor.

use super::delay_levels::{ladder, quantiles};
use super::knob::{Reading, Step, Window};
use super::pattern::Place;
use super::testimony::Testimony;
use super::window::LARGEST_PROBABILITY;
use crate::causes::Race;

/// Failing runs in which the late step must still have come, to tell a delay from a step left out.
const LEAST_LATE: usize = 2;

/// Returns the window of `race`, if chance does not explain it.
pub(super) fn window(race: &Race, passing: &[Testimony]) -> Option<Window> {
    if race.p_value > LARGEST_PROBABILITY {
        return None;
    }
    let milliseconds = |seconds: &[f64]| seconds.iter().map(|seconds| 1000.0 * seconds).collect::<Vec<_>>();
    let (slacks, lateness) = (milliseconds(&race.slack), milliseconds(&race.lateness));
    let (source, line) = race.place.clone();
    let late_at = passing.iter().find_map(|told| place(told, &race.first))?;
    let reading = if race.late >= LEAST_LATE { Reading::RaceWindow } else { Reading::MissingPrecursor };
    Some(Window {
        early: Step { text: race.second.clone(), at: Place { source, line } },
        late: Step { text: race.first.clone(), at: late_at },
        reading,
        slack_ms: quantiles(&slacks),
        lateness_ms: quantiles(&lateness),
        delay_ladder_ms: ladder(&slacks),
        failing: [u64::from(race.failing.0), race.failing.1 as u64],
        passing: [u64::from(race.passing.0), race.passing.1 as u64],
    })
}

/// Returns where a log first says `step`.
fn place(told: &Testimony, step: &str) -> Option<Place> {
    let said = unnamed(step);
    let moment = told.moments.iter().find(|moment| moment.masked.contains(&said))?;
    Some(Place { source: told.source.clone(), line: moment.line })
}

/// Returns the step with `#` for each of its placeholders, as testimonies mask them.
fn unnamed(step: &str) -> String {
    let mut parts = step.split('<');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match part.split_once('>') {
        Some((_, after)) => text + "#" + after,
        None => text + "<" + part,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Log;
    use super::*;

    fn race(p_value: f64) -> Race {
        Race {
            is_matched: true,
            first: "[worker-<n1>] worker <n1> ready".into(),
            second: "dispatch frame <n1> to worker <n1>".into(),
            place: ("logs/a.log".into(), 18),
            failing: (6, 6),
            passing: (0, 20),
            late: 6,
            p_value,
            compared: 9,
            slack: vec![0.010, 0.012, 0.014],
            lateness: vec![0.002],
        }
    }

    #[test]
    fn the_pair_of_the_causes_becomes_a_window_with_its_ladder() {
        let log = "2026-11-22 10:00:00 [worker-2] worker 2 opening\n2026-11-22 10:00:01 [worker-2] worker 2 ready\n";
        let passing = [Testimony::passing(Log { source: "logs/passing/b.log", bytes: log.as_bytes() })];
        let window = window(&race(0.001), &passing).unwrap();
        assert_eq!((window.late.at.line, window.reading), (2, Reading::RaceWindow));
        assert_eq!(window.delay_ladder_ms.first(), Some(&12.0));
        assert_eq!(super::window(&race(0.3), &passing), None, "chance explains it");
    }
}
