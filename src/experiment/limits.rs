//! Hidden limits: every time limit that a log tells, and whether it fired.

use super::pattern::Place;
use super::said::Said;
use super::subject::{Limit, Variable};
use crate::durations::{duration, hugs};
use crate::facts::limits::{self, Layer};

/// Longest text kept of a line.
const LONGEST: usize = 200;

/// Returns the limits that the lines tell.
pub(super) fn told(source: &str, log: &[Said<'_>]) -> Vec<Limit> {
    log.iter().flat_map(|said| on_line(source, said.number(), &said.text)).collect()
}

fn on_line(source: &str, line: u64, text: &str) -> impl Iterator<Item = Limit> {
    limits::told(text.as_bytes()).map(move |told| Limit {
        name: told.wording.name.clone(),
        seconds: told.seconds,
        layer: told.wording.layer,
        variable: None,
        option: told.wording.option.clone(),
        fired: told.wording.fired,
        elapsed: told.elapsed,
        hugged: told.elapsed.is_some_and(|elapsed| hugs(elapsed, told.seconds)),
        printed: text.trim().chars().take(LONGEST).collect(),
        at: Place { source: source.to_owned(), line },
    })
}

/// Returns the limits that variables set: those whose names speak of a time limit.
pub(super) fn set(variables: &[Variable]) -> Vec<Limit> {
    let limit = |variable: &Variable| {
        let seconds = seconds_of(&variable.name, variable.value.as_deref()?)?;
        Some(Limit {
            name: variable.name.clone(),
            seconds,
            layer: layer_of(&variable.name),
            variable: Some(variable.name.clone()),
            option: None,
            fired: false,
            elapsed: None,
            hugged: false,
            printed: format!("{}={}", variable.name, variable.value.as_deref().unwrap_or_default()),
            at: variable.at.clone(),
        })
    };
    variables.iter().filter_map(limit).collect()
}

/// Returns the seconds that a variable sets, where its name speaks of a time limit and its value
/// is a number or a duration. The name's last word is the unit of a bare number.
fn seconds_of(name: &str, value: &str) -> Option<f64> {
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split('_').collect();
    let speaks = words.iter().any(|word| matches!(*word, "TIMEOUT" | "DEADLINE" | "WATCHDOG" | "TIMELIMIT"))
        || name.contains("TIME_LIMIT")
        || name.ends_with("TIMEOUT");
    let is_duration = value.chars().all(|c| c.is_ascii_digit() || ".smhd".contains(c));
    let plain = match words.last().copied() {
        Some("MS" | "MSEC" | "MILLIS" | "MILLISECONDS") => 0.001,
        Some("US" | "USEC") => 1e-6,
        Some("MIN" | "MINS" | "MINUTES") => 60.0,
        Some("H" | "HOURS") => 3600.0,
        _ => 1.0,
    };
    (speaks && is_duration && value.starts_with(|c: char| c.is_ascii_digit()))
        .then(|| duration(value, plain))?
}

/// Guesses whose limit a variable sets.
fn layer_of(name: &str) -> Layer {
    let has = |word: &str| name.to_ascii_uppercase().contains(word);
    match () {
        () if has("NCCL") || has("RCCL") || has("MPI") => Layer::Collective,
        () if has("TEST") => Layer::Test,
        () if has("JOB") || has("STEP") => Layer::Job,
        () if has("DEVICE") || has("OPERATION") || has("DISPATCH") || has("LINK") => Layer::Device,
        () => Layer::Program,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_about_time_that_set_no_limit_are_left_alone() {
        for text in [
            "retrying in 5 seconds",
            "test_timeout PASSED",
            "took 12.3 s",
            "a timeout 5 years in the making",
            "timeout: object at 0x7f",
        ] {
            assert_eq!(on_line("x", 1, text).count(), 0, "{text}");
        }
    }

    #[test]
    fn variables_that_speak_of_a_limit_are_limits() {
        for (name, value, seconds) in [
            ("TT_METAL_OPERATION_TIMEOUT_SECONDS", "5", Some(5.0)),
            ("LINK_TRAIN_TIMEOUT_MS", "60", Some(0.06)),
            ("TEST_TIMEOUT_S", "2.0", Some(2.0)),
            ("JOB_TIMEOUT", "1h", Some(3600.0)),
            ("BUILD_DEADLINE_MINUTES", "3", Some(180.0)),
            ("TIMEOUT_POLICY", "kill", None),
            ("OUTPUT", "5", None),
            ("TEST_TIMEOUT", "", None),
        ] {
            assert_eq!(seconds_of(name, value), seconds, "{name}={value}");
        }
    }

    #[test]
    fn hugging_is_near_and_not_merely_similar() {
        assert!(hugs(30.02, 30.0) && hugs(600.06, 600.0) && hugs(2.1, 2.0) && hugs(0.061, 0.06));
        assert!(!hugs(27.0, 30.0) && !hugs(2.5, 2.0) && !hugs(0.03, 0.06));
    }
}
