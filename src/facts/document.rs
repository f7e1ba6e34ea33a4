//! Everything that one source says: the value that later rooms work on.

use serde::{Deserialize, Serialize};

use super::answers::Answer;
use super::clues::FailureClues;
use super::ends::End;
use super::environment::Exposure;
use super::failures::Event;
use super::mentions::Mention;
use super::setup::Setup;
use super::steps::Run;
use super::{ActorTimes, Bound, Candidates, Coverage, Excerpt, Outcome, Passage, Prints, TestResults};
use crate::error::Problem;
use crate::input::SourceKind;

/// What one source says. Nothing that reads facts opens the source again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    pub source: SourceFacts,
    pub outcome: Outcome,
    /// The line that says how the run ended, as `line 31: Job succeeded`; `None` where nothing does.
    pub outcome_because: Option<String>,
    /// Every statement that something ended.
    pub ends: Vec<End>,
    /// What failed, the first to read in front; suspects where the outcome is unknown, and empty for a run that
    /// passed.
    pub failures: Vec<Event>,
    /// What the lines say of why, of each failure up to the last of which they are read.
    pub clues: Vec<FailureClues>,
    /// Every test that began or ended, in order.
    pub tests: TestResults,
    /// What a document of a CI system says; `None` for everything else.
    pub answer: Option<Answer>,
    /// The machines, parts, job and commit that took part.
    pub environment: Exposure,
    /// What the run did, step by step; `None` where nobody compares runs.
    pub steps: Option<Run>,
    /// How the run was started; `None` where nobody makes an experiment.
    pub setup: Option<Setup>,
    /// The lines that were sought, with their numbers.
    pub sought: Vec<(u64, String)>,
    /// What it says that passing runs do not, best first; empty where there are none to compare with.
    pub contrast: Vec<Passage>,
    /// What its lines are, for others to be compared with; `None` unless it is the log of a passing run that is.
    pub prints: Option<Prints>,
    /// When each actor wrote before the first failure; empty unless that was a failure to go on, or runs are compared.
    pub actors: Vec<ActorTimes>,
    /// The lines round what failed, as they are shown.
    pub excerpts: Vec<Excerpt>,
    /// What else went wrong, as a longer text shows it.
    #[serde(default)]
    pub mentions: Vec<Mention>,
    /// The lines of the steps, of what took part and of what is new, which a comparison of runs may name.
    #[serde(default)]
    pub step_excerpts: Vec<Excerpt>,
    /// What else might be read first, for whoever knows other runs of the job.
    #[serde(default)]
    pub candidates: Candidates,
    pub coverage: Coverage,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl Facts {
    /// Takes out what only serves to compare runs step by step and line by line: what is left is as if nothing of it
    /// had been kept.
    pub fn without_steps(&mut self) {
        self.steps = None;
        self.contrast.clear();
        self.prints = None;
        self.step_excerpts.clear();
        self.coverage.cut.retain(|cut| cut.bound != Bound::StepLines);
        if !self.failures.first().is_some_and(|first| first.kind.is_waiting()) {
            self.actors.clear();
        }
    }

    /// Takes out the tests that did not fail, whose order and durations only serve to compare runs.
    pub fn without_passing_tests(&mut self) {
        let all = self.tests.ran.len();
        self.tests.ran.retain(|test| test.failed);
        self.tests.cut |= self.tests.ran.len() < all;
    }
}

/// What a source is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFacts {
    /// The path as given; archive members as `run.zip!job/3_test.txt`.
    pub name: String,
    pub kind: SourceKind,
    /// True if it is data of another kind, which tells nothing of a run.
    pub is_data: bool,
    pub bytes: u64,
    pub lines: u64,
    /// True if somebody gave it as the log of a passing run.
    pub baseline: bool,
    /// First and last time, in nanoseconds since the Unix epoch, where it has dated times.
    pub first_time: Option<i64>,
    pub last_time: Option<i64>,
}
