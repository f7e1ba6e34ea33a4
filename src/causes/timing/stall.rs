//! Whether failing runs fell silent or went on slowly, by the pauses and steps of passing runs.

use crate::causes::evidence::{Evidence, Family, Grade, Notice};
use crate::causes::weights::Weights;
use crate::facts::clues::FILLS;
use crate::facts::steps::Run;
use crate::stats::quantile;

/// How a run went on until the limit fired, held against passing runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Pauses {
    pub manner: Manner,
    /// In seconds.
    pub limit: f64,
    /// The longest pause in seconds, and after which words it came; in steps that are slow the usual time
    /// from one to the next, and the words of a step.
    pub seconds: f64,
    pub after: String,
    /// Seconds that no more than one in a hundred passing runs, or of steps one in twenty, needed there.
    pub usual: f64,
    /// Passing runs that were asked.
    pub passing: usize,
    /// The failing log and the line.
    pub place: (String, u64),
}

/// How work went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It stopped for longer than passing runs ever do.
    Silent,
    /// It took steps to the end, each slower than in passing runs.
    Slow,
    /// It paused no longer than passing runs do.
    Usual,
}

/// Passing runs below which their pauses are no measure, and below which their steps are none.
const LEAST: usize = 3;
const LEAST_STEPPING: usize = 5;
/// A pause is a silence from this many times the usual one, and from this many seconds unless it fills the
/// limit.
const TIMES: f64 = 3.0;
const SECONDS: f64 = 5.0;
/// A pause began within this many limits before the failure.
const LIMITS_BACK: f64 = 1.5;
/// Work went on until the limit if its last step lies within this share of the limit before the failure, or
/// within this many of its own steps.
const LAST: f64 = 0.1;
const STEPS: f64 = 2.0;

/// Returns how the first failing run that bears times went on until `limit`, in seconds, fired; `None` with
/// too few passing runs.
pub fn pauses(limit: f64, failing: &[&Run], passing: &[&Run]) -> Option<Pauses> {
    failing.iter().find_map(|run| slow(limit, run, passing).or_else(|| longest(limit, run, passing)))
}

/// Returns the longest pause while the limit ran.
fn longest(limit: f64, run: &Run, passing: &[&Run]) -> Option<Pauses> {
    let since = run.tempo.ended? - (limit * LIMITS_BACK * 1e9) as i64;
    let pauses = run.tempo.pauses.iter().filter(|(_, pause)| pause.until > since);
    let (after, pause) = pauses.max_by(|a, b| a.1.seconds.total_cmp(&b.1.seconds))?;
    let timed = passing.iter().map(|run| &run.tempo).filter(|tempo| tempo.ended.is_some());
    let there: Vec<f64> =
        timed.map(|tempo| tempo.pauses.get(after).map_or(0.0, |pause| pause.seconds)).collect();
    let usual = quantile(&there, 0.99).filter(|_| there.len() >= LEAST)?;
    let manner = match pause.seconds {
        seconds if seconds <= TIMES * usual => Manner::Usual,
        seconds if seconds >= SECONDS || FILLS.contains(&(seconds / limit)) => Manner::Silent,
        _ => return None,
    };
    Some(Pauses {
        manner,
        limit,
        seconds: pause.seconds,
        after: after.clone(),
        usual,
        passing: there.len(),
        place: (run.source.clone(), pause.line),
    })
}

/// Returns the steps that the run took to the end, if each took longer than in passing runs.
fn slow(limit: f64, run: &Run, passing: &[&Run]) -> Option<Pauses> {
    let timed_steps =
        run.tempo.steps.iter().filter_map(|(words, steps)| Some((words, steps, steps.usual()?)));
    let (words, steps, seconds) = timed_steps.max_by_key(|(_, steps, _)| steps.last())?;
    let apart = (run.tempo.ended? - steps.last()?) as f64 / 1e9;
    let timed: Vec<f64> = passing.iter().filter_map(|run| run.tempo.steps.get(words)?.usual()).collect();
    let usual = quantile(&timed, 0.95).filter(|_| timed.len() >= LEAST_STEPPING)?;
    let goes_on = apart <= (LAST * limit).max(STEPS * seconds);
    (goes_on && seconds > usual).then(|| Pauses {
        manner: Manner::Slow,
        limit,
        seconds,
        after: words.clone(),
        usual,
        passing: timed.len(),
        place: (run.source.clone(), steps.line),
    })
}

impl Pauses {
    /// Returns what it says about the causes that it can tell apart.
    pub fn evidence(&self) -> Vec<Evidence> {
        let (name, text) = self.says();
        let place = Some(self.place.clone());
        let notice = Notice { family: Family::Pace, text: &text, place, grade: Grade::Heuristic, share: 1.0 };
        notice.weighed(Weights::embedded().finding.get(name))
    }

    fn says(&self) -> (&'static str, String) {
        let Self { limit, seconds, after, usual, passing, .. } = self;
        match self.manner {
            Manner::Silent => (
                "silent",
                format!(
                    "nothing was written for {seconds:.2} s after `{after}`, under a limit of {limit:.2} s; {passing} \
                     passing runs paused there for {usual:.2} s at most (99 %)"
                ),
            ),
            Manner::Usual => (
                "usual-pause",
                format!(
                    "no pause beyond what passing runs make: {seconds:.2} s after `{after}`, {usual:.2} s (99 %) in \
                     {passing} passing runs"
                ),
            ),
            Manner::Slow => (
                "slow-steps",
                format!(
                    "`{after}` went on until the limit, {seconds:.3} s from step to step; {passing} passing runs \
                     needed {usual:.3} s at most (95 %)"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::steps::Tempo;

    /// A run that writes these words at these seconds.
    fn run(lines: &[(f64, &str)]) -> Run {
        let mut tempo = Tempo::default();
        for (line, (second, text)) in (1..).zip(lines) {
            let words: String = text.chars().filter(|letter| !letter.is_ascii_digit()).collect();
            tempo.see(line, (second * 1e9) as i64, text, &words);
        }
        Run { source: "a.log".to_owned(), tempo, ..Run::default() }
    }

    fn manner(limit: f64, failing: &Run, passing: &[Run]) -> Option<Manner> {
        pauses(limit, &[failing], &passing.iter().collect::<Vec<_>>()).map(|found| found.manner)
    }

    /// A run of six steps, one every `step` seconds, after a pause of `pause` seconds.
    fn steps(step: f64, pause: f64) -> Run {
        let lines: Vec<(f64, String)> =
            (0..6).map(|number| (pause + step * f64::from(number), format!("frame {number}"))).collect();
        let begin = [(0.0, "open ring")].into_iter();
        run(&begin.chain(lines.iter().map(|(second, text)| (*second, text.as_str()))).collect::<Vec<_>>())
    }

    #[test]
    fn passing_runs_tell_silence_from_slowness_and_from_a_usual_pause() {
        let passing: Vec<Run> = (0..6).map(|_| steps(0.1, 0.2)).collect();
        let patient: Vec<Run> = (0..6).map(|_| steps(0.1, 9.0)).collect();
        let stuck = run(&[(0.0, "open ring"), (10.0, "timed out")]);
        assert_eq!(manner(10.0, &stuck, &passing), Some(Manner::Silent));
        assert_eq!(manner(10.0, &stuck, &patient), Some(Manner::Usual), "passing runs pause there as well");
        assert_eq!(manner(2.0, &steps(0.3, 0.2), &passing), Some(Manner::Slow));
        assert_eq!(manner(2.0, &steps(0.1, 0.2), &passing), Some(Manner::Usual));
        assert_eq!(manner(10.0, &stuck, &passing[..2]), None, "two passing runs are no measure");
        let short = run(&[(0.0, "open ring"), (1.5, "timed out")]);
        assert_eq!(manner(4.0, &short, &passing), None, "longer than usual, yet no silence");
    }
}
