//! Sources of one attempt while they are joined.

use super::part::{Part, PartKind};
use super::run::Step;

/// Sources of one attempt.
#[derive(Clone, Debug)]
pub struct Group<'p> {
    pub parts: Vec<&'p Part>,
    pub steps: Vec<Step>,
}

impl<'p> Group<'p> {
    pub fn of(part: &'p Part) -> Self {
        Self { parts: vec![part], steps: Vec::new() }
    }

    pub fn add(&mut self, part: &'p Part, why: String) {
        self.parts.push(part);
        self.steps.push(Step { source: part.source.clone(), why });
    }

    /// Returns its first log.
    pub fn log(&self) -> Option<&'p Part> {
        self.parts.iter().find(|part| part.kind == PartKind::Log).copied()
    }
}
