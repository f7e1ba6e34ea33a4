//! One thing that speaks for or against a cause.

/// How firmly something is known. The names stand in the JSON output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// No more than a guess.
    Hypothesis,
    /// A known pattern.
    Heuristic,
    /// Holds against passing runs after correction for the number of comparisons.
    Statistical,
    /// A line says so.
    Explicit,
}

impl Grade {
    /// Returns the name that stands in the JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hypothesis => "hypothesis",
            Self::Heuristic => "heuristic",
            Self::Statistical => "statistical",
            Self::Explicit => "explicit",
        }
    }
}

/// One contribution to the score of one cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Each family counts once for a cause.
    pub family: &'static str,
    /// One of [`crate::signatures::CAUSES`].
    pub cause: &'static str,
    /// Natural-log odds that it adds; negative against.
    pub weight: f64,
    pub text: String,
    /// The log and the 1-based line that show it, where one does.
    pub place: Option<(String, u64)>,
    pub grade: Grade,
}
