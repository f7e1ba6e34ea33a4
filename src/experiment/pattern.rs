//! The experiment as one plain value: all that is needed to make a failure happen again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amplifiers;
use super::knob::{Advice, Knob, Window};
use super::oracle::Oracle;
use super::subject::{Order, Replay, Test};
use super::surroundings::{Concentration, Surroundings};
use crate::facts::failures::Kind;
use crate::facts::limits::Limit;
use crate::facts::setup::{Command, Variable};
use crate::findings::CauseSummary;

/// The name and number of this document's form.
pub const SCHEMA: &str = "ndlog.pattern/1";

/// What an experiment must know. Paths are relative to the failure's folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pattern {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The name of the failure's folder.
    pub name: String,
    /// Which failure counts.
    pub oracle: Oracle,
    /// The test that failed; `None` where no log names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
    /// Another test of the same file or class, which passed in every log that shows it: what makes this
    /// one fail as well proves nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sibling: Option<Test>,
    /// The command that ran it; `None` where no log shows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Command>,
    /// The folder of this machine to run it in, where a person said so or the file of the test was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The commands seen before it in the same log, in their order: what set the machine up.
    #[serde(default)]
    pub earlier_commands: Vec<Command>,
    /// Every variable that a failing log shows, by name.
    #[serde(default)]
    pub environment: Vec<Variable>,
    /// What failing runs drew, where they print their seeds: a run each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replays: Vec<Replay>,
    /// Every limit found, shortest first.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// Where it ran.
    #[serde(default)]
    pub surroundings: Surroundings,
    /// Places that failing runs share and passing runs do not.
    #[serde(default)]
    pub concentration: Vec<Concentration>,
    /// What ran before the test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// The two steps whose order or distance decides; `None` where nothing shows a pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Most probable first; empty where causes were not ranked.
    #[serde(default)]
    pub causes: Vec<CauseSummary>,
    /// What to turn, most promising first.
    pub knobs: Vec<Knob>,
    /// What hides this failure instead of provoking it.
    pub contra: Vec<Advice>,
    /// How often it happened in CI.
    pub rate: Rate,
    /// What fits into the time that is allowed.
    pub budget: Budget,
    /// The logs that the pattern was made from.
    pub logs: Logs,
    /// What no log tells and a person may know; each the first reason to doubt a failed reproduction.
    pub missing: Vec<Missing>,
}

impl Pattern {
    /// Returns the time limit that ended the failure, the shortest where several did.
    pub fn limit_that_ended_it(&self) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.fired || limit.hugged)
    }

    /// Returns true if a time limit ended the failure and its first cause is one that makes a program stand
    /// still until then.
    pub fn stood_still(&self) -> bool {
        let stands_still = self.causes.first().is_some_and(|cause| amplifiers::stands_still(cause.cause));
        stands_still && (self.limit_that_ended_it().is_some() || self.oracle.kind == Kind::Timeout)
    }
}

/// How often it happened: failing runs that carry the oracle's signature, among all runs collected.
///
/// People collect failures rather than passes, so this is an upper guess unless the folder holds
/// every run of some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    pub failing: u64,
    /// Failing and passing logs together.
    pub runs: u64,
    /// The Wilson interval at 95%; `[0, 1]` without a run.
    pub interval: [f64; 2],
}

/// What fits into the time that is allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Budget {
    /// Seconds for the whole proof.
    pub seconds: u64,
    /// Seconds that one run of the test takes, from the logs; `None` where none tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_seconds: Option<f64>,
    /// Whole runs that fit one after another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain_runs: Option<u64>,
    /// Probability that plain repetition fails at least once within the budget, at the CI rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain_success: Option<f64>,
    /// Runs for a 95% chance of at least one failure, at the CI rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_for_95: Option<u64>,
    /// The same as a sentence.
    pub sentence: String,
}

/// The logs that the pattern was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Logs {
    /// Logs in which this failure is the first to read.
    pub failing: Vec<String>,
    /// Logs of passing runs.
    pub passing: Vec<String>,
}

/// Something that an experiment needs and no log tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    /// Such as `command` or `environment`.
    pub what: String,
    /// Where to look or what to give.
    pub next: String,
}
