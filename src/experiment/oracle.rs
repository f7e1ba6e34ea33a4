//! The oracle: which failures count as this one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::Place;
use crate::facts::failures::Kind;
use crate::facts::limits::Layer;

/// The rule by which a run's failure is compared with the oracle.
pub const MATCH_RULE: &str = "ndlog.match/2: same cluster id or same words once masked, in the same test whatever its \
    parameters, with the same exception at the same place; words that many tests say need the test's name";

/// Which failures count as this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Oracle {
    /// The id of the cluster: 16 hex digits.
    pub cluster: String,
    /// Ids of near-duplicates that count as well.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The normal form, parts joined by ` | `.
    pub signature: String,
    pub title: String,
    /// What kind of event.
    pub kind: Kind,
    /// The catalog entry, such as `tt-metal/device-timeout`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// Which layer's limit or check spoke.
    pub layer: Layer,
    /// The type or code of the error, such as `AssertionError` or `SIGSEGV`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
    /// The line that says it best, cleaned, as one of the logs has it.
    pub message: String,
    /// The source of the assertion that failed, where a traceback shows it: its values may differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assertion: Option<String>,
    /// Messages of runs that a person accepted as the same failure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<String>,
    /// The tests in which it was seen, without their parameters; empty where no log names one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<String>,
    /// The file that raised it, without its folders; `None` where no log names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The top frames of the stack, innermost first; empty where the log has no stack.
    #[serde(default)]
    pub frames: Vec<String>,
    /// The last lines that showed progress before the failure, one a failing log.
    #[serde(default)]
    pub phase: Vec<Phase>,
    /// How to compare.
    pub match_rule: String,
    /// For tools that know only regular expressions (Perl, RE2, Python and Rust syntax): finds the
    /// line. It is weaker than the match rule.
    pub regex: String,
    /// Where `message` stands.
    pub at: Place,
}

/// The last line that showed progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Phase {
    pub text: String,
    pub at: Place,
}
