//! What is run: the test, what ran before it, and what it drew.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::Place;
use crate::facts::runners::Framework;
use crate::facts::setup::Seed;

/// The test that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Test {
    /// As its framework names it, with parameters: `tests/test_ring.py::test_gather[8-bf16]`.
    pub id: String,
    /// What stands in the brackets or after the slash; `None` without parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<String>,
    pub framework: Framework,
    pub at: Place,
}

/// The seeds that one failing run printed: set together, they repeat what it drew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replay {
    pub seeds: Vec<Seed>,
}

/// What ran before the test in the same process or on the same worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Order {
    /// The worker, as printed: `gw2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    /// In the order they ran; the last one ran just before the failing test.
    pub preceding: Vec<Predecessor>,
    /// How many more ran before the first of `preceding`.
    pub not_shown: u64,
}

/// A test that ran before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Predecessor {
    pub id: String,
    /// As printed: `PASSED`, `ok`, `FAILED`.
    pub verdict: String,
    pub at: Place,
}
