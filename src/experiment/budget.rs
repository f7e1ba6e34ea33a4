//! What plain repetition can do within the budget, at the rate that CI shows.

use super::pattern::{Budget, Rate};
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
            "at the CI rate of {failing}/{runs}, plain repetition ({fits} runs of {run:.1} s) succeeds in {} s \
             with probability {}; the rate is that of the logs collected",
            budget.seconds,
            probability(chance)
        ),
        (None, ..) if runs == failing => format!(
            "the CI rate is unknown: all {runs} logs collected are of failing runs; collect passing ones with `--pass`"
        ),
        _ => format!("the CI rate is {failing}/{runs}; no log tells how long one run takes"),
    }
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
            "at the CI rate of 3/100, plain repetition (20 runs of 60.0 s) succeeds in 1200 s with probability 0.456; \
             the rate is that of the logs collected"
        );
    }

    #[test]
    fn failing_logs_alone_tell_no_rate() {
        let budget = budget(1200, Some(1.0), &rate(5, 5));
        assert_eq!((budget.plain_success, budget.runs_for_95), (None, None));
        assert!(budget.sentence.contains("rate is unknown"));
        assert_eq!(rate(0, 0).interval, [0.0, 1.0]);
    }

    #[test]
    fn an_unknown_duration_is_said() {
        assert!(budget(1200, None, &rate(1, 2)).sentence.contains("how long"));
    }
}
