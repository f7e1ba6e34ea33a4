//! Trials: running an experiment inside a budget and counting what it shows.
//!
//! Knows processes, time limits, the match with the oracle, the budget and how sure a count is.
//! Must not know the syntax of logs; the oracle is a given rule.

mod arm;
mod ending;
mod oracle;
mod trial;

mod between;
mod capture;
mod device_state;
mod dump;
mod machine;
mod pace;
mod process;
mod session;
mod tree;

mod allocation;
mod choice;
mod episode;
mod journal;
mod judged;
mod ladder;
mod past;
mod plan;
mod raise;
mod rounds;
mod search;
mod tally;
mod telling;

mod arm_weights;
mod causes;
mod conclude;
mod experiment;
mod outcome;
mod sentence;

#[cfg(test)]
mod allocation_tests;
#[cfg(test)]
mod causes_tests;
#[cfg(test)]
mod experiment_tests;
#[cfg(test)]
mod plan_tests;
#[cfg(test)]
mod process_tests;
#[cfg(test)]
mod test_support;

pub use arm::{Arm, Setting};
pub use between::Between;
pub use causes::{Moved, moved, rerank};
pub use experiment::{Bounds, Experiment, run};
pub use journal::{Journal, Proof};
pub use ladder::Candidate;
pub use machine::probe;
pub use oracle::{Identity, Oracle, Reading, Starting, Verdict};
pub use outcome::{Outcome, ROOM, Skipped, Status};
pub use plan::Plan;
pub use tally::Tally;
pub use trial::{Stage, Trial};
