//! The time limits that lines tell: whose they are, how long, and whether they fired.
//!
//! Knows the wordings in `limits.toml`. Must not know what a limit says about a failure.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;
use super::setup::Variable;
use crate::durations::{self, hugs};
use crate::rules::{Wordings, captured, table};

/// Whose limit fired or whose check failed, outermost first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The CI machine was lost.
    Runner,
    /// The CI system ended the job or the step.
    Job,
    /// The test framework.
    Test,
    /// A collective operation between ranks.
    Collective,
    /// The device, its driver or its link.
    Device,
    /// The operating system's kernel.
    Kernel,
    /// The program itself.
    Program,
}

/// A wording of a limit, as `limits.toml` tells it.
#[derive(Debug, Deserialize)]
pub struct Wording {
    /// Whose limit it is, such as `pytest-timeout`; `limit` where the words do not say.
    pub name: String,
    pub layer: Layer,
    /// The option that sets it.
    pub option: Option<String>,
    /// True if the words say that it has fired.
    #[serde(default)]
    pub fired: bool,
}

/// A limit that a line tells.
#[derive(Clone, Copy, Debug)]
pub struct StatedLimit<'w> {
    pub wording: &'w Wording,
    /// The limit, or the time that had passed where the line tells no other.
    pub seconds: f64,
    /// Seconds that had passed when it fired, where the line says.
    pub elapsed: Option<f64>,
}

static TABLE: LazyLock<Wordings<Wording>> = LazyLock::new(|| Wordings::embedded(table!("limits")));

/// Returns strings in lower case of which each line that tells a limit holds one, in whatever case.
pub fn strings() -> Vec<Vec<u8>> {
    TABLE.folded_literals()
}

/// Returns the limits that a line tells.
pub fn stated(text: &[u8]) -> impl Iterator<Item = StatedLimit<'_>> {
    TABLE.matches(text).filter_map(|(_, wording, captures)| {
        let captured = |name: &str| captured(&captures, name);
        let elapsed = durations::elapsed(captured);
        let seconds = durations::limit(captured).filter(|seconds| *seconds > 0.0).or(elapsed)?;
        Some(StatedLimit { wording, seconds, elapsed })
    })
}

/// A time limit that was in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Limit {
    /// What it limits, such as `pytest-timeout` or `TT_METAL_OPERATION_TIMEOUT_SECONDS`.
    pub name: String,
    pub seconds: f64,
    pub layer: Layer,
    /// The variable that sets it, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// The command-line option that sets it, such as `--timeout`; the value follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// True if a failing log says that this limit fired.
    pub fired: bool,
    /// Seconds that the failing run took against it, where told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<f64>,
    /// True if the elapsed time is within one second or one per cent of the limit.
    pub hugged: bool,
    /// The words that tell it.
    pub printed: String,
    pub at: Place,
}

/// Longest text kept of a line.
const LONGEST: usize = 200;

/// Returns the limits that a line of a log tells.
pub fn on_line(source: &str, line: u64, text: &str) -> impl Iterator<Item = Limit> {
    stated(text.as_bytes()).map(move |limit| Limit {
        name: limit.wording.name.clone(),
        seconds: limit.seconds,
        layer: limit.wording.layer,
        variable: None,
        option: limit.wording.option.clone(),
        fired: limit.wording.fired,
        elapsed: limit.elapsed,
        hugged: limit.elapsed.is_some_and(|elapsed| hugs(elapsed, limit.seconds)),
        printed: text.trim().chars().take(LONGEST).collect(),
        at: Place::new(source, line),
    })
}

/// Returns the limit that a variable sets, where its name speaks of one.
pub fn of_variable(variable: &Variable) -> Option<Limit> {
    let value = variable.value.as_deref()?;
    Some(Limit {
        name: variable.name.clone(),
        seconds: seconds_of(&variable.name, value)?,
        layer: layer_of(&variable.name),
        variable: Some(variable.name.clone()),
        option: None,
        fired: false,
        elapsed: None,
        hugged: false,
        printed: format!("{}={value}", variable.name),
        at: variable.at.clone(),
    })
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
        .then(|| durations::duration(value, plain))?
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
    use crate::rules::check_examples;

    #[test]
    fn every_wording_finds_its_examples() {
        check_examples::<Wording>(table!("limits"), |wording, example| {
            stated(example.as_bytes()).any(|limit| limit.wording.name == wording.name)
        });
    }

    #[test]
    fn seconds_come_out_whatever_the_unit() {
        for (text, seconds) in [
            ("Failed: Timeout >30.0s", 30.0),
            ("panic: test timed out after 1m30s", 90.0),
            ("has exceeded the maximum execution time of 45 minutes", 2700.0),
            ("Fabric Router Sync: Timeout after 10000 ms on Device 3", 10.0),
            ("+ timeout -k 10 5m pytest tests", 300.0),
            ("no reply within 100ms", 0.1),
        ] {
            assert_eq!(stated(text.as_bytes()).next().map(|limit| limit.seconds), Some(seconds), "{text}");
        }
    }

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
