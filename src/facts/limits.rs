//! The time limits that lines tell: whose they are, how long, and whether they fired.
//!
//! Knows the wordings in `limits.toml`. Must not know what a limit says about a failure.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::durations;
use crate::rules::{Wordings, captured};

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
pub struct Told<'w> {
    pub wording: &'w Wording,
    /// The limit, or the time that had passed where the line tells no other.
    pub seconds: f64,
    /// Seconds that had passed when it fired, where the line says.
    pub elapsed: Option<f64>,
}

static TABLE: LazyLock<Wordings<Wording>> =
    LazyLock::new(|| Wordings::embedded(include_str!("../rules/limits.toml")));

/// Returns the limits that a line tells.
pub fn told(text: &[u8]) -> impl Iterator<Item = Told<'_>> {
    TABLE.matches(text).filter_map(|(_, wording, captures)| {
        let captured = |name: &str| captured(&captures, name);
        let elapsed = durations::elapsed(captured);
        let seconds = durations::limit(captured).filter(|seconds| *seconds > 0.0).or(elapsed)?;
        Some(Told { wording, seconds, elapsed })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_examples;

    #[test]
    fn every_wording_finds_its_examples() {
        check_examples::<Wording>(include_str!("../rules/limits.toml"), |wording, example| {
            told(example.as_bytes()).any(|told| told.wording.name == wording.name)
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
            assert_eq!(told(text.as_bytes()).next().map(|told| told.seconds), Some(seconds), "{text}");
        }
    }
}
