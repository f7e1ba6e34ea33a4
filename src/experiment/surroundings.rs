//! Where it ran: machines, devices, actors, and what is peculiar to the failing ones.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pattern::Place;

/// Where the failing runs ran, as far as their logs say. Lists hold each value once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Surroundings {
    /// Host or runner names.
    #[serde(default)]
    pub hosts: Vec<Seen>,
    /// Operating systems and runner images.
    #[serde(default)]
    pub images: Vec<Seen>,
    /// Boards and device architectures, such as `n300` or `wormhole_b0`.
    #[serde(default)]
    pub hardware: Vec<Seen>,
    /// Devices or chips that the failure names.
    #[serde(default)]
    pub devices: Vec<Seen>,
    /// Ranks, workers and threads that the failure names.
    #[serde(default)]
    pub actors: Vec<Seen>,
    /// Versions of interpreters, drivers, firmware and frameworks.
    #[serde(default)]
    pub versions: Vec<Seen>,
}

/// A value, how many failing logs have it, and one place where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// Such as `host`, `runner`, `arch`, `device`, `rank`, `python`.
    pub what: String,
    pub value: String,
    /// Failing logs that have it.
    pub failing: u64,
    pub at: Place,
}

/// A place that failing runs share more than passing ones do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Concentration {
    /// Such as `host` or `device`.
    pub what: String,
    pub value: String,
    /// Failing runs there, and failing runs in all.
    pub failing: [u64; 2],
    /// Passing runs there, and passing runs in all.
    pub passing: [u64; 2],
    /// One-sided Fisher probability, times the number of values compared.
    pub p_adjusted: f64,
    pub at: Place,
}
