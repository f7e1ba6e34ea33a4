//! What a proof showed: counts, the recipe, how sure, and one honest sentence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::arm::Arm;
use super::causes::Moved;
use super::past;
use super::tally::{ALPHA, Tally};
use crate::stats::{confidence_sequence, rate_above};

/// The name and number of this document's form.
pub const SCHEMA: &str = "ndlog.outcome/1";

/// The e-value from which an arm is called better than the control.
pub const EVIDENCE: f64 = 20.0;

/// A time limit is generous if it is so many times longer than a plain run: only load that slows the program
/// more than that lets it fire.
pub const ROOM: f64 = 2.0;

/// Hits a minute with which a minute without one has a chance of 1%.
pub const SURE_A_MINUTE: f64 = 4.6;
const FEWEST_HITS: u64 = 3;

/// How far the proof came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The command ran no test here, or failed in another way every time: nothing is known.
    CouldNotRun,
    /// No run failed with the signature.
    NotReproduced,
    /// The amplifiers make another test fail in the same way, so the failure may be theirs.
    Manufactured,
    /// Runs failed with the signature, but only under a tightened limit, and no other test has stood it:
    /// the limit may be the failure.
    Unguarded,
    /// Runs failed with the signature, but only under load, at a time limit that leaves a plain run much
    /// room, and did not stand still; no other test has stood the load: it may be the failure.
    Overloaded,
    /// At least one run failed with the signature.
    Seen,
    /// Even at the lower end of its interval at least one half of runs fail, or so many a minute that a
    /// minute of repetition shows one with 99%.
    Reliable,
}

/// An amplifier that was not tried, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    pub amplifier: String,
    pub why: String,
}

/// Failures that were not the one looked for, and look alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Other {
    /// The first line of one of them.
    pub headline: String,
    /// What differs from the failure looked for, where they came near.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
    pub runs: u64,
    /// True if they nearly matched.
    pub near: bool,
    /// The number of the first such run, whose log stands under `trials/`.
    pub first: u64,
}

/// What a proof showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Always [`SCHEMA`].
    pub schema: String,
    pub status: Status,
    /// The same as a sentence.
    pub sentence: String,
    /// The command under test.
    pub argv: Vec<String>,
    /// In seconds: allowed, and used.
    pub budget: f64,
    pub elapsed: f64,
    pub seed: u64,
    /// The fresh count of the chosen arm; where there was no time for one, all runs of the best arm,
    /// which flatters it. `None` without a hit.
    pub best: Option<Tally>,
    /// True if `best` was counted afresh after it was chosen.
    pub fresh: bool,
    /// All runs without an amplifier, of the test alone or, where `whole`, of CI's own command.
    pub control: Tally,
    /// True if plain runs were those of the whole command.
    #[serde(default)]
    pub whole: bool,
    /// True if CI's own command may run several tests at the same time.
    #[serde(default)]
    pub together: bool,
    /// How many plain runs were made at once.
    #[serde(default)]
    pub at_once: u32,
    /// True if logs of passing runs were collected too.
    #[serde(default)]
    pub passes_in_ci: bool,
    /// What comparing the whole command with the test alone showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// True if the recipe's rate a minute lies above that of plain runs beyond doubt.
    #[serde(default)]
    pub recommended: bool,
    /// The causes before and after the runs, in their order after them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Moved>,
    /// What else failed, most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other>,
    /// What to do where the command could not be run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The e-value of `best` against the upper bound of the control's rate.
    pub e_value: Option<f64>,
    /// The probability of at least one hit within the budget at the lower bound of the rate.
    pub within_budget: Option<f64>,
    /// The fewest amplifiers that did as well; empty where none is needed.
    pub recipe: Arm,
    /// True if every amplifier of the recipe was left out once and missed.
    pub recipe_is_minimal: bool,
    /// The recipe on another test, where there is one.
    pub guard: Option<Tally>,
    /// Every arm, in the order tried.
    pub arms: Vec<Tally>,
    pub skipped: Vec<Skipped>,
}

impl Outcome {
    /// Returns true if every plain run failed as looked for, often enough to say so.
    pub fn fails_every_time(&self) -> bool {
        self.control.runs >= past::EVERY_TIME && self.control.hits == self.control.runs
    }

    /// Returns what hides a failure that comes every time without it, best: no defect is hidden by how it is run.
    pub fn hidden_by(&self) -> Option<&Tally> {
        let passes = |tally: &&Tally| {
            tally.runs.saturating_sub(tally.hits + tally.same_class + tally.starved + tally.different)
        };
        let hiding = self.arms.iter().filter(|tally| !tally.arm.is_plain() && passes(tally) >= FEWEST_HITS);
        hiding.max_by_key(passes).filter(|_| self.fails_every_time())
    }

    /// Returns how many runs nearly failed as looked for.
    pub fn near(&self) -> u64 {
        self.others.iter().filter(|other| other.near).map(|other| other.runs).sum()
    }

    /// Returns true if and only if at least one run failed with the signature, not by the doing of the
    /// amplifiers.
    pub fn reproduced(&self) -> bool {
        matches!(self.status, Status::Seen | Status::Reliable)
    }

    /// Returns true if the recipe, counted afresh, raised the rate beyond doubt and none of its parts can be left out.
    pub fn confirms(&self) -> bool {
        self.reproduced()
            && self.fresh
            && self.recipe_is_minimal
            && self.e_value.is_some_and(|e_value| e_value >= EVIDENCE)
    }
}

/// Returns true if the rate needs nobody to wait: see [`Status::Reliable`]. One hit in the first second is luck and no
/// rate a minute.
pub fn is_reliable(tally: &Tally) -> bool {
    let often = tally.hits >= FEWEST_HITS && tally.hits_per_minute_interval.low >= SURE_A_MINUTE;
    tally.interval.low >= 0.5 || often
}

/// Returns the e-value of an arm against the control. The control's rate is not known, so its upper bound stands for it; half of the error goes there.
pub fn against(best: &Tally, control: &Tally) -> f64 {
    let limit = confidence_sequence(control.hits, control.runs, ALPHA / 2.0).high;
    rate_above(limit, best.hits, best.runs)
}

/// Returns true if it fails every time because of what is set for good, and others fail less often beyond doubt: one run
/// then shows the failure, even if others fail as often a minute.
pub fn decides(tally: &Tally, plain: &Tally) -> bool {
    let always = tally.runs >= past::EVERY_TIME && tally.hits == tally.runs;
    always && tally.arm.is_fixed() && tally.interval.low > plain.interval.high
}

/// Returns the guard's runs that failed in the same way: its own words name another test.
pub fn alike(guard: &Tally) -> u64 {
    guard.hits + guard.starved + guard.same_class
}
