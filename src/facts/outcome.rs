//! How a run ended.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a run ended, as far as its log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Fail,
    Pass,
    Unknown,
}
