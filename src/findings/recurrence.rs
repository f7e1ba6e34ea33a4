//! How often a failure came, over the runs that can be compared.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::Interval;

/// Whether a failure comes now and then or every time, in figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recurrence {
    /// Runs that failed so.
    pub failed: u64,
    /// Runs that failed so or passed; runs of other jobs and those that failed otherwise do not count.
    pub runs: u64,
    /// Wilson's 95 % interval for the rate of failure.
    pub rate: Interval,
    /// True if every run failed so, false if runs of the same code also passed; absent where the runs
    /// do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deterministic: Option<bool>,
    /// What the figures mean, in words.
    pub says: String,
}
