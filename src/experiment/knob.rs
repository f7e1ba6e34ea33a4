//! What to turn so that the failure comes more often, what not to turn, and where to wait.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::Place;
use crate::signatures::Cause;

/// One amplifier and the levels worth trying, mildest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Knob {
    /// The amplifier's name in `ndlog.amplifiers/1`, such as `delay` or `cpu-hogs`.
    pub amplifier: String,
    /// In `unit`, mildest first; never empty.
    pub levels: Vec<f64>,
    /// What a level counts, such as `milliseconds` or `hogs per core`.
    pub unit: String,
    /// The step, variable, host or test that it acts on, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The cause that it speaks to.
    pub cause: Cause,
    /// Why it should help here.
    pub why: String,
    /// What to expect: `raise` the rate, or only `shorten` the run.
    pub expected: Expected,
}

/// What a knob should do to the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// The failure comes more often.
    Raise,
    /// A run that will fail ends sooner; the rate stays.
    Shorten,
}

/// Something to leave alone, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Advice {
    pub what: String,
    pub why: String,
}

/// Two steps whose order or distance differs between failing and passing runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// The step that came too early in failing runs.
    pub early: Step,
    /// The step that should have come first, or did not come at all.
    pub late: Step,
    pub reading: Reading,
    /// From `late` to `early` in passing runs, in milliseconds; `None` without passing logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slack_ms: Option<Quantiles>,
    /// From `early` to `late` in failing runs where `late` came at all, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lateness_ms: Option<Quantiles>,
    /// Delays to put before `late`, in milliseconds, mildest first.
    pub delay_ladder_ms: Vec<f64>,
    /// Failing runs that show it, and failing runs in all.
    pub failing: [u64; 2],
    /// Passing runs that show it, and passing runs in all.
    pub passing: [u64; 2],
}

/// What the two steps look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// `late` comes after `early` in at least two failing runs, from another actor.
    RaceWindow,
    /// `late` never comes in failing runs: a hang, a crash or another branch.
    MissingPrecursor,
    /// There are too few runs, or too many pairs compared, to tell it from chance.
    Candidate,
}

/// One step: a masked line and a place where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    pub text: String,
    pub at: Place,
}

/// A few order statistics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantiles {
    pub q05: f64,
    pub q50: f64,
    pub q95: f64,
    /// How many values.
    pub n: u64,
}
