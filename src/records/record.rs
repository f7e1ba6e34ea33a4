//! One line, understood on its own.

use std::borrow::Cow;

use super::Actor;
use crate::lines::{Line, clean};

/// How bad the writer of a line thought it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warning,
    Error,
    Fatal,
}

/// What a CI system's own wrapper says with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marker {
    /// A step, section or fold begins.
    Begin,
    /// A step, section or fold ends.
    End,
    /// The CI system marks the line as an error.
    Error,
    /// The CI system marks the line as a warning.
    Warning,
    /// The line echoes a command about to run.
    Command,
}

/// What one line says.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    /// The line as stored.
    pub line: Line<'a>,
    /// Nanoseconds since the Unix epoch, or since an unknown start where the log has only
    /// relative times; `None` where the line has no time.
    pub time: Option<i64>,
    /// The level that the line states.
    pub level: Option<Level>,
    /// Who wrote it.
    pub actor: Actor,
    /// What the CI wrapper says.
    pub marker: Option<Marker>,
    /// The words: without escapes, wrapper, time, level column and actor prefix.
    pub message: Cow<'a, [u8]>,
}

/// Reads one line on its own. Never fails: what is not understood stays in the message.
pub fn parse(line: Line<'_>) -> Record<'_> {
    Record {
        line,
        time: None,
        level: None,
        actor: Actor::default(),
        marker: None,
        message: clean(line.bytes),
    }
}
