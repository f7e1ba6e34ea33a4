//! One finished run, as it is written down and as the plan sees it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::arm::Arm;
use super::ending::{Ending, Usual};
use super::oracle::Verdict;

/// Why a run was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Does the command run here at all?
    Smoke,
    /// Again and again as it is, until a miss would be unlikely at the rate of CI.
    Plain,
    /// The ranked arms, in blocks.
    Ladder,
    /// After the first hit: the arm that promises most a second.
    Thompson,
    /// Late and without a hit: amplifiers drawn at random.
    Subsets,
    /// The chosen arm, counted afresh.
    Count,
    /// The chosen arm with one amplifier less.
    KnockOut,
    /// The chosen arm on another test, which should pass.
    Guard,
    /// After the answer: what tells causes apart.
    Telling,
}

impl fmt::Display for Stage {
    /// Writes what the run is for, such as `looking for what helps`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Smoke => "does it run",
            Self::Plain => "as it is",
            Self::Ladder => "one after another",
            Self::Thompson => "what promises most",
            Self::Subsets => "drawn at random",
            Self::Count => "counted afresh",
            Self::KnockOut => "what can be left out",
            Self::Guard => "on another test",
            Self::Telling => "what tells causes apart",
        })
    }
}

/// How another copy of a run failed than the one whose verdict is the run's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failed {
    pub verdict: Verdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
}

/// One finished run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trial {
    /// From 1; the name of its folder.
    pub number: u64,
    pub stage: Stage,
    pub arm: Arm,
    /// The best of its copies; [`Verdict::Exact`] is a hit.
    pub verdict: Verdict,
    /// How each of several copies is to be counted; empty where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<Verdict>,
    /// The line that says best how it failed, or why it could not be run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// What differs from the failure looked for, or what to do about what could not be run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
    /// How other copies failed that did not match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Failed>,
    /// How many copies ran at once.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub at_once: u32,
    /// How each copy ended: `exit 1`, `signal 11`, `wall limit`.
    pub exits: Vec<String>,
    /// Wall time in seconds, from the start of the first copy to the end of the last one.
    pub seconds: f64,
    /// Seconds of the copy that took longest; `None` where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<f64>,
    /// Seconds until the first copy that matched ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_hit: Option<f64>,
    /// The same of every copy that matched, in order; empty where there is one copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hits_at: Vec<f64>,
    /// How the copy that its verdict comes from went, where it failed with the words of the signature and
    /// this could be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// Of a plain run that passed: its usual steps a second, each a millisecond of computing or a thread
    /// that was woken, and the longest time in seconds that it stood still. `None` where it was too short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<Usual>,
    /// Bytes printed, and how many of them were not kept.
    pub printed: u64,
    pub left_out: u64,
    /// The most resident memory and address space seen, in bytes.
    pub resident: u64,
    pub address_space: u64,
    /// Processes that could not be ended.
    pub left_running: u64,
    /// The words that were run, and the variables that were set for it.
    pub argv: Vec<String>,
    pub variables: std::collections::BTreeMap<String, String>,
    /// Seconds of the budget that were used up when it ended.
    pub elapsed: f64,
}

fn one() -> u32 {
    1
}

fn is_one(count: &u32) -> bool {
    *count == 1
}

impl Trial {
    /// Returns the failures of its copies that did not match.
    pub fn failed(&self) -> impl Iterator<Item = Failed> {
        let own = Failed {
            verdict: self.verdict,
            headline: self.headline.clone().or_else(|| self.exits.first().cloned()),
            difference: self.difference.clone(),
        };
        let failed = |one: &Failed| {
            matches!(one.verdict, Verdict::Different | Verdict::SameClass | Verdict::HarnessError)
        };
        [own].into_iter().chain(self.others.iter().cloned()).filter(failed)
    }

    /// Returns true if and only if it failed with the signature.
    pub fn hit(&self) -> bool {
        self.verdict == Verdict::Exact
    }

    /// Returns how each copy is to be counted.
    pub fn verdicts(&self) -> &[Verdict] {
        if self.each.is_empty() { std::slice::from_ref(&self.verdict) } else { &self.each }
    }

    /// Returns the seconds that the command took once.
    pub fn run_seconds(&self) -> f64 {
        self.longest.unwrap_or(self.seconds)
    }

    /// Returns when copies that matched ended, in seconds from the start.
    pub fn hit_times(&self) -> Vec<f64> {
        match self.hits_at.is_empty() {
            true if self.hit() => vec![self.first_hit.unwrap_or(self.seconds)],
            _ => self.hits_at.clone(),
        }
    }

    /// Returns true if it is a run of the test itself that tells something about its rate.
    pub fn counts(&self) -> bool {
        self.stage != Stage::Guard && self.verdict.counts()
    }
}
