//! The race window: the pair of steps by which causes tell failing from passing runs.

use super::delay_levels::{ladder, quantiles};
use super::knob::{Reading, Step, Window};
use crate::causes::{Race, RaceFinding};
use crate::facts::{Facts, Place};

/// Returns the window of `race`, if the runs show one.
pub(super) fn window(race: &Race, passing: &[&Facts]) -> Option<Window> {
    let reading = match race.finding()? {
        RaceFinding::Window => Reading::RaceWindow,
        RaceFinding::MissingStep => Reading::MissingPrecursor,
        RaceFinding::Candidate => Reading::Candidate,
    };
    let milliseconds = |seconds: &[f64]| seconds.iter().map(|seconds| 1000.0 * seconds).collect::<Vec<_>>();
    let (slacks, lateness) = (milliseconds(&race.slack), milliseconds(&race.lateness));
    let (source, line) = race.place.clone();
    let late_at = passing.iter().find_map(|facts| place(facts, &race.first))?;
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

/// Returns where a run first took `step`.
fn place(facts: &Facts, step: &str) -> Option<Place> {
    let taken = facts.steps.iter().flat_map(|run| &run.steps).filter(|((words, _), _)| words == step);
    let line = taken.flat_map(|(_, moments)| moments.values()).map(|moment| moment.line).min()?;
    Some(Place::new(&facts.source.name, line))
}

#[cfg(test)]
mod tests {
    use super::super::example::facts;
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
        let passing = facts("logs/passing/b.log", log);
        let window = window(&race(0.001), &[&passing]).unwrap();
        assert_eq!((window.late.at.line, window.reading), (2, Reading::RaceWindow));
        assert_eq!(window.delay_ladder_ms.first(), Some(&12.0));
        let reading = |p| super::window(&race(p), &[&passing]).map(|window| window.reading);
        assert_eq!((reading(0.2), reading(0.4)), (Some(Reading::Candidate), None), "chance explains it");
    }
}
