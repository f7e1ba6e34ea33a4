//! What is run: the test, its command, its variables, its limits, and what ran before it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pattern::Place;
use crate::facts::limits::Layer;
use crate::facts::runners::Framework;

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

/// A command line that a log shows. It is shown, never run without a person's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// As printed; several lines where the log shows a block.
    pub printed: String,
    /// The words, where the line can be split without a shell (no pipe, no `&&`, no `$`); variables
    /// set before the program's name stand in `variables`, not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub argv: Option<Vec<String>>,
    /// Variables set on the command line itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// The folder that the log shows it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The image, where `docker run` or the job says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    pub framework: Framework,
    /// How the log shows it.
    pub form: Form,
    pub at: Place,
}

/// How a log shows a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `##[group]Run …` of GitHub Actions.
    GithubGroup,
    /// `[command]/usr/bin/git …`.
    GithubCommand,
    /// `$ make test`.
    Prompt,
    /// `+ make test` of `sh -x`.
    ShellTrace,
    /// A runner's own words, such as `Running …` of cargo or `Test command:` of ctest.
    Runner,
    /// A line that begins as a known program's command line does.
    Plain,
}

/// An environment variable that a log shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Variable {
    pub name: String,
    /// `None` where the CI system hid it (`***`): it was set, and somebody must know to what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// True if another failing log shows another value; the first one stands here.
    #[serde(default)]
    pub varies: bool,
    pub at: Place,
}

/// A seed that a log prints, as the variable that sets it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seed {
    /// Such as `TEST_ORDER_SEED`, or `PYTEST_ADDOPTS` for an option of pytest.
    pub variable: String,
    /// What to put into it: the seed, or an option with it.
    pub value: String,
    /// True if the value goes after what the variable holds already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joins: bool,
    pub at: Place,
}

/// The seeds that one failing run printed: set together, they repeat what it drew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replay {
    pub seeds: Vec<Seed>,
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
