//! What the threads were doing when a run was stuck, as its stack dump says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Threads with the same state and the same stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StackClass {
    /// How many there are.
    pub count: u64,
    /// Their names, the first ones of many.
    pub threads: Vec<String>,
    /// What they were doing, such as `chan receive`; empty where the dump does not say.
    pub state: String,
    /// Functions, innermost first.
    pub frames: Vec<String>,
    pub source: String,
    /// The 1-based line of the first.
    pub line: u64,
    /// True for the few that do something else than most.
    pub suspect: bool,
}
