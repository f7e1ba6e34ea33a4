//! Figures that a report draws: plain numbers with their units, no layout.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "plot")]
pub enum Plot {
    Timeline(Timeline),
    Durations(Durations),
    Window(Window),
}

/// When each actor of one failing log spoke, and when it fell silent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Timeline {
    pub source: String,
    /// Seconds from the first line to the end of the drawing.
    pub seconds: f64,
    /// One for each actor, in the order in which they should stand.
    pub lanes: Vec<Lane>,
    /// The lane of the actor that fell behind first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub straggler: Option<usize>,
    /// What happened to all of them, such as the limit that fired.
    #[serde(default)]
    pub marks: Vec<Mark>,
}

/// One actor in a [`Timeline`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lane {
    /// The actor, such as `rank 3`.
    pub name: String,
    /// Seconds since the first line at which this actor spoke, rising.
    pub spoke: Vec<f64>,
    /// The last step that it finished, where steps can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_step: Option<String>,
}

/// A moment with a name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mark {
    /// Seconds since the first line.
    pub second: f64,
    pub name: String,
}

/// How long the failing runs took against the passing ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Durations {
    /// What was timed, such as a test or a step.
    pub what: String,
    /// Seconds, one for each run.
    pub failing: Vec<f64>,
    /// Seconds, one for each run.
    pub passing: Vec<f64>,
    /// The limit that fired, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
}

/// The two events of a race, run by run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// The event that should come first.
    pub first: String,
    /// The event that relies on it.
    pub second: String,
    /// Passing runs: seconds by which `first` came before `second` (the slack).
    pub slack: Vec<f64>,
    /// Failing runs: seconds by which `first` came after `second` (the lateness).
    pub lateness: Vec<f64>,
}
