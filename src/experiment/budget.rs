//! What plain repetition can do within the budget, at the rate that CI shows.

use super::pattern::{Budget, Rate};
use crate::durations;
use crate::stats::{chance_of_one, runs_for, wilson};

/// Returns the rate of `failing` among `runs`.
pub(super) fn rate(failing: u64, runs: u64) -> Rate {
    let interval = wilson(failing, runs, 0.95);
    Rate { failing, runs, interval: [interval.low, interval.high] }
}

/// Returns what fits into `seconds` where one run takes `run_seconds`.
pub(super) fn budget(seconds: u64, run_seconds: Option<f64>, rate: &Rate) -> Budget {
    let plain_runs = run_seconds.map(|run| (seconds as f64 / run.max(0.001)) as u64);
    let known = (rate.runs > rate.failing && rate.runs > 0).then(|| rate.failing as f64 / rate.runs as f64);
    let plain_success = known.zip(plain_runs).map(|(rate, runs)| chance_of_one(rate, runs));
    let runs_for_95 = known.and_then(|rate| runs_for(rate, 0.95));
    let mut budget =
        Budget { seconds, run_seconds, plain_runs, plain_success, runs_for_95, sentence: String::new() };
    budget.sentence = sentence(&budget, rate);
    budget
}

fn sentence(budget: &Budget, rate: &Rate) -> String {
    let Rate { failing, runs, .. } = rate;
    match (budget.plain_success, budget.plain_runs, budget.run_seconds) {
        (Some(chance), Some(fits), Some(run)) => format!(
            "if it fails here as often as in these logs ({failing} of {runs} runs), {fits} runs of {} fit into {} and one \
             of them fails with probability {}{}",
            time(run),
            durations::short(budget.seconds),
            probability(chance),
            budget.runs_for_95.map_or_else(String::new, |enough| format!("; about {enough} runs are enough"))
        ),
        (None, ..) if runs == failing => format!(
            "how often it fails is unknown: all {runs} logs collected are of failing runs; collect passing ones with `--pass`"
        ),
        _ => format!("it fails in {failing} of {runs} logs; no log tells how long one run takes"),
    }
}

/// Returns the seconds of one run.
fn time(seconds: f64) -> String {
    if seconds < 10.0 { format!("{seconds:.1} s") } else { durations::short(seconds.round() as u64) }
}

/// Returns the probability so that 1 stands only for certainty.
fn probability(value: f64) -> String {
    if value > 0.999 { "above 0.999".to_owned() } else { format!("{value:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_what_plain_repetition_can_do() {
        let budget = budget(1200, Some(60.0), &rate(3, 100));
        assert_eq!((budget.plain_runs, budget.runs_for_95), (Some(20), Some(99)));
        assert_eq!(
            budget.sentence,
            "if it fails here as often as in these logs (3 of 100 runs), 20 runs of 1m fit into 20m and one of them fails \
             with probability 0.456; about 99 runs are enough"
        );
    }

    #[test]
    fn failing_logs_alone_tell_no_rate() {
        let budget = budget(1200, Some(1.0), &rate(5, 5));
        assert_eq!((budget.plain_success, budget.runs_for_95), (None, None));
        assert!(budget.sentence.contains("is unknown"));
        assert_eq!(rate(0, 0).interval, [0.0, 1.0]);
    }

    #[test]
    fn an_unknown_duration_is_said() {
        assert!(budget(1200, None, &rate(1, 2)).sentence.contains("how long"));
    }
}
